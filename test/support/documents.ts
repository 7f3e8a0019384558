/** Order documents that a test has thought up. */
import type { Details } from '../../src/shop/documents/model/details.ts';
import { orderDocument, type Placed } from '../../src/shop/documents/model/order-document.ts';
import type { ComponentList, VersionedDocument } from '../../src/shop/documents/store.ts';

export interface DocumentParts extends Partial<Omit<Placed, 'key' | 'orders'>> {
  readonly region?: string;
  readonly orderId?: number;
  readonly epoch?: number;
  readonly version?: number;
  /** Of the event that it came with. */
  readonly seq?: number;
  readonly eventId?: string;
  readonly details?: Details;
  readonly orders?: Placed['orders'];
}

/** Two mugs at 2.50, of user 1, in boston, but for what is said. */
export function documentOf(parts: DocumentParts = {}): VersionedDocument {
  const { region = 'boston', orderId = 1, epoch = 1, version = 1, seq, eventId, details = {}, ...rest } = parts;
  const placed: Placed = {
    key: `key ${orderId}`,
    userId: 1,
    placedAt: '2026-11-21T12:00:00.000Z',
    country: null,
    total: '5.00',
    orders: [{ id: orderId, productId: 7, name: 'Mug', quantity: 2, unitPrice: '2.50' }],
    ...rest,
  };
  const event = seq === undefined ? {} : { seq, eventId: eventId ?? `event ${seq}` };
  return { orderId, epoch, version, ...event, document: orderDocument(region, placed, details) };
}

/** `listOf(5, 1, '12x4', '7x1')` */
export function listOf(productId: number, version: number, ...components: readonly string[]): ComponentList {
  return {
    productId,
    version,
    components: components.map((text) => {
      const [id = 0, quantity = 0] = text.split('x').map(Number);
      return { productId: id, quantity };
    }),
  };
}
