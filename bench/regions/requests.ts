/** The orders that everybody places: the same ones in the same order for the same seed. */
import { mix } from '../random.ts';

/** What can be ordered, by whom: ids from 1. */
export const USERS = 1000;
export const PRODUCTS = 1000;

export const REGION = 'boston';

const MOST_PIECES = 3;

export interface Request {
  readonly userId: number;
  /** Different products, by their ids. */
  readonly items: readonly { readonly productId: number; readonly quantity: number }[];
}

/** @param items different products of each order, of which there can be no more than {@link PRODUCTS} */
export function requestOf(seed: number, number: number, items: number): Request {
  const random = (what: number) => mix(mix(seed, number), what);
  const products = new Set<number>();
  for (let what = 1; products.size < items; what++) {
    products.add(1 + (random(what) % PRODUCTS));
  }
  return {
    userId: 1 + (random(0) % USERS),
    items: [...products]
      .sort((a, b) => a - b)
      .map((productId) => ({ productId, quantity: 1 + (random(-productId) % MOST_PIECES) })),
  };
}
