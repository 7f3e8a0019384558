/** The graph of products and components, with a topological order, in which a computation visits each product once. */
import { MeridianError } from '../../../index.ts';
import type { Component, ComponentList, DocumentStore } from '../../documents/store.ts';
import { tellCycle } from './cycle.ts';

/** Product id -> components; products without a list have no components. */
export type Lists = ReadonlyMap<number, readonly Component[]>;

/** Product ids per request to the store. */
const PAGE_PRODUCTS = 1000;

/** The product and all of its components, at any depth. */
export function partsOf(store: Pick<DocumentStore, 'componentListsOf'>, productId: number): Promise<Lists> {
  return collect(
    productId,
    (ids) => store.componentListsOf(ids),
    (list) => list.components.map((one) => one.productId),
  );
}

/** The product and all products that contain it, at any depth, with complete component lists. */
export async function usersOf(store: Pick<DocumentStore, 'componentListsWith'>, productId: number): Promise<Lists> {
  return collect(
    productId,
    (ids) => store.componentListsWith(ids),
    (list) => [list.productId],
  );
}

/** Collects lists level by level, so that a deep tree needs no deep stack. */
async function collect(
  productId: number,
  find: (ids: readonly number[]) => Promise<readonly ComponentList[]>,
  next: (list: ComponentList) => readonly number[],
): Promise<Lists> {
  const lists = new Map<number, readonly Component[]>([[productId, []]]);
  const seen = new Set([productId]);
  let level = [productId];
  while (level.length > 0) {
    const found: number[] = [];
    for (let at = 0; at < level.length; at += PAGE_PRODUCTS) {
      for (const list of await find(level.slice(at, at + PAGE_PRODUCTS))) {
        lists.set(list.productId, list.components);
        for (const id of next(list)) {
          if (!seen.has(id)) {
            seen.add(id);
            found.push(id);
            if (!lists.has(id)) {
              lists.set(id, []);
            }
          }
        }
      }
    }
    level = found;
  }
  return lists;
}

/**
 * The products of `lists`, each before its components.
 *
 * @throws MeridianError `document` for a cycle, which lists of different versions can form while the store is being updated
 */
export function fromTheTop(lists: Lists): number[] {
  const uses = new Map<number, number>([...lists.keys()].map((id) => [id, 0]));
  for (const components of lists.values()) {
    for (const { productId } of components) {
      if (lists.has(productId)) {
        uses.set(productId, (uses.get(productId) ?? 0) + 1);
      }
    }
  }
  const order = [...lists.keys()].filter((id) => uses.get(id) === 0);
  for (const id of order) {
    for (const { productId } of lists.get(id) ?? []) {
      const left = (uses.get(productId) ?? 0) - 1;
      uses.set(productId, left);
      if (left === 0) {
        order.push(productId);
      }
    }
  }
  if (order.length < lists.size) {
    throw new MeridianError(
      'document',
      `The document store holds component lists of different moments, in which products contain each other: ${tellCycle(aCycle(lists, new Set(order)))}. ` +
        'Bring it up to date with npx meridian sync.',
    );
  }
  return order;
}

/** Finds a cycle among the remaining products, each of which is a component of another remaining one. */
function aCycle(lists: Lists, done: ReadonlySet<number>): number[] {
  const above = new Map<number, number>();
  for (const [id, components] of lists) {
    for (const { productId } of done.has(id) ? [] : components) {
      above.set(productId, id);
    }
  }
  const path: number[] = [];
  let at = [...lists.keys()].find((id) => !done.has(id) && above.has(id)) ?? 0;
  while (!path.includes(at)) {
    path.push(at);
    at = above.get(at) ?? 0;
  }
  return [at, ...path.slice(path.indexOf(at) + 1).reverse(), at];
}
