/** Adds a delivery to a region's stock. */
import type { EntityManager } from '../../databases.ts';
import { MeridianError } from '../../index.ts';
import { Outbox } from '../../replication/index.ts';
import { canonicalAmount, newId, toCents } from '../../types.ts';
import { checkKey, earlierOutcome, once, type Repeatable } from './checkout.ts';
import { unreadableReason } from './events/content.ts';
import { stockEvent } from './events/stock-event.ts';
import { checkLine } from './order-request.ts';
import type { Region } from './region.ts';
import type { Stock } from './stock.entity.ts';
import { tablesOf } from './tables.ts';
import { checkedStock } from './take-stock.ts';

export interface Delivery {
  readonly productId: number;
  /** The number of pieces, from 1 to the maximum of an order. */
  readonly quantity: number;
  /** The new unit price, as decimal text (default: the current one, or that of the products database). */
  readonly price?: string | undefined;
  /** The idempotency key, up to 100 characters: a repeated key changes nothing. */
  readonly key?: string | undefined;
}

/** The stock after a delivery. */
export interface ReceivedStock extends Stock, Repeatable {
  readonly key: string;
  /** The number of received pieces. */
  readonly received: number;
}

/** The data of a product in the products database; empty if it is unreachable. */
interface Offer {
  readonly name: string | null;
  readonly price: string | undefined;
}

/**
 * Adds a delivery to stock. The name and price of a new product in the region come from the products database. While that is unreachable,
 * the price of a new product must be given, and its name stays unknown until the next delivery.
 *
 * @throws MeridianError `usage` for a delivery that violates a rule, for a product that does not exist or has no known price, and for a key
 *   that was used for another request; `database` or `locked` when the region cannot be written
 */
export async function receiveStock(region: Region, delivery: Delivery): Promise<ReceivedStock> {
  const { productId, quantity, price, key = newId() } = delivery;
  checkLine({ productId, quantity, unitPrice: price });
  checkKey(key);
  const claim = { key, isGiven: delivery.key !== undefined, request: describe(delivery) };
  const earlier = await earlierOutcome<ReceivedStock>(region, claim);
  if (earlier !== undefined) {
    return earlier;
  }
  const offer = await offerOf(region, productId);
  return once(region, claim, async (em, at) => {
    const row = await add(em, delivery, offer);
    if (row === undefined) {
      throw new MeridianError(
        'usage',
        `Product ${productId} is new in ${region.name}, and the products database cannot be reached to ask for its price. Give it with --price.`,
      );
    }
    const stock = checkedStock(row);
    const event = stockEvent(stock, 'received', at);
    const reason = unreadableReason([event]);
    if (reason !== undefined) {
      throw new MeridianError(
        'usage',
        `Product ${productId} cannot be sold in ${region.name}, for central could not read what there is of it: ${reason}. Correct it in the products database, or in the region's table stock.`,
      );
    }
    await new Outbox(region.database).write(em, [event]);
    const { name, unitPrice, onHand, version } = stock;
    return { productId, name, unitPrice, onHand, version, key, received: quantity };
  });
}

/** @throws MeridianError `usage` if the product verifiably does not exist */
async function offerOf({ products }: Region, productId: number): Promise<Offer> {
  const product = await products.find(productId);
  if (product === 'absent') {
    throw new MeridianError(
      'usage',
      `Product ${productId} does not exist in the products database. Load it with npx meridian populate --products <file>, or correct the id.`,
    );
  }
  if (product === 'unknown') {
    return { name: null, price: undefined };
  }
  const { name, price } = product as { readonly name: string; readonly price: string };
  if (toCents(price) === undefined) {
    throw new MeridianError(
      'usage',
      `The products database has no price for product ${productId}, but ${price}. Correct it there.`,
    );
  }
  return { name, price };
}

/** @returns the row after the delivery; `undefined` if the product is new and its price is unknown */
async function add(
  em: EntityManager,
  { productId, quantity, price }: Delivery,
  offer: Offer,
): Promise<Stock | undefined> {
  const unitPrice = price ?? offer.price;
  if (unitPrice === undefined) {
    return tablesOf(em)
      .updateTable('Stock')
      .set((column) => ({ onHand: column('onHand', '+', quantity), version: column('version', '+', 1) }))
      .where('productId', '=', productId)
      .returningAll()
      .executeTakeFirst();
  }
  return tablesOf(em)
    .insertInto('Stock')
    .values({ productId, name: offer.name, unitPrice, onHand: quantity, version: 1 })
    .onConflict((conflict) =>
      conflict.column('productId').doUpdateSet((column) => ({
        onHand: column('Stock.onHand', '+', quantity),
        version: column('Stock.version', '+', 1),
        name: column.fn.coalesce('Stock.name', 'excluded.name'),
        ...(price === undefined ? {} : { unitPrice }),
      })),
    )
    .returningAll()
    .executeTakeFirst();
}

/** "delivery: 50 of product 1 at 9.99" */
function describe({ productId, quantity, price }: Delivery): string {
  return `delivery: ${quantity} of product ${productId}${price === undefined ? '' : ` at ${canonicalAmount(price)}`}`;
}
