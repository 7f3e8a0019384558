/** Batches that come twice, late, again after a loss, or in another order leave central as if they had come in order. */
import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { Database } from '../../../src/database/database.ts';
import { positionOf } from '../../../src/replication/inbox/cursor.ts';
import type { Batch, ShippedEvent } from '../../../src/replication/transport/transport.ts';
import { applyBatch } from '../../../src/shop/central/apply.ts';
import { orderEvent } from '../../../src/shop/trading/events/order-event.ts';
import { stockEvent } from '../../../src/shop/trading/events/stock-event.ts';
import { depth } from '../../support/depth.ts';
import { effectsIn, watchEffects } from '../../support/effects.ts';
import { forEachEngineThoroughly, type Place } from '../../support/engines.ts';
import { openCentral, regionalPlace } from '../../support/regional.ts';

const REGIONS = ['boston', 'denver'];

/** A change of an order or a product: its next version. */
interface Change {
  readonly region: string;
  readonly isOrder: boolean;
  readonly id: number;
  readonly amount: number;
}

const changes = fc.array(
  fc.record({
    region: fc.constantFrom(...REGIONS),
    isOrder: fc.boolean(),
    id: fc.integer({ min: 1, max: 4 }),
    amount: fc.integer({ min: 1, max: 99 }),
  }),
  { minLength: 1, maxLength: 40 },
);

/** Where the sent batches are cut, and how they come: numbers of batches, in the order in which they come, some of them often. */
const deliveries = fc.record({
  batchEvents: fc.integer({ min: 1, max: 7 }),
  order: fc.array(fc.nat({ max: 60 }), { maxLength: 40 }),
  /** Each batch comes at last, for what was not acknowledged is sent again. */
  last: fc.infiniteStream(fc.nat({ max: 1_000_000 })),
});

const AT = '2026-11-21T12:00:00.000Z';

function batchesOf(sent: readonly Change[], batchEvents: number): Batch[] {
  const versions = new Map<string, number>();
  return REGIONS.flatMap((region) => {
    const events = sent
      .filter((change) => change.region === region)
      .map((change, index): ShippedEvent => {
        const key = `${region} ${change.isOrder} ${change.id}`;
        const version = (versions.get(key) ?? 0) + 1;
        versions.set(key, version);
        const event = change.isOrder
          ? orderEvent({ id: change.id, userId: 1, productId: 1, quantity: change.amount, version }, 'placed', AT)
          : stockEvent(
              { productId: change.id, name: null, unitPrice: '1.00', onHand: change.amount, version },
              'sold',
              AT,
            );
        return { ...event, seq: index + 1 };
      });
    const batches: Batch[] = [];
    for (let from = 0; from < events.length; from += batchEvents) {
      const cut = events.slice(from, from + batchEvents);
      batches.push({ region, epoch: 1, headSeq: from + cut.length, events: cut });
    }
    return batches;
  });
}

/** The last change of each thing, which is what central has to hold. */
function expectedFacts(sent: readonly Change[]) {
  const orders = new Map<string, unknown>();
  const stock = new Map<string, unknown>();
  const versions = new Map<string, number>();
  for (const { region, isOrder, id, amount } of sent) {
    const key = `${region} ${isOrder} ${id}`;
    const version = (versions.get(key) ?? 0) + 1;
    versions.set(key, version);
    (isOrder ? orders : stock).set(
      key,
      isOrder ? { region, id, version, quantity: amount } : { region, id, version, on_hand: amount },
    );
  }
  const sorted = (facts: Map<string, unknown>) =>
    [...facts].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, fact]) => fact);
  return { orders: sorted(orders), stock: sorted(stock) };
}

forEachEngineThoroughly((_, engine) => {
  const runs = engine === 'sqlite' ? depth(30, 150) : depth(8, 40);

  async function stateOf(place: Place) {
    const run = (sql: string) => place.execute('central', sql);
    return {
      orders: await run('select region, order_id as id, version, quantity from order_fact order by region, order_id'),
      stock: await run('select region, product_id as id, version, on_hand from stock_fact order by region, product_id'),
    };
  }

  async function clear(place: Place): Promise<void> {
    for (const table of ['order_fact', 'stock_fact', 'inbox_event', 'region_cursor', 'dead_letter', 'effects']) {
      await place.execute('central', `delete from ${table}`);
    }
  }

  test('any interleaving, duplication, loss and reordering of batches ends as the ordered run', async () => {
    const place = await regionalPlace(engine);
    const central: Database = await openCentral(place);
    await watchEffects(place);
    await fc.assert(
      fc.asyncProperty(changes, deliveries, async (sent, { batchEvents, order, last }) => {
        await clear(place);
        const batches = batchesOf(sent, batchEvents);
        const early = order.flatMap((number) => batches[number % batches.length] ?? []);
        const rest = batches
          .map((batch) => ({ batch, place: last.next().value }))
          .sort((a, b) => a.place - b.place)
          .map(({ batch }) => batch);
        for (const batch of [...early, ...rest]) {
          await applyBatch(central, batch);
        }
        expect(await stateOf(place)).toEqual(expectedFacts(sent));
        for (const region of REGIONS) {
          const count = sent.filter((change) => change.region === region).length;
          expect((await positionOf(central, region))?.seq).toBe(count === 0 ? undefined : count);
        }
        expect(await place.execute('central', 'select 1 from dead_letter')).toEqual([]);
        // no state is written twice, and none after a newer one
        const newest = new Map<string, number>();
        for (const { what, region, id, version } of await effectsIn(place)) {
          const key = `${what} ${region} ${id}`;
          expect(version).toBeGreaterThan(newest.get(key) ?? 0);
          newest.set(key, version);
        }
      }),
      { numRuns: runs },
    );
  });

  test('batches of several regions that come at once do not keep each other from it', async () => {
    const place = await regionalPlace(engine);
    const central = await openCentral(place);
    const sent = Array.from(
      { length: 60 },
      (_unused, index): Change => ({
        region: REGIONS[index % 2] as string,
        isOrder: index % 3 > 0,
        id: 1 + (index % 4),
        amount: 1 + index,
      }),
    );
    await Promise.all([...batchesOf(sent, 4), ...batchesOf(sent, 4)].map((batch) => applyBatch(central, batch)));
    expect(await stateOf(place)).toEqual(expectedFacts(sent));
  });
});
