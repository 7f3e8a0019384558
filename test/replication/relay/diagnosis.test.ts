/** The diagnosis after a region, central or the document store was restored from a backup. */
import { describe, expect, test } from '@jest/globals';
import { positionOf } from '../../../src/replication/inbox/cursor.ts';
import { beginEpoch } from '../../../src/replication/outbox/epoch.ts';
import { baseOf, readRelay } from '../../../src/replication/relay/relay-row.ts';
import { CentralAwayError, type Position } from '../../../src/replication/transport/transport.ts';
import { applyBatch } from '../../../src/shop/central/apply.ts';
import { backUp, empty } from '../../support/backup.ts';
import { withClocks } from '../../support/clocks.ts';
import { forEachEngineThoroughly } from '../../support/engines.ts';
import { drain, transportTo, writeOrders } from '../../support/regional.ts';
import { addStock, expectEqual, type SyncScene, syncScene } from '../../support/sync-scene.ts';

/** Purges whatever central has at the next opportunity. */
/** A minute later, when nothing is to be kept. */
const syncKeepingNothing = (scene: SyncScene) =>
  withClocks({ now: () => Date.now() + 60_000 }, () => scene.sync({ settings: { keepDays: 0 } }));

/** As with a message server, while central is stopped. */
const isAway = () => Promise.reject(new CentralAwayError('Central does not answer.'));

