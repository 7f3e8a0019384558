/** What it takes to make a product: everything that it is made of, multiplied down to the last part. */
import type { Component, DocumentStore } from '../../documents/store.ts';
import { fromTheTop, partsOf } from './graph.ts';

export interface Part {
  readonly productId: number;
  /** How many are needed in all, wherever they go. */
  readonly needed: bigint;
  /** Nothing for a part that is not made of others. */
  readonly components: readonly Component[];
}

export interface ComponentTree {
  readonly productId: number;
  readonly quantity: bigint;
  /** The product itself and all that it is made of, each once, and before what it is made of. */
  readonly parts: readonly Part[];
}

/**
 * Counts exactly, however large. A product that the store has no list of is made of nothing.
 *
 * @param quantity how many of the product are made
 * @throws MeridianError `document` when products in the store contain each other in a circle; what the store throws
 */
export async function componentTree(
  store: Pick<DocumentStore, 'componentListsOf'>,
  productId: number,
  quantity: bigint,
): Promise<ComponentTree> {
  const lists = await partsOf(store, productId);
  const needed = new Map<number, bigint>([[productId, quantity]]);
  const order = fromTheTop(lists);
  for (const id of order) {
    for (const component of lists.get(id) ?? []) {
      const more = (needed.get(id) ?? 0n) * BigInt(component.quantity);
      needed.set(component.productId, (needed.get(component.productId) ?? 0n) + more);
    }
  }
  const parts = order.map((id) => ({
    productId: id,
    needed: needed.get(id) ?? 0n,
    components: lists.get(id) ?? [],
  }));
  return { productId, quantity, parts };
}

/** The parts that are not made of others, shared ones added up; none for a product that is not made of anything. */
export function leavesOf({ productId, parts }: ComponentTree): Part[] {
  return parts
    .filter((part) => part.components.length === 0 && part.productId !== productId)
    .sort((a, b) => a.productId - b.productId);
}
