/** The event of what a region has of a product: all of it as it is after a change, never a difference. */
import {
  type EventBody,
  type NewEvent,
  newEvent,
  readPayload,
  readVersion,
  refuseBroken,
  refuseOther,
} from '../../../replication/events/event.ts';
import { compileRules } from '../../../shared/rules/rules.ts';
import { Stock } from '../stock.entity.ts';

export type StockChange = 'received' | 'sold' | 'returned' | 'resent';

/** Money as decimal text. */
export type StockPayload = Pick<Stock, 'productId' | 'name' | 'unitPrice' | 'onHand'>;

const keepsRules = compileRules(Stock);

export function stockEvent(stock: Readonly<Stock>, type: StockChange, occurredAt: string): NewEvent {
  const { productId, name, unitPrice, onHand, version } = stock;
  const payload: StockPayload = { productId, name, unitPrice, onHand };
  return newEvent({ aggregate: 'stock', aggregateId: productId, aggregateVersion: version, type }, payload, occurredAt);
}

/** By the rules of the entity, which is what a region writes. @throws UnreadableError */
export function readStock(event: EventBody): Stock {
  const payload = readPayload(event);
  const { productId, name = null, unitPrice, onHand } = payload;
  refuseOther('product', productId, event.aggregateId);
  const version = readVersion(event);
  return refuseBroken(Object.assign(new Stock(), { productId, name, unitPrice, onHand, version }), keepsRules);
}
