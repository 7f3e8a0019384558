/** docs/reference/events.md: the events that regions publish. The types of the keys are the code's own. */
import { block, code, grouped, page, table } from './markdown.ts';
import {
  type CheckoutChange,
  checkoutEvent,
  MAX_PAYLOAD_BYTES,
  MAX_PAYLOAD_DEPTH,
  MAX_PRICE,
  MAX_PRODUCTS,
  MAX_QUANTITY,
  MAX_TEXT_CHARACTERS,
  type NewEvent,
  type OrderChange,
  orderDocument,
  orderEvent,
  type RegionChange,
  regionEvent,
  type StockChange,
  stockEvent,
} from './sources.ts';

const ORDER: Readonly<Record<OrderChange, string>> = {
  placed: 'an order was placed',
  loaded: 'a populate inserted or updated it',
  confirmed: 'its user and product were found to exist',
  cancelled: 'it was cancelled, and its stock returned',
  resent: 'it is published again, in a new epoch',
};

const STOCK: Readonly<Record<StockChange, string>> = {
  received: 'a delivery arrived, or the price changed',
  sold: 'an order took from it',
  returned: 'a cancelled order returned to it',
  resent: 'it is published again, in a new epoch',
};

const CHECKOUT: Readonly<Record<CheckoutChange, string>> = {
  placed: 'an order was placed; the payload is its document',
  resent: 'the document is published again, in a new epoch',
};

const REGION: Readonly<Record<RegionChange, string>> = {
  'snapshot-completed': 'everything that the region holds has been published again in this epoch',
};

const AT = '2026-11-21T12:00:00.000Z';

const LINE = { id: 1, productId: 3, name: 'Headphones', quantity: 2, unitPrice: '89.99' };
const PLACED = { key: 'web-1001', userId: 1, placedAt: AT, country: 'France', total: '179.98', orders: [LINE] };

export function eventsPage(): string {
  return page(
    'Events',
    'A region writes an event into `outbox_event` in the transaction of the change. Its relay assigns `epoch` and `seq` after the commit and publishes it. ' +
      'The payload is the whole state after the change, never a difference. [Regions](../guides/regions.md) explains the way of an event to central.',
    '## Fields',
    table(
      ['field', 'meaning'],
      [
        ['`eventId`', 'a UUID, unique for ever'],
        ['`epoch`, `seq`', 'the sequence number within the epoch, without gaps; both assigned by the relay'],
        ['`aggregate`, `aggregateId`', 'what changed: its kind, and its id within the region'],
        ['`aggregateVersion`', 'grows by one with each change of the aggregate'],
        ['`type`', 'what happened; for people, since the payload says all'],
        ['`schemaVersion`', 'the version of the payload, which grows when an older reader could not understand it'],
        ['`payload`', `a JSON object of at most ${grouped(MAX_PAYLOAD_BYTES)} bytes and ${MAX_PAYLOAD_DEPTH} levels`],
        ['`occurredAt`', 'ISO 8601, UTC'],
        [
          '`traceparent`',
          'the span in which the change was made, as W3C Trace Context writes it; only where OpenTelemetry records spans',
        ],
      ],
    ),
    '## Limits',
    'Writer and readers share these limits: what a region accepts, central can read.',
    table(
      ['what', 'limit'],
      [
        ['names, countries, keys', `${MAX_TEXT_CHARACTERS} characters as displayed`],
        ['quantity of a product in an order', grouped(MAX_QUANTITY)],
        ['unit price', MAX_PRICE],
        ['products in an order', grouped(MAX_PRODUCTS)],
      ],
    ),
    ...section(
      'order',
      ORDER,
      orderEvent(
        {
          id: 1,
          userId: 1,
          productId: 3,
          quantity: 2,
          unitPrice: '89.99',
          placedAt: AT,
          country: 'France',
          checkoutId: 'web-1001',
        },
        'placed',
        AT,
      ),
    ),
    ...section(
      'stock',
      STOCK,
      stockEvent({ productId: 3, name: 'Headphones', unitPrice: '89.99', onHand: 8, version: 2 }, 'sold', AT),
    ),
    ...section(
      'checkout',
      CHECKOUT,
      checkoutEvent(orderDocument('boston', PLACED, { gift: { wrap: true } }), 'placed', AT),
    ),
    ...section('region', REGION, regionEvent('snapshot-completed', { epoch: 2 }, AT)),
  );
}

function section(
  aggregate: string,
  types: Readonly<Record<string, string>>,
  { payload, schemaVersion }: NewEvent,
): string[] {
  return [
    `## ${aggregate}`,
    table(
      ['type', 'when'],
      Object.entries(types).map(([type, when]) => [code(type), when]),
    ),
    `The payload, in schema version ${schemaVersion}:`,
    block('json', JSON.stringify(JSON.parse(payload), null, 2)),
  ];
}
