/**
 * A small story of a region and central, in the databases that the environment names: orders are placed and cancelled, and
 * what they changed is shipped. Run again after a fault, with the same keys, it ends as if it had run once.
 */
import { Database } from '../../../src/database/database.ts';
import type { DatabaseDeclaration } from '../../../src/database/declaration.ts';
import { migrateUp } from '../../../src/database/migrate.ts';
import { positionOf } from '../../../src/replication/inbox/cursor.ts';
import { drain } from '../../../src/replication/relay/drain.ts';
import { inProcessTransport } from '../../../src/replication/transport/in-process.ts';
import { central as centralDeclaration, ordersOf } from '../../../src/shop/catalog.ts';
import { applyBatch } from '../../../src/shop/central/apply.ts';
import { compare } from '../../../src/shop/compare/compare.ts';
import { cancelCheckout } from '../../../src/shop/trading/cancel-order.ts';
import { placeOrder } from '../../../src/shop/trading/place-order.ts';
import { receiveStock } from '../../../src/shop/trading/receive-stock.ts';
import { openRegion, type Region } from '../../../src/shop/trading/region.ts';
import { regionSnapshots } from '../../../src/shop/trading/snapshot.ts';

/** The users and products databases are gone, so that all orders stay pending, whatever else happens. */
export const STORY_DATABASES = ['users', 'products', 'orders.boston', 'central'] as const;

/** What the story begins with: pieces of two products, and an order that is to be cancelled. */
export async function prologue(): Promise<void> {
  await withDatabase(centralDeclaration, migrateUp);
  await withRegion(async (region) => {
    await receiveStock(region, { productId: 1, quantity: 10, price: '2.50' });
    await receiveStock(region, { productId: 2, quantity: 4, price: '9.99' });
    await placeOrder(region, { userId: 1, items: [{ productId: 2, quantity: 1 }], key: 'before' });
  });
}

/** Every part of it may have run before. */
export async function runStory(): Promise<void> {
  await withRegion(async (region) => {
    await placeOrder(region, {
      userId: 1,
      items: [
        { productId: 1, quantity: 2 },
        { productId: 2, quantity: 1 },
      ],
      key: 'first',
    });
    await placeOrder(region, { userId: 1, items: [{ productId: 1, quantity: 99 }], key: 'too many' });
    await cancelCheckout(region, 'before');
    await placeOrder(region, { userId: 1, items: [{ productId: 1, quantity: 3 }], key: 'last' });
  });
  await withDatabase(centralDeclaration, async (central) => {
    await withDatabase(ordersOf('boston'), async (boston) => {
      // a relay that an earlier run killed still has the lease
      await boston.fork().execute('update relay_state set lease_until = null');
      const transport = inProcessTransport((region) => positionOf(central, region));
      await transport.consume((batch) => applyBatch(central, batch));
      await drain({
        database: boston,
        transport,
        snapshots: regionSnapshots,
        signal: new AbortController().signal,
        settings: { batchEvents: 3, drainAttempts: 1, firstBackOffMilliseconds: 1, keepDays: 10_000 },
      });
    });
  });
}

/** Reads the result of the story, any number of times while its databases are not replaced. */
export type ReadResult = () => Promise<Record<string, unknown>>;

/** The result of the story, without what differs from one run to the other: ids, times, sequence numbers. */
export function account(): Promise<Record<string, unknown>> {
  return withAccount((read) => read());
}

/** As {@link account}, through connections that stay while `work` runs. */
export function withAccount<T>(work: (read: ReadResult) => Promise<T>): Promise<T> {
  return withDatabase(centralDeclaration, (central) =>
    withDatabase(ordersOf('boston'), (boston) => work(() => resultIn(central, boston))),
  );
}

async function resultIn(central: Database, boston: Database): Promise<Record<string, unknown>> {
  const here = (sql: string) => boston.fork().execute(sql);
  const there = (sql: string) => central.fork().execute(sql);
  const { differences, leftOut, examples } = await compare(central, boston);
  return {
    orders: await here(
      'select checkout_id, product_id, quantity, unit_price_cents, status, version from orders order by checkout_id, product_id',
    ),
    stock: await here('select product_id, on_hand, version from stock order by product_id'),
    checkouts: await here("select id from checkouts where request not like 'cancellation of %' order by id"),
    cancellations: await here("select count(*) as count from checkouts where request like 'cancellation of %'"),
    // each state of each row is published once
    events: await here(
      `select e.aggregate, coalesce(o.checkout_id, 'stock') as of, coalesce(o.product_id, e.aggregate_id) as product_id, e.type, e.aggregate_version
         from outbox_event e left join orders o on e.aggregate in ('order', 'checkout') and o.id = e.aggregate_id
        order by 1, 2, 3, 5`,
    ),
    orderFacts: await there(
      'select checkout_id, product_id, quantity, unit_price_cents, status, version from order_fact order by checkout_id, product_id',
    ),
    stockFacts: await there('select product_id, on_hand, version from stock_fact order by product_id'),
    documents: await there('select version, count(*) as documents from document_queue group by version'),
    deadLetters: await there('select error from dead_letter'),
    comparison: { differences, leftOut, examples },
  };
}

async function withRegion(work: (region: Region) => Promise<void>): Promise<void> {
  const region = await openRegion('boston');
  try {
    await work(region);
  } finally {
    await region.close();
  }
}

async function withDatabase<T>(declaration: DatabaseDeclaration, work: (database: Database) => Promise<T>): Promise<T> {
  const database = await Database.open(declaration);
  try {
    return await work(database);
  } finally {
    await database.close();
  }
}
