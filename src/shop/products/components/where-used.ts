/** What a product is a part of, directly or of a part. */
import type { DocumentStore } from '../../documents/store.ts';
import { fromTheTop, usersOf } from './graph.ts';

export interface Use {
  /** What is made of it. */
  readonly productId: number;
  /** How many stand in its own list; none where it only comes in other parts. */
  readonly directly: number | undefined;
  /** How many one of the product takes in all. */
  readonly inAll: bigint;
}

/**
 * Those that are made of it directly first, then by product id.
 *
 * @throws MeridianError `document` when products in the store contain each other in a circle; what the store throws
 */
export async function whereUsed(store: Pick<DocumentStore, 'componentListsWith'>, productId: number): Promise<Use[]> {
  const lists = await usersOf(store, productId);
  const inAll = new Map<number, bigint>([[productId, 1n]]);
  const uses: Use[] = [];
  for (const id of fromTheTop(lists).reverse()) {
    if (id === productId) {
      continue;
    }
    const components = lists.get(id) ?? [];
    const sum = components.reduce((all, one) => all + (inAll.get(one.productId) ?? 0n) * BigInt(one.quantity), 0n);
    inAll.set(id, sum);
    uses.push({
      productId: id,
      directly: components.find((one) => one.productId === productId)?.quantity,
      inAll: sum,
    });
  }
  return uses.sort(
    (a, b) => Number(a.directly === undefined) - Number(b.directly === undefined) || a.productId - b.productId,
  );
}
