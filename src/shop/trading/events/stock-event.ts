/** The events of a region's stock of a product. Their payload is the complete row after the change, with the rules of the entity. */
import {
  type EventBody,
  type EventContract,
  isVersion,
  type NewEvent,
  newEvent,
  readPayload,
  readVersion,
  refuseBroken,
  refuseOther,
} from '../../../replication/index.ts';
import { compileRules } from '../../../types.ts';
import { Stock } from '../stock.entity.ts';

export type StockChange = 'received' | 'sold' | 'returned' | 'resent';

/** The payload. The price is decimal text. */
type StockPayload = Pick<Stock, 'productId' | 'name' | 'unitPrice' | 'onHand'>;

export const stockContract: EventContract<{ readonly kind: 'stock'; readonly stock: Stock }> = {
  aggregate: 'stock',
  schemaVersion: 1,
  decode: (event) => ({ kind: 'stock', stock: readStock(event) }),
};

export function stockEvent(stock: Readonly<Stock>, type: StockChange, occurredAt: string): NewEvent {
  const { productId, name, unitPrice, onHand, version } = stock;
  const payload: StockPayload = { productId, name, unitPrice, onHand };
  return newEvent(stockContract, { id: productId, version, type, occurredAt }, payload);
}

const keepsRules = compileRules(Stock);

/** Whether central can read the event of a row, which may have been changed manually. */
export function isReadableStock(stock: Readonly<Stock>): boolean {
  return isVersion(stock.version) && keepsRules(Object.assign(new Stock(), stock));
}

function readStock(event: EventBody): Stock {
  const payload = readPayload(event);
  const { productId, name = null, unitPrice, onHand } = payload;
  refuseOther('product', productId, event.aggregateId);
  const version = readVersion(event);
  return refuseBroken(Object.assign(new Stock(), { productId, name, unitPrice, onHand, version }), keepsRules);
}
