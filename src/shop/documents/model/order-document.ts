/** The document of a checkout: everything that was ordered together, as it was at that moment, with the given details. */
import { canonicalInstant, fromCents, parseJson, toCents } from '../../../types.ts';
import { isShort, isStorable, MAX_PRICE, MAX_PRODUCTS, MAX_QUANTITY, MAX_TEXT_CHARACTERS } from '../../limits.ts';
import { checkDetails, type Details, DetailsError } from './details.ts';

interface DocumentLine {
  readonly orderId: number;
  readonly productId: number;
  /** The product name in the region; `null` if it was unknown. */
  readonly name: string | null;
  readonly quantity: number;
  /** Decimal text. */
  readonly unitPrice: string;
  /** The price in cents, for comparisons. */
  readonly unitPriceCents: number | null;
}

export interface OrderDocument {
  /** The key of the checkout. */
  readonly id: string;
  readonly region: string;
  readonly userId: number;
  /** ISO 8601, UTC. */
  readonly placedAt: string;
  readonly country: string | null;
  /** Decimal text. */
  readonly total: string;
  /** The total in cents, for comparisons; `null` if a number cannot represent it exactly. */
  readonly totalCents: number | null;
  /** The lines, sorted by product id. */
  readonly lines: readonly DocumentLine[];
  readonly details: Details;
}

/** The top-level names of a document, in print order. */
export const DOCUMENT_FIELDS = [
  'id',
  'region',
  'userId',
  'placedAt',
  'country',
  'total',
  'totalCents',
  'lines',
  'details',
] as const;

/** The stored outcome of a checkout. */
export interface Placed {
  readonly key: string;
  readonly userId: number;
  readonly placedAt: string;
  readonly country: string | null;
  readonly total: string;
  readonly orders: readonly {
    readonly id: number;
    readonly productId: number;
    /** Missing in outcomes from before names were stored. */
    readonly name?: string | null;
    readonly quantity: number;
    readonly unitPrice: string;
  }[];
}

export function orderDocument(region: string, placed: Placed, details: Details): OrderDocument {
  const { key, userId, placedAt, country, total, orders } = placed;
  return {
    id: key,
    region,
    userId,
    placedAt,
    country,
    total,
    totalCents: exactCents(total),
    lines: orders.map(({ id, productId, name = null, quantity, unitPrice }) => ({
      orderId: id,
      productId,
      name,
      quantity,
      unitPrice,
      unitPriceCents: exactCents(unitPrice),
    })),
    details,
  };
}

/** The key of a document within its region: the smallest id of its orders. */
export function documentKey({ lines }: Pick<OrderDocument, 'lines'>): number {
  return lines.reduce((least, { orderId }) => Math.min(least, orderId), Number.POSITIVE_INFINITY);
}

/** Thrown for an invalid document. The message is the reason, without a full stop. */
export class DocumentError extends Error {
  override readonly name = 'DocumentError';
}

/**
 * Reads an external document: checks every value, and drops unknown members.
 *
 * @throws DocumentError
 */
export function readOrderDocument(value: Readonly<Record<string, unknown>>): OrderDocument {
  const { id, region, userId, placedAt, country = null, total, lines, details = {} } = value;
  const at = typeof placedAt === 'string' ? canonicalInstant(placedAt) : undefined;
  if (at === undefined) {
    throw new DocumentError('Placed at must be an ISO 8601 date and time with a zone');
  }
  if (!Array.isArray(lines) || lines.length === 0) {
    throw new DocumentError('A checkout must have lines');
  }
  if (lines.length > MAX_PRODUCTS) {
    throw new DocumentError(`A checkout can have at most ${MAX_PRODUCTS} lines`);
  }
  const placed: Placed = {
    key: textOf('Id', id),
    userId: wholeOf('User id', userId, Number.MAX_SAFE_INTEGER),
    placedAt: at,
    country: country === null ? null : textOf('Country', country),
    total: amountOf('Total', total),
    orders: lines.map(readLine),
  };
  try {
    return orderDocument(textOf('Region', region), placed, checkDetails(details));
  } catch (error) {
    throw error instanceof DetailsError ? new DocumentError(`Details: ${error.message}`) : error;
  }
}

/** Reads an external document from JSON. @throws DocumentError */
export function parseOrderDocument(text: string): OrderDocument {
  let value: unknown;
  try {
    value = parseJson(text);
  } catch (error) {
    throw new DocumentError('It is not JSON', { cause: error });
  }
  if (typeof value !== 'object' || value === null) {
    throw new DocumentError('It is not a JSON object');
  }
  return readOrderDocument(value as Readonly<Record<string, unknown>>);
}

function readLine(value: unknown): Placed['orders'][number] {
  if (typeof value !== 'object' || value === null) {
    throw new DocumentError('A line must be an object');
  }
  const { orderId, productId, name = null, quantity, unitPrice } = value as Record<string, unknown>;
  return {
    id: wholeOf('Order id', orderId, Number.MAX_SAFE_INTEGER),
    productId: wholeOf('Product id', productId, Number.MAX_SAFE_INTEGER),
    // empty names were always accepted in stock
    name: name === null || name === '' ? name : textOf('Name', name),
    quantity: wholeOf('Quantity', quantity, MAX_QUANTITY),
    unitPrice: amountOf('Unit price', unitPrice, toCents(MAX_PRICE)),
  };
}

function textOf(what: string, value: unknown): string {
  if (typeof value !== 'string' || value === '' || !isShort(value)) {
    throw new DocumentError(`${what} must be text of 1 to ${MAX_TEXT_CHARACTERS} characters`);
  }
  if (!isStorable(value)) {
    throw new DocumentError(`${what} holds a character that not every database can keep`);
  }
  return value;
}

function wholeOf(what: string, value: unknown, most: number): number {
  if (!Number.isSafeInteger(value) || (value as number) < 1 || (value as number) > most) {
    throw new DocumentError(`${what} must be a whole number from 1 to ${most}`);
  }
  return value as number;
}

/** @param most the maximum in whole cents (default: no limit) */
function amountOf(what: string, value: unknown, most?: bigint): string {
  const cents = typeof value === 'string' ? toCents(value) : undefined;
  if (cents === undefined || cents < 0n) {
    throw new DocumentError(`${what} must be a decimal number with at most two decimals, and not negative`);
  }
  if (most !== undefined && cents > most) {
    throw new DocumentError(`${what} can be at most ${fromCents(most)}`);
  }
  return fromCents(cents);
}

function exactCents(amount: string): number | null {
  const cents = Number(toCents(amount));
  return Number.isSafeInteger(cents) ? cents : null;
}
