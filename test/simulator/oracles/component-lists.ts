/** The document store has the component lists as they were last acknowledged, and no others. */
import type { World } from '../world.ts';

interface StoredList {
  readonly id: number;
  readonly components: string;
}

const LISTS = "select product_id as id, json_extract(document, '$.components') as components from component_lists";

/** @returns how many lists have not reached the store */
export function unshippedComponentLists({ views }: World): number {
  const sql = 'select count(*) as count from product_components where shipped_version < version';
  return views.row<{ count: number }>('products', sql)?.count ?? 0;
}

export function wrongComponentLists({ views, componentLists }: World): string[] {
  const stored = new Map(views.rows<StoredList>('documents', LISTS).map(({ id, components }) => [id, components]));
  const ids = [...new Set([...componentLists.keys(), ...stored.keys()])];
  return ids.flatMap((id) => {
    // a product that was never made of anything else has no list
    const [wanted, there] = [JSON.stringify(componentLists.get(id) ?? []), stored.get(id) ?? '[]'];
    return wanted === there ? [] : [`product ${id} was set to ${wanted}, and the store has ${there}`];
  });
}