forEachEngineThoroughly((_, engine) => {
  const relayRow = ({ boston }: SyncScene) => readRelay(boston, boston.fork());

  /** Orders 1 and 2 are in both; the region is backed up; then three more events are shipped. */
  async function withLostFuture() {
    const scene = await syncScene(engine);
    await writeOrders(scene.boston, { id: 1 }, { id: 2 });
    await scene.sync();
    const restore = await backUp(scene.place, 'orders.boston');
    await writeOrders(scene.boston, { id: 3 }, { id: 4 });
    await writeOrders(scene.boston, { id: 1, version: 2, quantity: 9 });
    await scene.sync();
    return { scene, restore };
  }

  test('a partial epoch is not enough when central has lost purged events that it builds on', async () => {
    const scene = await syncScene(engine);
    await writeOrders(scene.boston, { id: 1 }, { id: 2 });
    await scene.sync();
    const restore = await backUp(scene.place, 'central');
    await writeOrders(scene.boston, { id: 3 }, { id: 4 });
    await scene.sync();
    await syncKeepingNothing(scene);
    await writeOrders(scene.boston, { id: 5 });
    await scene.sync();
    await beginEpoch(scene.boston, { fromSeq: 5 });
    expect(baseOf(await relayRow(scene))).toEqual({ epoch: 1, seq: 4, headSeq: 5 });
    await restore();
    await scene.sync();
    expect(scene.notices).toEqual([
      'orders.boston: epoch 2 builds on events 4 to 5 of epoch 1 and central is at event 2 of epoch 1, so one of the two was restored from a backup; everything is sent again in epoch 3.',
    ]);
    await expectEqual(scene);
    expect(baseOf(await relayRow(scene))).toBeUndefined();
  });

  test('a partial epoch is not enough when the epoch that it builds on never came', async () => {
    const scene = await syncScene(engine);
    await writeOrders(scene.boston, { id: 1 }, { id: 2 }, { id: 3 });
    await scene.sync();
    await syncKeepingNothing(scene);
    await writeOrders(scene.boston, { id: 4 }, { id: 5 });
    await scene.sync();
    await beginEpoch(scene.boston, { fromSeq: 4 });
    await drain(scene.boston, { ...scene.transport, acknowledgesApplied: false, publish: async () => undefined });
    await beginEpoch(scene.boston, { fromSeq: 2 });
    expect(baseOf(await relayRow(scene))).toEqual({ epoch: 2, seq: 0, headSeq: 2 });
    await empty(scene.place, 'central');
    await writeOrders(scene.boston, { id: 6 });
    await scene.sync();
    await expectEqual(scene);
  });

  test('a central that takes a partial epoch before its relay could ask reports that it lacks the base', async () => {
    const scene = await syncScene(engine);
    await writeOrders(scene.boston, { id: 1 }, { id: 2 });
    await scene.sync();
    const restore = await backUp(scene.place, 'central');
    await writeOrders(scene.boston, { id: 3 }, { id: 4 }, { id: 5 });
    await scene.sync();
    await beginEpoch(scene.boston, { fromSeq: 5 });
    await restore();
    await drain(scene.boston, { ...scene.transport, acknowledgesApplied: false, position: isAway });
    expect(await positionOf(scene.central, 'boston')).toMatchObject({ epoch: 2, seq: 1, lacksBase: true });
    await scene.sync();
    expect(scene.notices).toEqual([
      'orders.boston: central lacks events that epoch 2 builds on, so it was restored from a backup; everything is sent again in epoch 3.',
    ]);
    expect(await positionOf(scene.central, 'boston')).not.toHaveProperty('lacksBase');
    await expectEqual(scene);
  });

  test('a partial epoch of a restored region is not enough for a central that has what the region has lost', async () => {
    const { scene, restore } = await withLostFuture();
    await restore();
    // before any relay has looked
    await beginEpoch(scene.boston, { fromSeq: 2 });
    await scene.sync();
    expect(scene.notices).toEqual([
      'orders.boston: epoch 2 builds on events 1 to 2 of epoch 1 and central is at event 5 of epoch 1, so one of the two was restored from a backup; everything is sent again in epoch 3.',
    ]);
    await expectEqual(scene);
  });

  test('a snapshot that goes on in a later epoch does not make that epoch complete', async () => {
    const scene = await syncScene(engine);
    await writeOrders(scene.boston, { id: 1 });
    await addStock(scene, 7, 8);
    await scene.sync();
    await beginEpoch(scene.boston);
    const stop = new AbortController();
    await scene.sync({ signal: stop.signal, listener: { shipped: () => stop.abort() } });
    expect(await relayRow(scene)).toMatchObject({ epoch: 2, nextSeq: 3, ackedSeq: 2, snapshot: expect.any(String) });
    await beginEpoch(scene.boston, { fromSeq: 2 });
    await empty(scene.place, 'central');
    await scene.sync();
    await expectEqual(scene);
    expect((await relayRow(scene)).epoch).toBe(4);
  });

  test('a restored region is found out by the head that central knows, not only by its cursor', async () => {
    const scene = await syncScene(engine);
    await writeOrders(scene.boston, { id: 1 }, { id: 2 });
    await scene.sync();
    const restore = await backUp(scene.place, 'orders.boston');
    await writeOrders(scene.boston, { id: 3 }, { id: 4 }, { id: 5 });
    // the first of them is late
    const lossy = await transportTo(scene.central, async (batch) => {
      await applyBatch(scene.central, { ...batch, events: batch.events.slice(1) });
      throw new Error('the answer got lost');
    });
    await expect(drain(scene.boston, lossy, { settings: { drainAttempts: 1 } })).rejects.toThrow('lost');
    expect(await positionOf(scene.central, 'boston')).toMatchObject({ seq: 2, headSeq: 5 });
    await restore();
    await scene.sync();
    expect(scene.notices).toEqual([
      'orders.boston: central knows event 5 and this database ends at event 2, so it was restored from a backup; everything is sent again in epoch 2.',
    ]);
    await expectEqual(scene);
  });

  test.each([1, 4])(
    'a region that was restored while central could not be asked, and has assigned %i numbers since, sends everything',
    async (count) => {
      const { scene, restore } = await withLostFuture();
      await restore();
      await writeOrders(
        scene.boston,
        ...Array.from({ length: count }, (_one, index) => ({ id: index + 3, quantity: 77 })),
      );
      await drain(scene.boston, { ...scene.transport, acknowledgesApplied: false, position: isAway });
      expect(await positionOf(scene.central, 'boston')).toMatchObject({ epoch: 1, conflictSeq: 3 });
      await scene.sync();
      expect(scene.notices).toEqual([
        count === 4
          ? 'orders.boston: central has received two different events with the sequence number 3 in epoch 1, so this database was restored from a backup; everything is sent again in epoch 2.'
          : 'orders.boston: central knows event 5 and this database ends at event 3, so it was restored from a backup; everything is sent again in epoch 2.',
      ]);
      await expectEqual(scene);
      expect(await scene.place.execute('central', 'select error from dead_letter')).toEqual([]);
      expect(await positionOf(scene.central, 'boston')).not.toHaveProperty('conflictSeq');
      // that was once, and for all
      await writeOrders(scene.boston, { id: 20 });
      await scene.sync();
      expect(scene.notices).toHaveLength(1);
      await expectEqual(scene);
    },
  );

  describe('a watermark of the document store', () => {
    /** Two events that both databases have; central also reports what the store holds. */
    async function beside(documents: Partial<Position['documents']>) {
      const scene = await syncScene(engine);
      await writeOrders(scene.boston, { id: 1 }, { id: 2 });
      await scene.sync();
      const position = async (region: string) => ({
        ...((await scene.transport.position(region)) as Position),
        documents: { epoch: 1, seq: 2, eventId: await eventIdAt(scene, 2), isForeign: false, ...documents },
      });
      return { scene, sync: () => scene.sync({ transport: { ...scene.transport, position } }) };
    }
    const eventIdAt = async ({ place }: SyncScene, seq: number) => {
      const [row] = await place.execute('orders.boston', `select event_id from outbox_event where seq = ${seq}`);
      return String(row?.['event_id']);
    };
    const other = 'the document store has documents of other events of epoch 1 than this database';
    const beyond = (seq: number, epoch: number) =>
      `the document store has a document of event ${seq} of epoch ${epoch}, which this database has never published`;

    test.each<[string, Partial<Position['documents']>, string, number]>([
      ['beyond the last event of the region', { seq: 3, eventId: 'x' }, beyond(3, 1), 2],
      ['of a later epoch', { epoch: 4, seq: 0, eventId: null }, beyond(0, 4), 5],
      ['with another event than the region', { eventId: 'x' }, other, 2],
      ['which central knows otherwise', { isForeign: true }, other, 2],
    ])('%s: the region sends everything', async (_name, documents, reason, epoch) => {
      const { scene, sync } = await beside(documents);
      await sync();
      expect(scene.notices).toEqual([
        `orders.boston: ${reason}, so it was restored from a backup; everything is sent again in epoch ${epoch}.`,
      ]);
      await expectEqual(scene);
      // in the new epoch it counts no more
      await sync();
      expect(scene.notices).toHaveLength(1);
      expect((await relayRow(scene)).epoch).toBe(epoch);
    });

    test.each<[string, Partial<Position['documents']>]>([
      ['of the last event of the region', {}],
      ['of an earlier event', { seq: 1 }],
      ['of no event in particular', { seq: 0, eventId: null }],
    ])('%s: nothing is wrong', async (_name, documents) => {
      const { scene, sync } = await beside(documents);
      if (documents?.seq === 1) {
        Object.assign(documents, { eventId: await eventIdAt(scene, 1) });
      }
      await sync();
      expect(scene.notices).toEqual([]);
    });

    test.each([true, false])(
      'counts in an epoch before the one that is built on where it is foreign: %p',
      async (isForeign) => {
        const { scene, sync } = await beside({ isForeign });
        await beginEpoch(scene.boston, { fromSeq: 2 });
        await scene.sync();
        await beginEpoch(scene.boston, { fromSeq: 1 });
        await scene.sync();
        await writeOrders(scene.boston, { id: 3 });
        await beginEpoch(scene.boston, { fromSeq: 1 });
        await sync();
        expect(scene.notices).toEqual(
          isForeign
            ? [`orders.boston: ${other}, so it was restored from a backup; everything is sent again in epoch 5.`]
            : [],
        );
        await expectEqual(scene);
      },
    );

    test('counts in a partial epoch, as far as that epoch builds on it', async () => {
      const { scene, sync } = await beside({ seq: 3, eventId: 'x' });
      await beginEpoch(scene.boston, { fromSeq: 2 });
      await sync();
      expect(scene.notices).toEqual([
        `orders.boston: ${beyond(3, 1)}, so it was restored from a backup; everything is sent again in epoch 3.`,
      ]);
      await expectEqual(scene);
    });
  });
});
