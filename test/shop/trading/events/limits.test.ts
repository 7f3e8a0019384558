/** The contract of each kind of event at its limits: what is just within all of them is read, and what is beyond one is not. */
import { describe, expect, test } from '@jest/globals';
import { MAX_PAYLOAD_BYTES } from '../../../../src/replication/events/envelope.ts';
import { MAX_EPOCH } from '../../../../src/replication/events/epoch.ts';
import type { NewEvent } from '../../../../src/replication/events/event.ts';
import { MAX_PAYLOAD_DEPTH } from '../../../../src/replication/events/payload.ts';
import { readEvent } from '../../../../src/replication/inbox/read-event.ts';
import { centralProjection } from '../../../../src/shop/central/projection.ts';
import { MAX_PRICE, MAX_PRODUCTS, MAX_QUANTITY, MAX_TEXT_CHARACTERS } from '../../../../src/shop/limits.ts';
import { ORDER_STATUSES, type Order } from '../../../../src/shop/orders/order.entity.ts';
import { type CheckoutChange, checkoutEvent } from '../../../../src/shop/trading/events/checkout-event.ts';
import { CONTRACTS } from '../../../../src/shop/trading/events/content.ts';
import { type OrderChange, orderEvent } from '../../../../src/shop/trading/events/order-event.ts';
import { regionEvent } from '../../../../src/shop/trading/events/region-event.ts';
import { type StockChange, stockEvent } from '../../../../src/shop/trading/events/stock-event.ts';
import { documentOf } from '../../../support/documents.ts';

const AT = '2026-11-21T12:00:00.000Z';
const MOST = Number.MAX_SAFE_INTEGER;
const LONGEST = '😀'.repeat(MAX_TEXT_CHARACTERS);
const TOO_LONG = `${LONGEST}x`;
const TOO_EXPENSIVE = '10000000000.00';

const order: Order = {
  id: MOST,
  userId: MOST,
  productId: MOST,
  quantity: MAX_QUANTITY,
  unitPrice: MAX_PRICE,
  placedAt: '9999-12-31T23:59:59.999Z',
  country: LONGEST,
  status: 'pending',
  checkoutId: LONGEST,
  version: MOST,
};
const stock = { productId: MOST, name: LONGEST, unitPrice: MAX_PRICE, onHand: MOST, version: MOST };
const line = { productId: MOST, name: LONGEST, quantity: MAX_QUANTITY, unitPrice: MAX_PRICE, unitPriceCents: null };
const { document } = documentOf({});
const checkout = {
  ...document,
  id: LONGEST,
  userId: MOST,
  country: LONGEST,
  lines: Array.from({ length: MAX_PRODUCTS }, (_, index) => ({ ...line, orderId: MOST - index })),
};
const [firstLine] = checkout.lines;
const withLine = (change: object) =>
  checkoutEvent(
    { ...checkout, lines: [{ ...(firstLine as (typeof checkout.lines)[number]), ...change }] },
    'placed',
    AT,
  );

const ORDER_CHANGES: Record<OrderChange, true> = {
  placed: true,
  loaded: true,
  confirmed: true,
  cancelled: true,
  resent: true,
};
const STOCK_CHANGES: Record<StockChange, true> = { received: true, sold: true, returned: true, resent: true };
const CHECKOUT_CHANGES: Record<CheckoutChange, true> = { placed: true, resent: true };
const keysOf = <Key extends string>(record: Record<Key, true>) => Object.keys(record) as Key[];

/** By aggregate. */
const WITHIN: Record<string, readonly NewEvent[]> = {
  order: [
    ...keysOf(ORDER_CHANGES).map((type) => orderEvent(order, type, AT)),
    ...ORDER_STATUSES.map((status) => orderEvent({ ...order, status }, 'loaded', AT)),
    orderEvent({ id: 1, userId: 1, productId: 1, quantity: 1 }, 'loaded', AT),
  ],
  stock: [
    ...keysOf(STOCK_CHANGES).map((type) => stockEvent(stock, type, AT)),
    stockEvent({ productId: 1, name: null, unitPrice: '0.00', onHand: 0, version: 1 }, 'received', AT),
  ],
  checkout: keysOf(CHECKOUT_CHANGES).map((type) => checkoutEvent(checkout, type, AT)),
  region: [1, MAX_EPOCH].map((epoch) => regionEvent('snapshot-completed', { epoch }, AT)),
};

