/**
 * Places orders with better-sqlite3 alone. The statements are those that Meridian runs, as one would write them by hand, each prepared
 * once, and what they write is the same.
 */
import Database from 'better-sqlite3';
import { v7 as uuid } from 'uuid';
import { REGION, type Request } from './requests.ts';

/** As Meridian sets them. */
const PRAGMAS = ['journal_mode = wal', 'synchronous = full', 'cache_size = -8000', 'wal_autocheckpoint = 16384'];

interface StockRow {
  readonly product_id: number;
  readonly name: string | null;
  readonly unit_price_cents: number;
  readonly on_hand: number;
  readonly version: number;
}

export interface Outcome {
  readonly result: 'placed';
  readonly key: string;
  readonly [member: string]: unknown;
}

export interface ShopByHand {
  /** Whether the user and all products are there. */
  isKnown(request: Request): boolean;
  /** What an earlier request with this key was answered. @throws Error for a key that was used for something else */
  earlier(request: Request, key: string): Outcome | undefined;
  /** In a transaction of its own. @throws Error for a product that is out of stock */
  place(request: Request, key?: string): Outcome;
  /** The row of a user. */
  user(id: number): unknown;
  close(): void;
}

const decimal = (cents: number) => (cents / 100).toFixed(2);

const described = ({ userId, items }: Request) =>
  `order of user ${userId}: ${items.map(({ productId, quantity }) => `${quantity} of product ${productId}`).join(', ')}`;

/** Opens the databases in `databases/` of the working directory. */
export function openByHand(): ShopByHand {
  const open = (name: string) => new Database(`databases/${name}.db`, { fileMustExist: true });
  const [users, products, region] = [open('users'), open('products'), open(`orders.${REGION}`)];
  for (const pragma of PRAGMAS) {
    region.pragma(pragma);
  }
  const findUser = users.prepare('select 1 from users where id = ?');
  const readUser = users.prepare('select id, name, email from users where id = ?');
  const findProduct = products.prepare('select 1 from products where id = ?');
  const findCheckout = region.prepare('select request, outcome from checkouts where id = ?');
  const insertCheckout = region.prepare(
    "insert into checkouts (id, request, outcome, placed_at, details) values (?, ?, '', ?, null) on conflict do nothing",
  );
  const takeStock = region.prepare(
    'update stock set on_hand = on_hand - ?, version = version + 1 where product_id = ? and on_hand >= ? ' +
      'returning product_id, name, unit_price_cents, on_hand, version',
  );
  const greatestId = region.prepare('select max(id) from orders').pluck();
  const insertOrder = region.prepare(
    'insert into orders (id, user_id, product_id, quantity, unit_price_cents, placed_at, country, status, checkout_id, version) ' +
      "values (?, ?, ?, ?, ?, ?, null, 'confirmed', ?, 1)",
  );
  const insertEvent = region.prepare(
    'insert into outbox_event (event_id, type, schema_version, aggregate, aggregate_id, aggregate_version, payload, occurred_at) ' +
      'values (?, ?, 1, ?, ?, ?, ?, ?)',
  );
  const updateCheckout = region.prepare('update checkouts set outcome = ? where id = ?');

  const place = region.transaction((request: Request, key: string): Outcome => {
    const { userId, items: lines } = request;
    const at = new Date().toISOString();
    insertCheckout.run(key, described(request), at);
    const stock = lines.map(({ productId, quantity }) => {
      const row = takeStock.get(quantity, productId, quantity) as StockRow | undefined;
      if (row === undefined) {
        throw new Error(`Product ${productId} is out of stock`);
      }
      return row;
    });
    let id = (greatestId.get() as number | null) ?? 0;
    const placed = lines.map(({ productId, quantity }, index) => {
      id++;
      const unitPrice = decimal(stock[index]?.unit_price_cents ?? 0);
      insertOrder.run(id, userId, productId, quantity, stock[index]?.unit_price_cents, at, key);
      return { id, productId, name: stock[index]?.name ?? null, quantity, unitPrice };
    });
    for (const order of placed) {
      const { id: orderId, productId, quantity, unitPrice } = order;
      const payload = { id: orderId, userId, productId, quantity, unitPrice, placedAt: at, country: null };
      const whole = JSON.stringify({ ...payload, status: 'confirmed', checkoutId: key });
      insertEvent.run(uuid(), 'placed', 'order', orderId, 1, whole, at);
    }
    for (const { product_id: productId, name, unit_price_cents: cents, on_hand: onHand, version } of stock) {
      const payload = JSON.stringify({ productId, name, unitPrice: decimal(cents), onHand });
      insertEvent.run(uuid(), 'sold', 'stock', productId, version, payload, at);
    }
    const total = decimal(
      lines.reduce((sum, line, index) => sum + line.quantity * (stock[index]?.unit_price_cents ?? 0), 0),
    );
    const document = {
      id: key,
      region: REGION,
      userId,
      placedAt: at,
      country: null,
      total,
      totalCents: Number(total) * 100,
      lines: placed.map(({ id: orderId, productId, name, quantity, unitPrice }, index) => {
        return { orderId, productId, name, quantity, unitPrice, unitPriceCents: stock[index]?.unit_price_cents };
      }),
      details: {},
    };
    insertEvent.run(uuid(), 'placed', 'checkout', placed[0]?.id, 1, JSON.stringify(document), at);
    const outcome = {
      result: 'placed',
      key,
      userId,
      status: 'confirmed',
      placedAt: at,
      country: null,
      orders: placed,
      total,
    } as const;
    updateCheckout.run(JSON.stringify({ outcome, returned: [] }), key);
    return outcome;
  });

  return {
    isKnown: ({ userId, items }) =>
      findUser.get(userId) !== undefined && items.every(({ productId }) => findProduct.get(productId) !== undefined),
    earlier(request, key) {
      const row = findCheckout.get(key) as { readonly request: string; readonly outcome: string } | undefined;
      if (row !== undefined && row.request !== described(request)) {
        throw new Error(`The key ${key} was used for something else`);
      }
      return row && JSON.parse(row.outcome).outcome;
    },
    place: (request, key = uuid()) => place(request, key),
    user: (id) => readUser.get(id),
    close() {
      for (const database of [users, products, region]) {
        database.close();
      }
    },
  };
}
