/** Component lists of the products database that are not in the document store yet. */
import { type Database, entityTables, type Row } from '../../databases.ts';
import { parseJson } from '../../types.ts';
import { ProductComponents } from '../products/product-components.entity.ts';
import type { Component, ComponentList, DocumentStore, UnacceptedList } from './store.ts';

/** Lists per write to the store. */
const PAGE_LISTS = 500;

const tablesOf = (products: Database) => entityTables<typeof ProductComponents>(products.fork());

/** Lists after this product whose newest version is not in the store, sorted by product id. */
export async function unshippedLists(products: Database, afterProductId: number): Promise<ComponentList[]> {
  const rows = await tablesOf(products)
    .selectFrom('ProductComponents')
    .select(['productId', 'components', 'version'])
    .whereRef('shippedVersion', '<', 'version')
    .where('productId', '>', afterProductId)
    .orderBy('productId')
    .limit(PAGE_LISTS)
    .execute();
  return rows.map(({ productId, version, components }) => ({
    productId,
    version,
    components: parseJson(components) as Component[],
  }));
}

export async function countUnshipped(products: Database): Promise<number> {
  const row = await tablesOf(products)
    .selectFrom('ProductComponents')
    .select((column) => column.fn.countAll<number | string>().as('count'))
    .whereRef('shippedVersion', '<', 'version')
    .executeTakeFirst();
  return Number(row?.count ?? 0);
}

/** Records which versions the store has. A list that was changed meanwhile stays unshipped. */
export async function noteShipped(products: Database, lists: readonly ComponentList[]): Promise<void> {
  const rows: Row[] = lists.map(({ productId, version }) => ({ productId, shippedVersion: version }));
  await products.bulk(ProductComponents).update(products.fork(), rows, ['shippedVersion']);
}

/**
 * Gives lists that the store has not accepted a version higher than the store's. Only this database assigns versions, so if the store has
 * others, this database was restored from a backup, and its current content is authoritative.
 */
export async function raiseVersions(products: Database, unaccepted: readonly UnacceptedList[]): Promise<void> {
  for (const { productId, version } of unaccepted) {
    await tablesOf(products)
      .updateTable('ProductComponents')
      .set({ version: version + 1 })
      .where('productId', '=', productId)
      .where('version', '<=', version)
      .execute();
  }
}

/**
 * Deletes from the store the lists of products without a list here, which were set after the backup from which this database was restored.
 *
 * @returns the number of deleted lists
 */
export async function removeLostLists(products: Database, store: DocumentStore): Promise<number> {
  let after = 0;
  let removed = 0;
  for (;;) {
    // read the store first: a list that is set meanwhile gets another version there, and is not deleted
    const there = await store.componentVersions(after, PAGE_LISTS);
    const last = there.at(-1);
    if (last === undefined) {
      return removed;
    }
    after = last.productId;
    const ids = there.map(({ productId }) => productId);
    const known = await products.bulk(ProductComponents).findByPrimaryKey(products.fork(), ids);
    const kept = new Set(known.map((row) => row['productId']));
    const lost = there.filter(({ productId }) => !kept.has(productId));
    await store.removeComponentLists(lost);
    removed += lost.length;
  }
}

/** Marks all lists as unshipped, for a document store that has lost them. @returns the number of lists */
export async function shipAgain(products: Database): Promise<number> {
  const { numUpdatedRows } = await tablesOf(products)
    .updateTable('ProductComponents')
    .set({ shippedVersion: 0 })
    .executeTakeFirstOrThrow();
  return Number(numUpdatedRows);
}

/** Whether the schema of the database has components. */
export function knowsComponents(products: Database): Promise<boolean> {
  return products.hasTable(products.fork(), ProductComponents);
}