const padded = (event: NewEvent, payload: string): NewEvent => ({ ...event, payload });
const nested = (levels: number) => `${'{"a":'.repeat(levels)}1${'}'.repeat(levels)}`;

const BEYOND: Record<string, Readonly<Record<string, NewEvent>>> = {
  order: {
    id: orderEvent({ ...order, id: MOST + 1 }, 'placed', AT),
    user: orderEvent({ ...order, userId: 0 }, 'placed', AT),
    product: orderEvent({ ...order, productId: -1 }, 'placed', AT),
    quantity: orderEvent({ ...order, quantity: MAX_QUANTITY + 1 }, 'placed', AT),
    price: orderEvent({ ...order, unitPrice: TOO_EXPENSIVE }, 'placed', AT),
    time: orderEvent({ ...order, placedAt: 'noon' }, 'placed', AT),
    country: orderEvent({ ...order, country: TOO_LONG }, 'placed', AT),
    status: orderEvent({ ...order, status: 'lost' as 'pending' }, 'placed', AT),
    checkout: orderEvent({ ...order, checkoutId: TOO_LONG }, 'placed', AT),
    version: orderEvent({ ...order, version: 0 }, 'placed', AT),
    'schema version': { ...orderEvent(order, 'placed', AT), schemaVersion: 2 },
    bytes: padded(orderEvent(order, 'placed', AT), JSON.stringify({ a: 'x'.repeat(MAX_PAYLOAD_BYTES) })),
    nesting: padded(orderEvent(order, 'placed', AT), nested(MAX_PAYLOAD_DEPTH + 2)),
  },
  stock: {
    id: stockEvent({ ...stock, productId: MOST + 1 }, 'sold', AT),
    name: stockEvent({ ...stock, name: TOO_LONG }, 'sold', AT),
    price: stockEvent({ ...stock, unitPrice: TOO_EXPENSIVE }, 'sold', AT),
    'on hand': stockEvent({ ...stock, onHand: -1 }, 'sold', AT),
    version: stockEvent({ ...stock, version: MOST + 1 }, 'sold', AT),
    'schema version': { ...stockEvent(stock, 'sold', AT), schemaVersion: 2 },
  },
  checkout: {
    key: checkoutEvent({ ...checkout, id: TOO_LONG }, 'placed', AT),
    user: checkoutEvent({ ...checkout, userId: 0 }, 'placed', AT),
    country: checkoutEvent({ ...checkout, country: TOO_LONG }, 'placed', AT),
    lines: checkoutEvent({ ...checkout, lines: [...checkout.lines, { ...line, orderId: 1 }] }, 'placed', AT),
    quantity: withLine({ quantity: MAX_QUANTITY + 1 }),
    price: withLine({ unitPrice: TOO_EXPENSIVE }),
    name: withLine({ name: TOO_LONG }),
    'schema version': { ...checkoutEvent(checkout, 'placed', AT), schemaVersion: 2 },
  },
  region: {
    'no epoch': regionEvent('snapshot-completed', { epoch: 0 }, AT),
    epoch: regionEvent('snapshot-completed', { epoch: MAX_EPOCH + 1 }, AT),
    'schema version': { ...regionEvent('snapshot-completed', { epoch: 1 }, AT), schemaVersion: 2 },
  },
};

const { region } = document;
const reading = ({ run, ...event }: NewEvent) =>
  readEvent(centralProjection, { region, epoch: MAX_EPOCH }, { ...event, seq: MOST });

test('every contract is tested', () => {
  const aggregates = CONTRACTS.map(({ aggregate }) => aggregate).sort();
  expect(Object.keys(WITHIN).sort()).toEqual(aggregates);
  expect(Object.keys(BEYOND).sort()).toEqual(aggregates);
});

describe.each(Object.keys(WITHIN))('events about a thing of kind %s', (aggregate) => {
  test.each(WITHIN[aggregate] ?? [])('$type is read at all limits', (event) => {
    expect(event.aggregate).toBe(aggregate);
    expect(reading(event)).toMatchObject({ kind: 'readable' });
  });

  test.each(Object.entries(BEYOND[aggregate] ?? {}))('%s beyond its limit is refused', (_, event) => {
    expect(reading(event)).toMatchObject({ kind: 'unreadable' });
  });
});
