/**
 * A program: places the same orders with better-sqlite3 alone. The statements are those that Meridian runs, as one would
 * write them by hand, each prepared once, and what they write is the same.
 */
import Database from 'better-sqlite3';
import { v7 as uuid } from 'uuid';
import { answerWith } from '../conversation.ts';
import { givenJob } from '../program.ts';
import { REGION, type Request, requestOf } from '../requests.ts';
import { type PlaceJob, type PlaceOrders, timed } from '../turn.ts';

/** As Meridian sets them. */
const PRAGMAS = ['journal_mode = wal', 'synchronous = full', 'cache_size = -8000', 'wal_autocheckpoint = 16384'];

interface StockRow {
  readonly product_id: number;
  readonly name: string | null;
  readonly unit_price_cents: number;
  readonly on_hand: number;
  readonly version: number;
}

const open = (name: string) => new Database(`databases/${name}.db`, { fileMustExist: true });

const { items, seed } = givenJob<PlaceJob>();
const [users, products, region] = [open('users'), open('products'), open(`orders.${REGION}`)];
for (const pragma of PRAGMAS) {
  region.pragma(pragma);
}

const findUser = users.prepare('select 1 from users where id = ?');
const findProduct = products.prepare('select 1 from products where id = ?');
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

const decimal = (cents: number) => (cents / 100).toFixed(2);

const placeOne = region.transaction(({ userId, items: lines }: Request) => {
  const key = uuid();
  const at = new Date().toISOString();
  const wanted = lines.map(({ productId, quantity }) => `${quantity} of product ${productId}`).join(', ');
  insertCheckout.run(key, `order of user ${userId}: ${wanted}`, at);
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
  };
  updateCheckout.run(JSON.stringify({ outcome, returned: [] }), key);
});

function place(from: number, to: number): void {
  for (let number = from; number < to; number++) {
    const request = requestOf(seed, number, items);
    const isKnown =
      findUser.get(request.userId) !== undefined &&
      request.items.every(({ productId }) => findProduct.get(productId) !== undefined);
    if (!isKnown) {
      throw new Error(`A user or product is not there: ${JSON.stringify(request)}`);
    }
    placeOne(request);
  }
}

answerWith(
  ({ from, to }: PlaceOrders) => timed(async () => place(from, to)),
  () => {
    for (const database of [users, products, region]) {
      database.close();
    }
  },
);
