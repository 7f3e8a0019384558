/** Order requests, which are validated by the rules of the entity before anything is changed. */
import { createHash } from 'node:crypto';
import { MeridianError } from '../../index.ts';
import { compileRules, newId, ruleErrors } from '../../types.ts';
import { checkDetails, type Details, DetailsError } from '../documents/model/details.ts';
import { MAX_PRODUCTS } from '../limits.ts';
import { Order } from '../orders/order.entity.ts';
import { type Claim, checkKey } from './checkout.ts';

export interface OrderItem {
  readonly productId: number;
  /** The number of pieces. */
  readonly quantity: number;
}

export interface OrderRequest {
  readonly userId: number;
  /** The ordered items. Items of the same product are combined. */
  readonly items: readonly OrderItem[];
  /** The country of the sale. */
  readonly country?: string | undefined;
  /** The idempotency key, up to 100 characters: a repeated key returns the first outcome. */
  readonly key?: string | undefined;
  /** Free-form details to store with the order: a JSON object. */
  readonly details?: Details | undefined;
}

/** A valid request with one line per product, sorted by product id. */
export interface CheckedRequest {
  readonly userId: number;
  readonly country: string | null;
  readonly lines: readonly OrderItem[];
  readonly details: Details;
  readonly claim: Claim;
}

const keepsRules = compileRules(Order);

/** @throws MeridianError `usage`, with every violated rule */
export function checkRequest({ userId, items, country = '', key, details: given }: OrderRequest): CheckedRequest {
  if (items.length === 0) {
    throw new MeridianError('usage', 'An order needs at least one item, such as 2 of product 1.');
  }
  if (key !== undefined) {
    checkKey(key);
  }
  const details = checkedDetails(given);
  const detailsText = Object.keys(details).length === 0 ? null : JSON.stringify(details);
  const checkoutId = key ?? newId();
  const where = country.trim() || null;
  const quantities = new Map<number, number>();
  for (const { productId, quantity } of items) {
    // check each item separately too, since an invalid quantity could be hidden in the sum
    checkLine({ userId, productId, quantity, country: where, checkoutId });
    quantities.set(productId, (quantities.get(productId) ?? 0) + quantity);
  }
  const lines = [...quantities]
    .map(([productId, quantity]) => ({ productId, quantity }))
    .sort((a, b) => a.productId - b.productId);
  if (lines.length < items.length) {
    for (const line of lines) {
      checkLine({ userId, ...line, country: where, checkoutId });
    }
  }
  if (lines.length > MAX_PRODUCTS) {
    throw new MeridianError(
      'usage',
      `An order can have at most ${MAX_PRODUCTS} different products, and this one has ${lines.length}. Place several orders.`,
    );
  }
  return {
    userId,
    country: where,
    lines,
    details,
    claim: {
      key: checkoutId,
      isGiven: key !== undefined,
      request: describe(userId, lines, where, detailsText),
      details: detailsText,
    },
  };
}

function checkedDetails(given: unknown): Details {
  try {
    return given === undefined ? {} : checkDetails(given);
  } catch (error) {
    throw error instanceof DetailsError
      ? new MeridianError('usage', `The details cannot be taken: ${error.message}.`)
      : error;
  }
}

/** Properties whose errors concern the product. Other errors, such as those of the user, do not name it. */
const OF_PRODUCT: ReadonlySet<string> = new Set(['productId', 'quantity', 'unitPrice']);

/** @throws MeridianError `usage` if an order of this line would violate a rule */
export function checkLine(line: Partial<Order> & Pick<Order, 'productId'>): void {
  // the id is assigned on insert
  const { userId = 1 } = line;
  const order = Object.assign(new Order(), line, { id: 1, userId });
  if (!keepsRules(order)) {
    const { ofProduct = [], others = [] } = Object.groupBy(ruleErrors(order), ({ property }) =>
      OF_PRODUCT.has(property ?? '') ? 'ofProduct' : 'others',
    );
    const reasons = [
      ...others.map(({ message }) => message),
      ...(ofProduct.length > 0
        ? [`Product ${line.productId}: ${ofProduct.map(({ message }) => message).join('; ')}`]
        : []),
    ];
    throw new MeridianError('usage', `${reasons.join('; ')}.`);
  }
}

/** Longer details are replaced by a digest. */
const MAX_TOLD_CHARACTERS = 200;

/** "order of user 1: 2 of product 1, 1 of product 3 (France) with details {"gift":{"wrap":true}}" */
function describe(userId: number, lines: readonly OrderItem[], country: string | null, details: string | null): string {
  const what = lines.map(({ productId, quantity }) => `${quantity} of product ${productId}`).join(', ');
  const where = country === null ? '' : ` (${country})`;
  return `order of user ${userId}: ${what}${where}${details === null ? '' : ` with details ${tellDetails(details)}`}`;
}

function tellDetails(details: string): string {
  return details.length <= MAX_TOLD_CHARACTERS
    ? details
    : `of ${details.length} characters (SHA-256 ${createHash('sha256').update(details).digest('hex')})`;
}
