/** How `--item` is written: a product, x, and how many of it. */
import { InvalidArgumentError } from 'commander';
import type { OrderItem } from '../regions/order-request.ts';
import { readWhole } from './whole-number.ts';

/**
 * @param before the items that were named before this one
 * @throws InvalidArgumentError for what is written in any other way
 */
export function readItem(text: string, before: readonly OrderItem[] = []): OrderItem[] {
  const [, product = '', times = ''] = /^([^x]*)x([^x]*)$/i.exec(text) ?? [];
  const [productId, quantity] = [readWhole(product), readWhole(times)];
  if (productId === undefined || quantity === undefined) {
    throw new InvalidArgumentError(
      `Write the id of a product, x, and how many of it: 1x2 is two of product 1. Both are whole numbers from 1 to ${Number.MAX_SAFE_INTEGER}.`,
    );
  }
  return [...before, { productId, quantity }];
}
