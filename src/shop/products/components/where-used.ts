/** Where-used queries: the products that contain a product, directly or indirectly. */
import type { DocumentStore } from '../../documents/store.ts';
import { fromTheTop, usersOf } from './graph.ts';

export interface Use {
  /** The containing product. */
  readonly productId: number;
  /** The quantity in its own list; `undefined` if it contains the product only indirectly. */
  readonly directly: number | undefined;
  /** The total quantity per containing product. */
  readonly inAll: bigint;
}

/**
 * Lists the containing products, direct ones first, then sorted by product id.
 *
 * @throws MeridianError `document` for a cycle of products in the store; errors of the store
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
