/** The component tree of a product, with the required quantities down to the last part. */
import type { Component, DocumentStore } from '../../documents/store.ts';
import { fromTheTop, partsOf } from './graph.ts';

export interface Part {
  readonly productId: number;
  /** The total quantity over all uses. */
  readonly needed: bigint;
  /** The components; empty for an elementary part. */
  readonly components: readonly Component[];
}

export interface ComponentTree {
  readonly productId: number;
  readonly quantity: bigint;
  /** The product and all of its components, each once, and before its own components. */
  readonly parts: readonly Part[];
}

/**
 * Computes exact quantities, however large. A product without a list in the store has no components.
 *
 * @param quantity the number of products to make
 * @throws MeridianError `document` for a cycle of products in the store; errors of the store
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

/** The elementary parts, with summed quantities; none for a product without components. */
export function leavesOf({ productId, parts }: ComponentTree): Part[] {
  return parts
    .filter((part) => part.components.length === 0 && part.productId !== productId)
    .sort((a, b) => a.productId - b.productId);
}
