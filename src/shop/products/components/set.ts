/** Sets the component list of a product, which is stored in the products database. */
import { type Database, type EntityManager, type Row, withRetry } from '../../../databases.ts';
import { MeridianError } from '../../../index.ts';
import { parseJson } from '../../../types.ts';
import type { Component, ComponentList } from '../../documents/store.ts';
import { MAX_QUANTITY } from '../../limits.ts';
import { Product } from '../product.entity.ts';
import { ProductComponents } from '../product-components.entity.ts';
import { tellCycle } from './cycle.ts';

/** The maximum number of different components of a product. */
export const MAX_COMPONENTS = 1000;

export interface SetComponents extends ComponentList {
  /** Whether the list has changed. */
  readonly isChanged: boolean;
}

/**
 * Replaces the components of a product. No other transaction can change any list meanwhile, so that two concurrent changes cannot form a
 * cycle together.
 *
 * @param products the products database, without pending migrations
 * @throws MeridianError `usage` for an unknown product, a component that occurs twice or is the product itself, and a cycle, which the
 *   message names; `database` or `locked` when the database cannot be written
 */
export async function setComponents(
  products: Database,
  productId: number,
  given: readonly Component[],
): Promise<SetComponents> {
  const components = checkedComponents(productId, given);
  // an attempt that was committed but whose acknowledgement was lost has also changed the list
  let isChanged = false;
  try {
    return await withRetry(products, () =>
      products.fork().transactional(async (em) => {
        await products.lockTable(em, ProductComponents);
        await refuseUnknown(products, em, [productId, ...components.map((one) => one.productId)]);
        await refuseCycle(products, em, productId, components);
        const set = await replace(products, em, productId, components);
        isChanged ||= set.isChanged;
        return { ...set, isChanged };
      }),
    );
  } catch (error) {
    throw products.explain(error);
  }
}

/** The components, sorted by product id. @throws MeridianError `usage` */
function checkedComponents(productId: number, given: readonly Component[]): Component[] {
  checkId(productId);
  if (given.length > MAX_COMPONENTS) {
    throw new MeridianError(
      'usage',
      `A product can be made of at most ${MAX_COMPONENTS} different ones, and ${given.length} are named. Put some of them together in a product of their own.`,
    );
  }
  const seen = new Set<number>();
  for (const component of given) {
    checkId(component.productId);
    if (!Number.isSafeInteger(component.quantity) || component.quantity < 1 || component.quantity > MAX_QUANTITY) {
      throw new MeridianError(
        'usage',
        `Product ${component.productId}: the quantity has to be a whole number from 1 to ${MAX_QUANTITY.toLocaleString('en')}, not ${component.quantity}.`,
      );
    }
    if (component.productId === productId) {
      throw new MeridianError('usage', `Product ${productId} cannot be made of itself.`);
    }
    if (seen.has(component.productId)) {
      throw new MeridianError(
        'usage',
        `Product ${component.productId} is named twice. Name it once, with how many of it there are in all.`,
      );
    }
    seen.add(component.productId);
  }
  return given
    .map((one) => ({ productId: one.productId, quantity: one.quantity }))
    .sort((a, b) => a.productId - b.productId);
}

function checkId(productId: number): void {
  if (!Number.isSafeInteger(productId) || productId < 1) {
    throw new MeridianError(
      'usage',
      `The id of a product is a whole number from 1 to ${Number.MAX_SAFE_INTEGER}, not ${productId}.`,
    );
  }
}

async function refuseUnknown(products: Database, em: EntityManager, ids: readonly number[]): Promise<void> {
  const missing = (await products.bulk(Product).missing(em, ids)) as number[];
  if (missing.length > 0) {
    const which = missing.length === 1 ? `Product ${missing[0]} does` : `Products ${missing.join(', ')} do`;
    throw new MeridianError(
      'usage',
      `${which} not exist in the products database. Load with npx meridian populate --products <file> first, or correct the id.`,
    );
  }
}

/** Searches for the product among its components, level by level. */
async function refuseCycle(
  products: Database,
  em: EntityManager,
  productId: number,
  components: readonly Component[],
): Promise<void> {
  const parents = new Map<number, number>(components.map((one) => [one.productId, productId]));
  let level = [...parents.keys()];
  while (level.length > 0) {
    const next: number[] = [];
    for (const list of await listsOf(products, em, level)) {
      for (const { productId: part } of list.components) {
        if (part === productId) {
          throw new MeridianError(
            'usage',
            `Product ${productId} cannot be made of this, for it would be a part of itself: ${tellCycle(pathTo(list.productId, productId, parents))}.`,
          );
        }
        if (!parents.has(part)) {
          parents.set(part, list.productId);
          next.push(part);
        }
      }
    }
    level = next;
  }
}

/** The path of a cycle: from the product to a component that contains it, and back to the product. */
function pathTo(last: number, productId: number, parents: ReadonlyMap<number, number>): number[] {
  const path = [productId];
  for (let at = last; at !== productId; at = parents.get(at) ?? productId) {
    path.push(at);
  }
  return [...path, productId].reverse();
}

async function listsOf(products: Database, em: EntityManager, ids: readonly number[]): Promise<ComponentList[]> {
  const rows = await products.bulk(ProductComponents).findByPrimaryKey(em, ids);
  return rows.map((row) => listOf(row as unknown as ProductComponents));
}

function listOf({ productId, version, components }: ProductComponents): ComponentList {
  return { productId, version, components: parseJson(components) as Component[] };
}

async function replace(
  products: Database,
  em: EntityManager,
  productId: number,
  components: readonly Component[],
): Promise<SetComponents> {
  const bulk = products.bulk(ProductComponents);
  const text = JSON.stringify(components);
  const [row] = (await bulk.findByPrimaryKey(em, [productId])) as unknown as ProductComponents[];
  if ((row?.components ?? '[]') === text) {
    return { productId, version: row?.version ?? 0, components, isChanged: false };
  }
  const version = (row?.version ?? 0) + 1;
  const changed = { productId, components: text, version, shippedVersion: row?.shippedVersion ?? 0 };
  await bulk.upsertNewer(em, [changed] as unknown as readonly Row[], ['version']);
  return { productId, version, components, isChanged: true };
}
