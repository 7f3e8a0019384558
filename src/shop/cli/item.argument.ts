/** Parses `--item`: a product, x, and a quantity. */
import { InvalidArgumentError } from 'commander';
import { formatNumber, readWhole } from '../../module.ts';
import { MAX_QUANTITY } from '../limits.ts';
import type { OrderItem } from '../trading/order-request.ts';
import { readQuantity } from './quantity.argument.ts';

/**
 * @param before the preceding items
 * @throws InvalidArgumentError for any other text
 */
export function readItem(text: string, before: readonly OrderItem[] = []): OrderItem[] {
  const [, product = '', times = ''] = /^([^x]*)x([^x]*)$/i.exec(text) ?? [];
  const [productId, quantity] = [readWhole(product), readQuantity(times)];
  if (productId === undefined || quantity === undefined) {
    throw new InvalidArgumentError(
      `Write the id of a product, x, and how many of it: 1x2 is two of product 1. ` +
        `Ids are whole numbers from 1 to ${Number.MAX_SAFE_INTEGER}, quantities from 1 to ${formatNumber(MAX_QUANTITY)}.`,
    );
  }
  return [...before, { productId, quantity }];
}
