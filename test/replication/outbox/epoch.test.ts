/** A new epoch: events are sent again, from a sequence number on or everything that a region holds. */
import { expect, test } from '@jest/globals';
import { beginEpoch } from '../../../src/replication/outbox/epoch.ts';
import { baseOf, readRelay } from '../../../src/replication/relay/relay-row.ts';
import { forEachEngineThoroughly } from '../../support/engines.ts';
import { writeOrders } from '../../support/regional.ts';
import { expectEqual, type SyncScene, syncScene } from '../../support/sync-scene.ts';

forEachEngineThoroughly((_, engine) => {
  /** Four orders that both have, and what has happened to central's since. */
  async function withDamage(): Promise<SyncScene> {
    const scene = await syncScene(engine);
    await writeOrders(scene.boston, { id: 1 }, { id: 2 }, { id: 3 }, { id: 4 });
    await scene.sync();
    await scene.place.execute('central', 'update order_fact set quantity = 99, version = 50 where order_id >= 3');
    await scene.place.execute('central', 'delete from order_fact where order_id = 4');
    scene.batches.length = 0;
    return scene;
  }
  const published = ({ batches }: SyncScene) =>
    batches.flatMap(({ epoch, events }) => events.map((one) => [epoch, one.seq, one.aggregate, one.aggregateId]));

  test('events from a sequence number on are sent again and replace what central has', async () => {
    const scene = await withDamage();
    await writeOrders(scene.boston, { id: 5 });
    expect(await beginEpoch(scene.boston, { fromSeq: 3 })).toBe(2);
    await scene.sync();
    expect(published(scene)).toEqual([
      [2, 1, 'order', 3],
      [2, 2, 'order', 4],
      [2, 3, 'order', 5],
    ]);
    await expectEqual(scene);
    expect(scene.notices).toEqual([]);
  });

  test('events that have not arrived are sent in any case', async () => {
    const scene = await syncScene(engine);
    await writeOrders(scene.boston, { id: 1 }, { id: 2 }, { id: 3 });
    const fails = { ...scene.transport, publish: () => Promise.reject(new Error('down')) };
    await expect(scene.sync({ transport: fails, settings: { drainAttempts: 1, batchEvents: 2 } })).rejects.toThrow(
      'down',
    );
    expect(await readRelay(scene.boston, scene.boston.fork())).toMatchObject({ nextSeq: 3, ackedSeq: 0 });
    await beginEpoch(scene.boston, { fromSeq: 2 });
    await scene.sync();
    await expectEqual(scene);
  });

  test('without a sequence number everything is sent again, and central drops what the region does not hold', async () => {
    const scene = await withDamage();
    await scene.place.execute(
      'central',
      "insert into order_fact (region, order_id, epoch, version, user_id, product_id, quantity, status) values ('boston', 77, 1, 1, 1, 1, 1, 'confirmed')",
    );
    expect(await beginEpoch(scene.boston)).toBe(2);
    await scene.sync();
    expect(published(scene).map(([epoch, , aggregate, id]) => [epoch, aggregate, id])).toEqual([
      [2, 'order', 1],
      [2, 'order', 2],
      [2, 'order', 3],
      [2, 'order', 4],
      [2, 'region', 2],
    ]);
    await expectEqual(scene);
  });

  test('a sequence number that is not assigned is refused, also in an epoch without events', async () => {
    const scene = await withDamage();
    await expect(beginEpoch(scene.boston, { fromSeq: 5 })).rejects.toMatchObject({
      code: 'usage',
      message:
        'orders.boston: events 1 to 4 of epoch 1 have been sent, and 5 is not among them. Without --from, everything is sent again.',
    });
    await beginEpoch(scene.boston, { fromSeq: 4 });
    await expect(beginEpoch(scene.boston, { fromSeq: 4 })).rejects.toMatchObject({
      code: 'usage',
      message:
        'orders.boston: no event of epoch 2 has been sent yet, so none can come again. npx meridian sync sends what there is.',
    });
    expect(await readRelay(scene.boston, scene.boston.fork())).toMatchObject({ epoch: 2, nextSeq: 1 });
  });

  test('events that were purged are refused, and nothing is changed', async () => {
    const scene = await withDamage();
    await scene.place.execute('orders.boston', 'delete from outbox_event where seq <= 2');
    const before = await readRelay(scene.boston, scene.boston.fork());
    await expect(beginEpoch(scene.boston, { fromSeq: 2 })).rejects.toMatchObject({
      code: 'purged',
      message:
        'orders.boston: events before 3 have been purged, since central has them. Send everything again with --from 1.',
    });
    expect(await readRelay(scene.boston, scene.boston.fork())).toEqual(before);
    expect(await beginEpoch(scene.boston, { fromSeq: 3 })).toBe(2);
  });

  test('a running relay restarts in the new epoch', async () => {
    const scene = await syncScene(engine);
    await writeOrders(scene.boston, { id: 1 }, { id: 2 }, { id: 3 });
    const publish = async (batch: (typeof scene.batches)[number]) => {
      if (scene.batches.length === 0) {
        // before the first batch is acknowledged
        await beginEpoch(scene.boston);
      }
      await scene.transport.publish(batch);
    };
    await scene.sync({ transport: { ...scene.transport, publish }, settings: { batchEvents: 2 } });
    await expectEqual(scene);
    expect(await readRelay(scene.boston, scene.boston.fork())).toMatchObject({ epoch: 2, leaseUntil: null });
  });

  test('arrivals of the epoch before do not count in the new one', async () => {
    const scene = await syncScene(engine);
    await writeOrders(scene.boston, { id: 1 }, { id: 2 }, { id: 3 }, { id: 4 });
    const acked: number[] = [];
    const publish = async (batch: (typeof scene.batches)[number]) => {
      acked.push((await readRelay(scene.boston, scene.boston.fork())).ackedSeq);
      await scene.transport.publish(batch);
      if (scene.batches.length === 2) {
        // after the second batch has arrived, and before that is noted
        await beginEpoch(scene.boston, { fromSeq: 4 });
      }
    };
    await scene.sync({ transport: { ...scene.transport, publish }, settings: { batchEvents: 2 } });
    expect(acked).toEqual([0, 2, 0]);
    expect(published(scene).at(-1)).toEqual([2, 2, 'order', 4]);
    await expectEqual(scene);
  });

  test('a partial epoch records what it builds on', async () => {
    const scene = await withDamage();
    const base = async () => baseOf(await readRelay(scene.boston, scene.boston.fork()));
    expect(await base()).toBeUndefined();
    await beginEpoch(scene.boston, { fromSeq: 3 });
    expect(await base()).toEqual({ epoch: 1, seq: 2, headSeq: 4 });
    await scene.sync();
    expect(scene.batches.map((batch) => batch.base)).toEqual([{ epoch: 1, seq: 2, headSeq: 4 }]);
    await beginEpoch(scene.boston);
    expect(await base()).toBeUndefined();
    await scene.sync();
    expect(scene.batches.at(-1)).not.toHaveProperty('base');
  });
});
