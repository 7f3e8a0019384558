/** The relay makes a region and central agree again after one of them was restored from a backup, or lost. */
import { describe, expect, test } from '@jest/globals';
import { beginEpoch } from '../../../src/replication/outbox/epoch.ts';
import { reconcile, sendAgain } from '../../../src/replication/relay/reconcile.ts';
import { LeaseLostError, readRelay } from '../../../src/replication/relay/relay-row.ts';
import { applyBatch } from '../../../src/shop/central/apply.ts';
import { regionStatus } from '../../../src/shop/regions/status.ts';
import { regionSnapshots } from '../../../src/shop/trading/snapshot.ts';
import { backUp, empty } from '../../support/backup.ts';
import { withClocks } from '../../support/clocks.ts';
import { forEachEngineThoroughly } from '../../support/engines.ts';
import { drain, transportTo, writeOrders } from '../../support/regional.ts';
import { expectEqual, type SyncScene, syncScene } from '../../support/sync-scene.ts';

/** Purges whatever central has at the next opportunity. */
/** A minute later, when nothing is to be kept. */
const syncKeepingNothing = (scene: SyncScene) =>
  withClocks({ now: () => Date.now() + 60_000 }, () => scene.sync({ settings: { keepDays: 0 } }));

forEachEngineThoroughly((_, engine) => {
  const relayRow = ({ boston }: SyncScene) => readRelay(boston, boston.fork());
  const outbox = async ({ place }: SyncScene) =>
    (await place.execute('orders.boston', 'select seq from outbox_event order by epoch, seq')).map(({ seq }) => seq);
  const published = ({ batches }: SyncScene, since: number) =>
    batches.slice(since).flatMap(({ epoch, events }) => events.map(({ seq }) => `${epoch}:${seq}`));

  /** Order 1 and 2 are in both; the region is backed up; then order 1 changes and order 3 and 4 are placed and shipped. */
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

  test('a restored region sends everything in a new epoch, and central drops what the region has lost', async () => {
    const { scene, restore } = await withLostFuture();
    await restore();
    await scene.sync();
    expect(scene.notices).toEqual([
      'orders.boston: central knows event 5 and this database ends at event 2, so it was restored from a backup; everything is sent again in epoch 2.',
    ]);
    await expectEqual(scene);
    expect(await scene.place.execute('central', 'select order_id, epoch from order_fact order by 1')).toEqual([
      { order_id: 1, epoch: 2 },
      { order_id: 2, epoch: 2 },
    ]);
    // that was once, and for all
    await writeOrders(scene.boston, { id: 3, quantity: 8 });
    await scene.sync();
    expect(scene.notices).toHaveLength(1);
    await expectEqual(scene);
  });

  test('a region that is put back while central answers records nothing as arrived', async () => {
    const { scene, restore } = await withLostFuture();
    const row = await relayRow(scene);
    await restore();
    // a standby has the fencing token that the primary had
    await scene.place.execute('orders.boston', `update relay_state set fence = ${row.fencingToken}`);
    const position = { epoch: 1, seq: 5, headSeq: 5, eventId: 'fifth', lacksBase: false };
    const surroundings = { transport: { acknowledgesApplied: true }, stored: undefined, snapshots: regionSnapshots };
    await expect(reconcile(scene.boston, { ...row, ackedSeq: 2 }, position, surroundings)).rejects.toThrow(
      LeaseLostError,
    );
    expect(await relayRow(scene)).toMatchObject({ nextSeq: 3, ackedSeq: 2 });
  });

  test('an empty region does not count as restored, and changes nothing in central until the operator resends it', async () => {
    const scene = await syncScene(engine);
    const restore = await backUp(scene.place, 'orders.boston');
    await writeOrders(scene.boston, { id: 1 }, { id: 2 });
    await scene.sync();
    await restore();
    await expect(scene.sync()).rejects.toMatchObject({
      code: 'database',
      message:
        'orders.boston: the database is empty, and central has 2 events of this region, so it was lost or created again. Restore it from a backup, or, to restart in central as well, run npx meridian resend --region boston.',
    });
    expect(await scene.place.execute('central', 'select order_id from order_fact order by 1')).toHaveLength(2);
    await beginEpoch(scene.boston);
    await scene.sync();
    await expectEqual(scene);
    expect(await scene.place.execute('central', 'select order_id from order_fact')).toEqual([]);
  });

  test.each([1, 5])(
    'so does one that has placed %i orders since, with the same ids as those it has lost',
    async (count) => {
      const { scene, restore } = await withLostFuture();
      await restore();
      await writeOrders(
        scene.boston,
        ...Array.from({ length: count }, (_one, index) => ({ id: index + 3, quantity: 77 })),
      );
      await writeOrders(scene.boston, { id: 2, version: 2, status: 'cancelled' });
      await scene.sync({ settings: { batchEvents: 2 } });
      await expectEqual(scene);
      expect((await relayRow(scene)).epoch).toBe(2);
    },
  );

  test('a region that has diverged since is found out by the event id with the same sequence number', async () => {
    const { scene, restore } = await withLostFuture();
    await restore();
    await writeOrders(scene.boston, ...[5, 6, 7, 8].map((id) => ({ id })));
    const elsewhere = await transportTo(scene.central, () => Promise.resolve());
    await drain(scene.boston, { ...elsewhere, position: async () => undefined, acknowledgesApplied: false });
    await scene.sync();
    expect(scene.notices).toEqual([
      'orders.boston: event 5 is a different event in central, so this database was restored from a backup; everything is sent again in epoch 2.',
    ]);
    await expectEqual(scene);
  });

  test('a region that was restored to an earlier epoch begins the epoch after that of central', async () => {
    const { scene, restore } = await withLostFuture();
    await beginEpoch(scene.boston);
    await beginEpoch(scene.boston);
    await scene.sync();
    expect((await relayRow(scene)).epoch).toBe(3);
    await restore();
    await scene.sync();
    expect((await relayRow(scene)).epoch).toBe(4);
    expect(scene.notices.at(-1)).toContain('central is in epoch 3 already');
    await expectEqual(scene);
  });

  test('a lost central gets all events again', async () => {
    const scene = await syncScene(engine);
    await writeOrders(scene.boston, { id: 1 }, { id: 2 });
    await writeOrders(scene.boston, { id: 1, version: 2 });
    await scene.sync();
    await empty(scene.place, 'central');
    await scene.sync();
    expect(published(scene, 1)).toEqual(['1:1', '1:2', '1:3']);
    expect(scene.notices).toEqual([
      'orders.boston: central no longer knows this region; events from 1 on are sent again.',
    ]);
    await expectEqual(scene);
  });

  test('a central that is lost after events were purged gets everything in a new epoch', async () => {
    const scene = await syncScene(engine);
    await writeOrders(scene.boston, { id: 1 }, { id: 2 });
    await scene.sync();
    await syncKeepingNothing(scene);
    expect(await outbox(scene)).toEqual([]);
    await writeOrders(scene.boston, { id: 3 });
    await empty(scene.place, 'central');
    await scene.sync();
    expect((await relayRow(scene)).epoch).toBe(2);
    await expectEqual(scene);
  });

  test('a central that is lost after events were purged whose arrival was not recorded gets everything', async () => {
    const scene = await syncScene(engine);
    await writeOrders(scene.boston, { id: 1 }, { id: 2 });
    await scene.sync();
    await syncKeepingNothing(scene);
    await scene.place.execute('orders.boston', 'update relay_state set acked_seq = 0');
    await empty(scene.place, 'central');
    await scene.sync();
    await expectEqual(scene);
  });

  test('a restored central gets the events that it has lost, and no others', async () => {
    const scene = await syncScene(engine);
    await writeOrders(scene.boston, { id: 1 }, { id: 2 });
    await scene.sync();
    const restore = await backUp(scene.place, 'central');
    await writeOrders(scene.boston, { id: 3 }, { id: 1, version: 2 });
    await scene.sync();
    await restore();
    await scene.sync();
    expect(published(scene, 2)).toEqual(['1:3', '1:4']);
    expect(scene.notices).toEqual([
      'orders.boston: central ends at event 2, so it was restored from a backup; events from 3 on are sent again.',
    ]);
    await expectEqual(scene);
  });

  test('a restored central that lacks purged events gets everything', async () => {
    const scene = await syncScene(engine);
    await writeOrders(scene.boston, { id: 1 }, { id: 2 });
    await scene.sync();
    const restore = await backUp(scene.place, 'central');
    await writeOrders(scene.boston, { id: 3 });
    await scene.sync();
    await syncKeepingNothing(scene);
    await restore();
    await scene.sync();
    expect((await relayRow(scene)).epoch).toBe(2);
    await expectEqual(scene);
  });

  test('a central that was restored to an earlier epoch gets the later epoch again', async () => {
    const scene = await syncScene(engine);
    await writeOrders(scene.boston, { id: 1 }, { id: 2 });
    await scene.sync();
    const restore = await backUp(scene.place, 'central');
    await beginEpoch(scene.boston);
    await writeOrders(scene.boston, { id: 3 });
    await scene.sync();
    await restore();
    await scene.sync();
    expect(scene.notices.at(-1)).toBe(
      'orders.boston: central is still in epoch 1, so it was restored from a backup; events from 1 on are sent again.',
    );
    expect((await relayRow(scene)).epoch).toBe(2);
    await expectEqual(scene);
  });

  test('a partial epoch is not enough for a central that was lost before it came', async () => {
    const scene = await syncScene(engine);
    await writeOrders(scene.boston, { id: 1 }, { id: 2 }, { id: 3 });
    await scene.sync();
    await beginEpoch(scene.boston, { fromSeq: 3 });
    await empty(scene.place, 'central');
    await scene.sync();
    await expectEqual(scene);
    expect(scene.notices).toEqual([
      'orders.boston: central no longer knows this region; everything is sent again in epoch 3.',
    ]);
  });

  test.each([
    ['knows nothing of the region', 0, undefined, 'everything is sent again in epoch 3'],
    ['is in an earlier epoch', 0, { epoch: 1, seq: 2, headSeq: 2 }, 'everything is sent again in epoch 3'],
    ['has some events of it', 1, { epoch: 2, seq: 1, headSeq: 1 }, 'events from 2 on are sent again in epoch 3'],
  ])('events of a second epoch are lost on their way, and central %s', async (_what, seq, position, expected) => {
    const scene = await syncScene(engine);
    await writeOrders(scene.boston, { id: 1 }, { id: 2 });
    await beginEpoch(scene.boston);
    await scene.sync();
    const row = await relayRow(scene);
    expect(await sendAgain(scene.boston, row, seq, position && { ...position, eventId: 'x' })).toBe(expected);
  });

  test('an epoch that repeats all events of the first one is enough for a central that was lost', async () => {
    const scene = await syncScene(engine);
    await writeOrders(scene.boston, { id: 1 }, { id: 2 }, { id: 3 });
    await scene.sync();
    await beginEpoch(scene.boston, { fromSeq: 1 });
    await empty(scene.place, 'central');
    await scene.sync();
    await expectEqual(scene);
    expect((await relayRow(scene)).epoch).toBe(2);
    expect(scene.notices).toEqual([]);
  });

  test.each([
    ['before it came', false],
    ['after it came', true],
  ])('a partial epoch is not enough for a central that was restored %s', async (_name, hasCome) => {
    const scene = await syncScene(engine);
    await writeOrders(scene.boston, { id: 1 });
    await scene.sync();
    const restore = await backUp(scene.place, 'central');
    await writeOrders(scene.boston, { id: 2 }, { id: 3 });
    await scene.sync();
    await beginEpoch(scene.boston, { fromSeq: 3 });
    if (hasCome) {
      await scene.sync();
    }
    await restore();
    await scene.sync();
    await expectEqual(scene);
    expect((await relayRow(scene)).epoch).toBe(3);
  });

  test('an epoch that central does not know yet needs no repair', async () => {
    const scene = await syncScene(engine);
    await writeOrders(scene.boston, { id: 1 });
    await scene.sync();
    await beginEpoch(scene.boston);
    await scene.sync();
    await beginEpoch(scene.boston, { fromSeq: 1 });
    await scene.sync();
    expect((await relayRow(scene)).epoch).toBe(3);
    expect(scene.notices).toEqual([]);
    await expectEqual(scene);
  });

  test('a failure is cleared when the events turn out to have arrived', async () => {
    const scene = await syncScene(engine);
    await writeOrders(scene.boston, { id: 1 });
    const lossy = await transportTo(scene.central, async (batch) => {
      await applyBatch(scene.central, batch);
      throw new Error('the answer got lost');
    });
    await expect(drain(scene.boston, lossy, { settings: { drainAttempts: 1 } })).rejects.toThrow('lost');
    expect(await regionStatus(scene.boston)).toMatchObject({ relay: 'failing', lastError: 'the answer got lost' });
    await scene.sync();
    expect(scene.batches).toEqual([]);
    expect(await regionStatus(scene.boston)).toMatchObject({ relay: 'idle', unshipped: 0, lastError: null });

    // and so in the drain that has failed itself
    await writeOrders(scene.boston, { id: 2 });
    await drain(scene.boston, lossy);
    expect(await regionStatus(scene.boston)).toMatchObject({ relay: 'idle', unshipped: 0, lastError: null });
  });

  describe('an event that both databases have lost, and that comes while the relay publishes', () => {
    /** Both databases are put back to order 1 and 2, and what was published since comes late, before the next batch. */
    async function withLateBatch(lose: (scene: SyncScene) => Promise<void>) {
      const scene = await syncScene(engine);
      await writeOrders(scene.boston, { id: 1 }, { id: 2 });
      await scene.sync();
      const restores = [await backUp(scene.place, 'orders.boston'), await backUp(scene.place, 'central')];
      await lose(scene);
      await scene.sync();
      const late = scene.batches.at(-1);
      for (const restore of restores) {
        await restore();
      }
      const overtaken = await transportTo(scene.central, async (batch) => {
        if (batch.epoch === 1 && late !== undefined) {
          await applyBatch(scene.central, late);
        }
        await applyBatch(scene.central, batch);
      });
      const [arrived, failures]: [number[], string[]] = [[], []];
      const position = async (region: string) => {
        const { epoch, ackedSeq } = await relayRow(scene);
        if (epoch === 1) {
          arrived.push(ackedSeq);
        }
        return overtaken.position(region);
      };
      await writeOrders(scene.boston, { id: 3 });
      const info = (sentence: string) => scene.notices.push(sentence);
      const failed = (error: Error) => failures.push(error.message);
      await drain(scene.boston, { ...overtaken, position }, { listener: { info, failed } });
      return { scene, failures, arrived };
    }

    test('moves central to an epoch that the region does not know: nothing of the earlier one counts as arrived', async () => {
      const { scene, failures, arrived } = await withLateBatch(async ({ boston }) => {
        await beginEpoch(boston, { fromSeq: 2 });
        await writeOrders(boston, { id: 4 }, { id: 5 }, { id: 6 });
      });
      expect(failures).toEqual([
        'orders.boston: central has acknowledged event 3 of epoch 1, which it has not applied: it is at event 4 of epoch 2. The relay compares the two, and sends again what is missing.',
      ]);
      // when it began, after it had published, and when it compared itself again
      expect(arrived).toEqual([2, 2, 2]);
      expect(scene.notices).toEqual([
        'orders.boston: central is in epoch 2 already, so this database was restored from a backup; everything is sent again in epoch 3.',
      ]);
      expect(await relayRow(scene)).toMatchObject({ epoch: 3, attempts: 0 });
      await expectEqual(scene);
    });

    test('has the sequence number of another event: that one does not count as arrived', async () => {
      const { scene, failures, arrived } = await withLateBatch(({ boston }) => writeOrders(boston, { id: 4 }));
      expect(failures).toEqual([expect.stringContaining('event 3 of epoch 1, which it has not applied')]);
      expect(arrived).toEqual([2, 2, 2]);
      expect(scene.notices).toEqual([
        'orders.boston: central has received two different events with the sequence number 3 in epoch 1, so this database was restored from a backup; everything is sent again in epoch 2.',
      ]);
      await expectEqual(scene);
    });
  });
});
