/** The comparison of central with a region, and how differences are reported. */
import { expect, test } from '@jest/globals';
import { Database } from '../../../src/database/database.ts';
import { positionOf } from '../../../src/replication/inbox/cursor.ts';
import { beginEpoch } from '../../../src/replication/outbox/epoch.ts';
import { purge } from '../../../src/replication/outbox/purge.ts';
import { central as centralDeclaration } from '../../../src/shop/catalog.ts';
import { compare } from '../../../src/shop/compare/compare.ts';
import { forEachEngineMigratedThoroughly } from '../../support/engines.ts';
import { drain, relayOf, transportTo, writeOrders } from '../../support/regional.ts';
import { addStock, type SyncScene, syncScene } from '../../support/sync-scene.ts';

forEachEngineMigratedThoroughly('catalog', (_, engine) => {
  /** Two orders and two products that both have. */
  async function equalScene(): Promise<SyncScene> {
    const scene = await syncScene(engine);
    await writeOrders(
      scene.boston,
      { id: 1, country: 'France', placedAt: '2010-12-01T08:26:00.000Z', checkoutId: 'a' },
      { id: 2, unitPrice: null },
    );
    await addStock(scene, 7, 8);
    await beginEpoch(scene.boston);
    await scene.sync();
    return scene;
  }

  test('equal', async () => {
    const { central, boston } = await equalScene();
    const comparison = await compare(central, boston);
    expect(comparison).toMatchObject({
      watermark: { epoch: 2, seq: 7 },
      leftOut: 0,
      differences: 0,
      examples: [],
      tables: [
        {
          aggregate: 'order',
          region: { rows: 2, pieces: 6n, valueCents: 750n, hash: expect.stringMatching(/^[0-9a-f]{64}$/) },
        },
        { aggregate: 'stock', region: { rows: 2, pieces: 10n, valueCents: 9990n } },
      ],
    });
    for (const { region, central: there } of comparison.tables) {
      expect(there).toEqual(region);
    }
  });

  test.each([
    ['order_fact', 'version = 9', 'order 1: version is 1 in boston, 9 in central'],
    ['order_fact', 'user_id = 9', 'order 1: user_id is 1 in boston, 9 in central'],
    ['order_fact', 'product_id = 9', 'order 1: product_id is 2 in boston, 9 in central'],
    ['order_fact', 'quantity = 9', 'order 1: quantity is 3 in boston, 9 in central'],
    ['order_fact', 'unit_price_cents = null', 'order 1: unit_price_cents is 250 in boston, empty in central'],
    [
      'order_fact',
      "placed_at = '2010-12-01T08:26:00.001Z'",
      'order 1: placed_at is 2010-12-01T08:26:00.000Z in boston, 2010-12-01T08:26:00.001Z in central',
    ],
    ['order_fact', "country = 'france'", 'order 1: country is France in boston, france in central'],
    ['order_fact', "status = 'pending'", 'order 1: status is confirmed in boston, pending in central'],
    [
      'order_fact',
      "checkout_id = 'b', quantity = 1",
      'order 1: quantity is 3 in boston, 1 in central; checkout_id is a in boston, b in central',
    ],
    ['stock_fact', 'version = 9', 'stock 7: version is 1 in boston, 9 in central'],
    ['stock_fact', "name = 'Cup'", 'stock 7: name is Mug 7 in boston, Cup in central'],
    ['stock_fact', 'unit_price_cents = 0', 'stock 7: unit_price_cents is 999 in boston, 0 in central'],
    ['stock_fact', 'on_hand = 6', 'stock 7: on_hand is 5 in boston, 6 in central'],
  ])('a difference in %s: %s', async (table, change, sentence) => {
    const { place, central, boston } = await equalScene();
    const key = table === 'order_fact' ? 'order_id = 1' : 'product_id = 7';
    await place.execute('central', `update ${table} set ${change} where ${key}`);
    expect(await compare(central, boston)).toMatchObject({ differences: 1, examples: [sentence] });
  });

  test('rows that exist on one side only', async () => {
    const { place, central, boston } = await equalScene();
    await writeOrders(boston, { id: 5 }, { id: 3 });
    await place.execute('orders.boston', 'delete from outbox_event where seq is null');
    await place.execute('central', 'update order_fact set order_id = 4 where order_id = 2');
    await place.execute('central', 'delete from stock_fact where product_id = 8');
    await place.execute(
      'central',
      "insert into order_fact select 'denver', order_id + 100, epoch, version, user_id, product_id, quantity, unit_price_cents, placed_at, country, status, checkout_id from order_fact",
    );
    const comparison = await compare(central, boston);
    expect(comparison.examples).toEqual([
      'order 2 is not in central',
      'order 3 is not in central',
      'order 4 is in central only',
      'order 5 is not in central',
      'stock 8 is not in central',
    ]);
    expect(comparison).toMatchObject({ differences: 5, tables: [{ region: { rows: 4 }, central: { rows: 2 } }, {}] });
    expect(await compare(central, boston, 2)).toMatchObject({ differences: 5, examples: { length: 2 } });
  });

  test('rows with events on their way are left out on both sides', async () => {
    const { place, central, boston } = await equalScene();
    await writeOrders(boston, { id: 1, version: 2, quantity: 50 }, { id: 9 });
    expect(await compare(central, boston)).toMatchObject({
      differences: 0,
      leftOut: 2,
      tables: [{ region: { rows: 1 }, central: { rows: 1 } }, { region: { rows: 2 } }],
    });
    // even where central has it already, ahead of its cursor
    await place.execute('central', 'update order_fact set version = 2, quantity = 50 where order_id = 1');
    expect(await compare(central, boston)).toMatchObject({ differences: 0, leftOut: 2 });
    // and no more than that
    await place.execute('central', 'update order_fact set quantity = 4 where order_id = 2');
    expect(await compare(central, boston)).toMatchObject({ differences: 1, leftOut: 2 });
  });

  test('a region that central does not know: events on their way do not count as missing', async () => {
    const scene = await syncScene(engine);
    await writeOrders(scene.boston, { id: 1 });
    expect(await compare(scene.central, scene.boston)).toMatchObject({
      watermark: undefined,
      differences: 0,
      leftOut: 1,
    });
    await scene.place.execute('orders.boston', 'delete from outbox_event');
    expect(await compare(scene.central, scene.boston)).toMatchObject({
      differences: 1,
      examples: ['order 1 is not in central'],
    });
  });

  test('many rows, with ids far apart, more in central than in the region between two of them', async () => {
    const scene = await syncScene(engine);
    const ids = Array.from({ length: 4000 }, (_one, index) => (index + 1) * 1_000_000);
    await writeOrders(scene.boston, ...ids.map((id) => ({ id })));
    await scene.sync();
    const equal = await compare(scene.central, scene.boston);
    expect(equal).toMatchObject({ differences: 0, tables: [{ region: { rows: 4000 } }, {}] });
    expect(equal.tables[0]?.central).toEqual(equal.tables[0]?.region);
    await scene.place.execute(
      'central',
      `insert into order_fact (region, order_id, epoch, version, user_id, product_id, quantity, status)
       with recursive n(i) as (select 1 union all select i + 1 from n where i < 2500)
       select 'boston', 2000 * 1000000 + i, 1, 1, 1, 1, 1, 'confirmed' from n`,
    );
    await scene.place.execute('orders.boston', 'delete from orders where id in (2000000000, 2001000000, 4000000000)');
    expect(await compare(scene.central, scene.boston, 3)).toMatchObject({
      differences: 2503,
      examples: [
        'order 2000000000 is in central only',
        'order 2000000001 is in central only',
        'order 2000000002 is in central only',
      ],
      tables: [{ region: { rows: 3997 }, central: { rows: 6500 } }, {}],
    });
  });

  test('events that are shipped and purged between the two readings make no difference', async () => {
    const { place, central, boston } = await equalScene();
    // with a connection of its own, since that of the other one is in a transaction
    const taking = await Database.open(centralDeclaration, place.options('central'));
    const transport = await transportTo(taking);
    let begin = () => {};
    // outside the asynchronous context of that transaction
    const meanwhile = new Promise<void>((resolve) => {
      begin = resolve;
    }).then(async () => {
      await writeOrders(boston, { id: 3 }, { id: 4 });
      await drain(boston, transport);
      await purge(boston, await transport.position('boston'), { keepDays: 0, now: new Date('2030-01-01') });
    });
    const readAtOnce = boston.readAtOnce.bind(boston);
    let readings = 0;
    boston.readAtOnce = async (work) => {
      readings++;
      begin();
      await meanwhile;
      return readAtOnce(work);
    };
    try {
      expect(await compare(central, boston)).toMatchObject({ differences: 0, examples: [], leftOut: 0 });
    } finally {
      await taking.close();
    }
    expect(readings).toBe(2);
  });

  test('orders that are placed, shipped and purged meanwhile never make a difference', async () => {
    const { central, boston, transport } = await equalScene();
    const stop = new AbortController();
    const running = relayOf(boston, transport, { signal: stop.signal, settings: { batchEvents: 3 } }).run();
    const placing = placeUntil(stop.signal, boston, central);
    try {
      for (let round = 0; round < 25; round++) {
        expect(await compare(central, boston)).toMatchObject({ differences: 0, examples: [] });
      }
    } finally {
      stop.abort();
      await Promise.all([running, placing]);
    }
    expect(await placing).toBeGreaterThan(5);
  });

  /** @returns how many orders were placed or changed */
  async function placeUntil(signal: AbortSignal, boston: Database, central: Database): Promise<number> {
    let id = 1000;
    while (!signal.aborted) {
      id++;
      await writeOrders(boston, { id });
      await writeOrders(boston, { id: id - 3, version: 2, quantity: 9 });
      await purge(boston, await positionOf(central, 'boston'), { keepDays: 0, now: new Date('2030-01-01') });
    }
    return id - 1000;
  }
});
