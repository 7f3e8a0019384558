/** Products and their components, in an order in which a computation visits each product once. */
import { MeridianError } from '../../../index.ts';
import type { Component, ComponentList, DocumentStore } from '../../documents/store.ts';
import { tellCycle } from './cycle.ts';

/** What a product is made of, by product id; products without a list are made of nothing. */
export type Lists = ReadonlyMap<number, readonly Component[]>;

/** Product ids that the store is asked for at once. */
const PAGE_PRODUCTS = 1000;

/** All products that one is made of, at any depth, and itself. */
export function partsOf(store: Pick<DocumentStore, 'componentListsOf'>, productId: number): Promise<Lists> {
  return collect(
    productId,
    (ids) => store.componentListsOf(ids),
    (list) => list.components.map((one) => one.productId),
  );
}

/** All products that one is a part of, at any depth, and itself; their component lists are complete. */
export async function usersOf(store: Pick<DocumentStore, 'componentListsWith'>, productId: number): Promise<Lists> {
  return collect(
    productId,
    (ids) => store.componentListsWith(ids),
    (list) => [list.productId],
  );
}

/** A level at a time, so that a deep tree takes no deep stack. */
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
 * The products of `lists`, each before all that it is made of.
 *
 * @throws MeridianError `document` when some contain each other in a circle: lists of different moments can, while the store is
 *   being brought up to date
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

/** Every product that is left has one above it that is left. */
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
