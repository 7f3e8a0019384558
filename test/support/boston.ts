/** A region in a place of the test's, and whether what it says of itself agrees with its rows. */
import { afterEach } from '@jest/globals';
import { Database } from '../../src/database/database.ts';
import type { DatabaseDeclaration } from '../../src/database/declaration.ts';
import { migrateUp } from '../../src/database/migrate.ts';
import { ordersOf, products, users } from '../../src/shop/catalog.ts';
import { openRegion, type Region, type RegionOptions } from '../../src/shop/trading/region.ts';
import type { Place } from './engines.ts';
import { copyMigrated } from './sqlite/migrated.ts';

export const BOSTON = 'orders.boston';

const opened: Region[] = [];

afterEach(async () => {
  await Promise.all(opened.splice(0).map((region) => region.close()));
});

/** A file is copied, which is sooner done than migrated. */
async function copyWhereFile(place: Place, declaration: DatabaseDeclaration): Promise<void> {
  const { location } = place.options(declaration.name);
  if (location.engine === 'sqlite') {
    await copyMigrated(declaration, location.file);
  }
}

/** Boston, closed when the test is over. */
export async function openBoston(place: Place, options: RegionOptions = {}): Promise<Region> {
  await copyWhereFile(place, ordersOf('boston'));
  const region = await openRegion('boston', { databaseOptions: (name) => place.options(name), ...options });
  opened.push(region);
  return region;
}

/** Makes the users and products databases, with users 1 to 3 and products 1 to 3 at 1.00, 2.00 and 3.00. */
export async function addUsersAndProducts(place: Place): Promise<void> {
  for (const declaration of [users, products]) {
    await copyWhereFile(place, declaration);
    const database = await Database.open(declaration, place.options(declaration.name));
    await migrateUp(database);
    await database.close();
  }
  for (const id of [1, 2, 3]) {
    await place.execute(
      'users',
      `insert into users (id, name, email) values (${id}, 'User ${id}', '${id}@example.com')`,
    );
    await place.execute(
      'products',
      `insert into products (id, name, price_cents) values (${id}, 'Product ${id}', ${id}00)`,
    );
  }
}

export interface StoredEvent {
  readonly type: string;
  readonly aggregate: string;
  readonly aggregate_id: number;
  readonly aggregate_version: number;
  readonly payload: Record<string, unknown>;
}

/** In the order in which they were written. */
export async function eventsIn(place: Place): Promise<StoredEvent[]> {
  const rows = await place.execute(BOSTON, 'select * from outbox_event order by id');
  return rows.map((row) => ({ ...row, payload: JSON.parse(String(row['payload'])) })) as unknown as StoredEvent[];
}

/** Makes it look as if a populate were bringing the order in, and had got this far. */
export async function hold(place: Place, orderId: number, state: string): Promise<void> {
  await place.execute(
    BOSTON,
    `insert into meridian_runs_orders values ('run', 's', null, '{}', '[]', '${state}', 0, 0, 0, 0, 0, '[]', null, 0, null, null, 'x', 'x', 'order')`,
  );
  await place.execute(
    BOSTON,
    `insert into outbox_event (event_id, type, schema_version, aggregate, aggregate_id, aggregate_version, payload, occurred_at, run)
     values ('held', 'loaded', 1, 'order', ${orderId}, 1, '{}', 'x', 'run')`,
  );
}

export function stockIn(place: Place): Promise<Record<string, unknown>[]> {
  return place.execute(
    BOSTON,
    'select product_id, on_hand, version, unit_price_cents, name from stock order by product_id',
  );
}

export async function onHandOf(place: Place, productId: number): Promise<unknown> {
  const [row] = await place.execute(BOSTON, `select on_hand from stock where product_id = ${productId}`);
  return row?.['on_hand'];
}

/** As a number, where one holds it exactly. */
function centsOf(amount: string): number | null {
  const cents = Math.round(Number(amount) * 100);
  return Number.isSafeInteger(cents) ? cents : null;
}

/** The region's rows that its events lack or contradict: none, if all is well. */
export async function disagreements(place: Place): Promise<unknown[]> {
  const wrong: unknown[] = [];
  const newest = new Map<string, StoredEvent>();
  for (const event of await eventsIn(place)) {
    const key = `${event.aggregate} ${event.aggregate_id}`;
    const before = newest.get(key)?.aggregate_version ?? 0;
    if (event.aggregate_version !== before + 1) {
      wrong.push({ key, before, after: event.aggregate_version });
    }
    newest.set(key, event);
  }
  const compare = (key: string, version: unknown, payload: Record<string, unknown>) => {
    const event = newest.get(key);
    newest.delete(key);
    if (event?.aggregate_version !== version || JSON.stringify(event?.payload) !== JSON.stringify(payload)) {
      wrong.push({ key, version, payload, event });
    }
  };
  const price = (cents: unknown) => (cents === null ? null : (Number(cents) / 100).toFixed(2));
  for (const row of (await place.rowsOf('orders', BOSTON)) as Record<string, unknown>[]) {
    compare(`order ${row['id']}`, row['version'], {
      id: row['id'],
      userId: row['user_id'],
      productId: row['product_id'],
      quantity: row['quantity'],
      unitPrice: price(row['unit_price_cents']),
      placedAt: row['placed_at'],
      country: row['country'],
      status: row['status'],
      checkoutId: row['checkout_id'],
    });
  }
  for (const row of await stockIn(place)) {
    compare(`stock ${row['product_id']}`, row['version'], {
      productId: row['product_id'],
      name: row['name'],
      unitPrice: price(row['unit_price_cents']),
      onHand: row['on_hand'],
    });
  }
  for (const row of await place.execute(BOSTON, 'select outcome, details from checkouts')) {
    const { outcome } = JSON.parse(String(row['outcome'])) as { outcome: Record<string, unknown> };
    const orders = (outcome['orders'] ?? []) as readonly (Record<string, unknown> & { readonly unitPrice: string })[];
    if (orders.length > 0) {
      compare(`checkout ${Math.min(...orders.map((one) => Number(one['id'])))}`, 1, {
        id: outcome['key'],
        region: 'boston',
        userId: outcome['userId'],
        placedAt: outcome['placedAt'],
        country: outcome['country'],
        total: outcome['total'],
        totalCents: centsOf(String(outcome['total'])),
        lines: orders.map(({ id, productId, name, quantity, unitPrice }) => ({
          orderId: id,
          productId,
          name,
          quantity,
          unitPrice,
          unitPriceCents: centsOf(unitPrice),
        })),
        details: JSON.parse(String(row['details'] ?? '{}')),
      });
    }
  }
  return [...wrong, ...newest.keys()];
}
