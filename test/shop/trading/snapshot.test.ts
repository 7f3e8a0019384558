/** Snapshots: everything that a region holds is sent again, a part at a time, while orders go on. */
import { expect, test } from '@jest/globals';
import { beginEpoch } from '../../../src/replication/outbox/epoch.ts';
import { readRelay } from '../../../src/replication/relay/relay-row.ts';
import { regionStatus } from '../../../src/shop/regions/status.ts';
import { placeOrder } from '../../../src/shop/trading/place-order.ts';
import { receiveStock } from '../../../src/shop/trading/receive-stock.ts';
import { openRegion as openTrading } from '../../../src/shop/trading/region.ts';
import { forEachEngineThoroughly } from '../../support/engines.ts';
import { writeOrders } from '../../support/regional.ts';
import { addStock, expectEqual, type SyncScene, syncScene } from '../../support/sync-scene.ts';

const MANY = 4500;

forEachEngineThoroughly((_, engine) => {
  const snapshotOf = async ({ boston }: SyncScene) =>
    JSON.parse((await readRelay(boston, boston.fork())).snapshot ?? 'null') as unknown;
  const beginRun = ({ place }: SyncScene, run: string) =>
    place.execute(
      'orders.boston',
      `insert into meridian_runs_orders (id, entity, source, settings, databases, state, read, inserted, updated, unchanged, rejected, reasons, seconds, started_at, updated_at)
       values ('${run}', 'order', 'a.csv', '{}', '[]', 'loading', 0, 0, 0, 0, 0, '[]', 0, '', '')`,
    );

  test('rows without events are sent, stock first', async () => {
    const scene = await syncScene(engine);
    await writeOrders(scene.boston, { id: 3 }, { id: 1_000_000_007 });
    await addStock(scene, 5, 4);
    await scene.place.execute('orders.boston', 'delete from outbox_event');
    await scene.sync();
    expect(scene.batches).toEqual([]);
    await beginEpoch(scene.boston);
    expect((await regionStatus(scene.boston)).unshipped).toBe(5);
    await scene.sync();
    expect(
      scene.batches.flatMap(({ events }) => events.map((one) => [one.type, one.aggregate, one.aggregateId])),
    ).toEqual([
      ['resent', 'stock', 4],
      ['resent', 'stock', 5],
      ['resent', 'order', 3],
      ['resent', 'order', 1_000_000_007],
      ['snapshot-completed', 'region', 2],
    ]);
    expect(await snapshotOf(scene)).toBeNull();
    await expectEqual(scene);
  });

  test('documents of checkouts come after the orders, with their details; those of before have no names', async () => {
    const scene = await syncScene(engine);
    const region = await openTrading('boston', { databaseOptions: (name) => scene.place.options(name) });
    await receiveStock(region, { productId: 7, quantity: 9, price: '2.50', key: 'delivery' });
    const items = [{ productId: 7, quantity: 2 }];
    await placeOrder(region, { userId: 1, items, key: 'A', details: { gift: { wrap: true } } });
    await placeOrder(region, { userId: 1, items: [{ productId: 7, quantity: 100 }], key: 'refused' });
    await placeOrder(region, { userId: 2, items, key: 'B' });
    await region.close();
    await scene.place.execute(
      'orders.boston',
      `update checkouts set outcome = replace(outcome, '"name":null,', '') where id = 'B'`,
    );
    await scene.sync();
    const documents = () =>
      scene.batches
        .flatMap(({ events }) => events)
        .filter(({ aggregate }) => aggregate === 'checkout')
        .map(({ type, aggregateId, payload }) => ({ type, aggregateId, payload: JSON.parse(payload) as unknown }));
    const placed = documents();
    expect(placed).toMatchObject([
      { type: 'placed', aggregateId: 1, payload: { id: 'A', details: { gift: { wrap: true } } } },
      { type: 'placed', aggregateId: 2, payload: { id: 'B', details: {} } },
    ]);
    await beginEpoch(scene.boston);
    // stock, two orders, two documents, and that it is complete
    expect((await regionStatus(scene.boston)).unshipped).toBe(6);
    scene.batches.length = 0;
    await scene.sync();
    expect(documents()).toEqual(placed.map((one) => ({ ...one, type: 'resent' })));
    expect(
      await scene.place.execute('central', 'select order_id, epoch from document_queue order by order_id'),
    ).toEqual([
      { order_id: 0, epoch: 2 },
      { order_id: 1, epoch: 2 },
      { order_id: 2, epoch: 2 },
    ]);
    await expectEqual(scene);
  });

  test('an interrupted snapshot continues where it stopped, whatever is placed and changed meanwhile', async () => {
    const scene = await syncScene(engine);
    await writeOrders(scene.boston, ...Array.from({ length: MANY }, (_one, index) => ({ id: (index + 1) * 3 })));
    await addStock(scene, 1, 2, 3);
    await scene.sync();
    await beginEpoch(scene.boston);
    scene.batches.length = 0;
    const stop = new AbortController();
    const publish = async (batch: (typeof scene.batches)[number]) => {
      await scene.transport.publish(batch);
      if (batch.events.some(({ aggregate }) => aggregate === 'order')) {
        stop.abort();
      }
    };
    await scene.sync({ transport: { ...scene.transport, publish }, signal: stop.signal });
    expect(await snapshotOf(scene)).toEqual({ epoch: 2, table: 'orders', after: 6000 });
    expect((await regionStatus(scene.boston)).unshipped).toBe(MANY - 2000 + 1);

    // behind where it has got, and before it: new ones and changed ones
    await writeOrders(scene.boston, { id: 4 }, { id: 6001 }, { id: 20_000 });
    await writeOrders(
      scene.boston,
      { id: 3, version: 2, quantity: 8 },
      { id: 13_500, version: 2, status: 'cancelled' },
    );
    await scene.sync();
    await expectEqual(scene);
    const resent = scene.batches
      .flatMap(({ events }) => events)
      .filter(({ type, aggregate }) => type === 'resent' && aggregate === 'order')
      .map(({ aggregateId }) => aggregateId);
    expect(new Set(resent).size).toBe(resent.length);
    expect(resent.length).toBeGreaterThanOrEqual(MANY);
    expect(resent).not.toContain(4);
  });

  test('another snapshot can be requested while one is being written', async () => {
    const scene = await syncScene(engine);
    await writeOrders(scene.boston, ...Array.from({ length: 2100 }, (_one, index) => ({ id: index + 1 })));
    await scene.sync();
    await beginEpoch(scene.boston);
    const stop = new AbortController();
    const listener = { shipped: () => stop.abort() };
    await scene.sync({ signal: stop.signal, listener });
    expect(await snapshotOf(scene)).not.toBeNull();
    await beginEpoch(scene.boston, { fromSeq: 1 });
    expect(await snapshotOf(scene)).toMatchObject({ epoch: 2 });
    await scene.sync();
    await expectEqual(scene);
    await beginEpoch(scene.boston);
    await scene.sync();
    await expectEqual(scene);
  });

  test('orders of a load that is not checked are left out, and published later', async () => {
    const scene = await syncScene(engine);
    await writeOrders(scene.boston, { id: 1 }, { id: 2 }, { id: 3 });
    await beginRun(scene, 'run');
    await scene.place.execute('orders.boston', "update outbox_event set run = 'run' where aggregate_id = 2");
    await beginEpoch(scene.boston);
    await scene.sync();
    const ids = async () =>
      (await scene.place.execute('central', 'select order_id from order_fact order by 1')).map(
        (one) => one['order_id'],
      );
    expect(await ids()).toEqual([1, 3]);
    await scene.place.execute('orders.boston', "update meridian_runs_orders set state = 'checked'");
    await scene.sync();
    expect(await ids()).toEqual([1, 2, 3]);
    await expectEqual(scene);
  });
});
