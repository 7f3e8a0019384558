/** Formats a component tree as lines. */
import { formatNumber, printable } from '../../module.ts';
import type { Names } from '../products/components/names.ts';
import type { ComponentTree } from '../products/components/tree.ts';

/** The maximum number of lines, since a tree with shared parts can be very long. */
const MAX_LINES = 500;

/** Deeper levels are not indented further. */
const MAX_INDENTED = 40;

interface Place {
  readonly productId: number;
  readonly level: number;
  /** The number needed at this position: that of the parent times the quantity per parent. */
  readonly needed: bigint;
  readonly each: number;
}

/** A product that occurs again is not expanded a second time. */
export function* treeLines({ productId, quantity, parts }: ComponentTree, names: Names): Generator<string> {
  const components = new Map(parts.map((part) => [part.productId, part.components]));
  const expanded = new Set<number>();
  // an explicit stack, because a tree may be deep
  const open: Place[] = [{ productId, level: 0, needed: quantity, each: 0 }];
  for (let lines = 0; lines < MAX_LINES; lines++) {
    const place = open.pop();
    if (place === undefined) {
      return;
    }
    const below = components.get(place.productId) ?? [];
    const isAgain = below.length > 0 && expanded.has(place.productId);
    expanded.add(place.productId);
    const each = place.level === 0 ? '' : ` (${formatNumber(place.each)} each)`;
    const name = names.get(place.productId);
    const product = name === undefined ? place.productId : `${place.productId}, ${printable(name)}`;
    yield `${indentation(place.level)}${formatNumber(place.needed)} of product ${product}${each}${isAgain ? ', expanded above' : ''}`;
    for (const one of isAgain ? [] : below.toReversed()) {
      open.push({
        productId: one.productId,
        level: place.level + 1,
        needed: place.needed * BigInt(one.quantity),
        each: one.quantity,
      });
    }
  }
  if (open.length > 0) {
    yield `… and more: --json lists each product once, with its components.`;
  }
}

function indentation(level: number): string {
  return level <= MAX_INDENTED ? '  '.repeat(level) : `${'  '.repeat(MAX_INDENTED)}(level ${level}) `;
}
