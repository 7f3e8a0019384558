/** Events that central cannot read. */
import { MAX_PAYLOAD_BYTES } from '../../../src/replication/events/envelope.ts';
import type { ShippedEvent } from '../../../src/replication/transport/transport.ts';
import { checkoutAt, completedAt, orderAt, stockAt } from '../../support/shipped.ts';

/** What is wrong with an event, and what is said of it. */
export const UNREADABLE: readonly (readonly [string, (seq: number) => ShippedEvent, RegExp])[] = [
  ['is no JSON', (seq) => orderAt(seq, {}, { payload: '{"id":' }), /not a JSON object/],
  ['is an array', (seq) => orderAt(seq, {}, { payload: '[1]' }), /not a JSON object/],
  ['is null', (seq) => orderAt(seq, {}, { payload: 'null' }), /not a JSON object/],
  ['is empty', (seq) => orderAt(seq, {}, { payload: '{}' }), /about order nothing, the event about/],
  ['is about another order', (seq) => orderAt(seq, {}, {}, { id: 99 }), /is about order 99, the event about/],
  ['is about the order as text', (seq) => orderAt(seq, {}, {}, { id: String(seq) }), /is about order/],
  [
    'is about what cannot be shown',
    (seq) => orderAt(seq, {}, {}, { id: { toString: 1, valueOf: 1 } }),
    /is about order/,
  ],
  ['is about a zero character', (seq) => orderAt(seq, {}, {}, { id: '\0' }), /is about order/],
  ['is of a newer version', (seq) => orderAt(seq, {}, { schemaVersion: 2 }), /schema version 2 is not known here/],
  ['is about an unknown kind of thing', (seq) => orderAt(seq, {}, { aggregate: 'refund' }), /events about "refund"/],
  ['is about a nameless thing', (seq) => orderAt(seq, {}, { aggregate: '\0' }), /events about "/],
  ['is of a region, and unknown', (seq) => ({ ...completedAt(seq, 1), type: 'closed' }), /an event closed of a region/],
  ['says no epoch', (seq) => ({ ...completedAt(seq, 1), payload: '{"epoch":"1"}' }), /of a region is not known/],
  ['has three decimals', (seq) => orderAt(seq, {}, {}, { unitPrice: '1.999' }), /Unit price must be a decimal/],
  ['has money as a number', (seq) => orderAt(seq, {}, {}, { unitPrice: 2.5 }), /Unit price must be a decimal/],
  ['has a negative price', (seq) => orderAt(seq, {}, {}, { unitPrice: '-1.00' }), /Unit price cannot be negative/],
  ['has an endless price', (seq) => orderAt(seq, {}, {}, { unitPrice: '9'.repeat(400) }), /Unit price can be at most/],
  ['has no quantity', (seq) => orderAt(seq, {}, {}, { quantity: 0 }), /Quantity must be positive/],
  ['has half a piece', (seq) => orderAt(seq, {}, {}, { quantity: 1.5 }), /Quantity must be a whole number/],
  ['has too many pieces', (seq) => orderAt(seq, {}, {}, { quantity: 1e300 }), /Quantity can be at most/],
  ['has a huge user', (seq) => orderAt(seq, {}, {}, { userId: 1e300 }), /User id must be a whole number up to/],
  [
    'has a huge product',
    (seq) => orderAt(seq, {}, {}, { productId: 2 ** 53 }),
    /Product id must be a whole number up to/,
  ],
  [
    'has a huge version',
    (seq) => orderAt(seq, {}, { aggregateVersion: 2 ** 60 }),
    /Version must be a whole number from 1/,
  ],
  ['has no version', (seq) => orderAt(seq, {}, { aggregateVersion: 0 }), /Version must be a whole number from 1/],
  ['has another status', (seq) => orderAt(seq, {}, {}, { status: 'lost' }), /Status must be one of/],
  ['has a time of no zone', (seq) => orderAt(seq, {}, {}, { placedAt: '2026-11-21T12:00:00' }), /Placed at must be/],
  [
    'has a country that not every database keeps',
    (seq) => orderAt(seq, { country: 'Fr\0nce' }),
    /Country holds a character/,
  ],
  ['has half a character', (seq) => orderAt(seq, { country: '\ud800' }), /Country holds a character/],
  ['is nested without end', (seq) => orderAt(seq, {}, { payload: nested(60_000) }), /nested deeper than 64 levels/],
  ['is larger than any is', (seq) => orderAt(seq, {}, {}, { more: 'x'.repeat(MAX_PAYLOAD_BYTES) }), /at most 131,072/],
  ['has a snapshot of a later epoch', (seq) => completedAt(seq, 2), /began in epoch 2 cannot be complete in epoch 1/],
  ['is about another epoch', (seq) => ({ ...completedAt(seq, 1), aggregateId: 2 }), /of a region is not known/],
  ['has a list for a country', (seq) => orderAt(seq, {}, {}, { country: ['France'] }), /Country must be text/],
  ['has negative stock', (seq) => stockAt(seq, {}, { onHand: -1 }), /On hand cannot be negative/],
  ['has huge stock', (seq) => stockAt(seq, {}, { onHand: 1e21 }), /On hand can be at most/],
  ['has stock of another product', (seq) => stockAt(seq, {}, { productId: 8 }), /about product 8, the event about 7/],
  ['has stock without a price', (seq) => stockAt(seq, {}, { unitPrice: null }), /Unit price cannot be empty/],
  [
    'is of another checkout',
    (seq) => checkoutAt(seq, { orderId: 9999 }, { aggregateId: 7 }),
    /about the checkout of order 9999, the event about 7/,
  ],
  [
    'is of another region',
    (seq) => checkoutAt(seq, { region: 'oslo' }),
    /about region oslo, the event came from boston/,
  ],
  ['has no checkout version', (seq) => checkoutAt(seq, {}, { aggregateVersion: 0 }), /Version must be a whole number/],
  ['has a checkout without lines', (seq) => checkoutAt(seq, {}, {}, { lines: [] }), /A checkout must have lines/],
  [
    'has details that no store keeps',
    (seq) => checkoutAt(seq, {}, {}, { details: { a: '\0' } }),
    /Details: a text holds the character U\+0000/,
  ],
];

/** An order whose id is a list in a list in a list. */
function nested(depth: number): string {
  return `{"id":{"a":${'['.repeat(depth)}${']'.repeat(depth)}}}`;
}
