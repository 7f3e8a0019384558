/** Inserts rows with primary keys from a sequence. */
import type { EntityName } from '@mikro-orm/core';
import type { Row } from './columns.ts';
import type { Database, EntityManager } from './database.ts';
import { tableIdOf } from './table-id.ts';

/**
 * Inserts rows with the next numbers of the sequence as primary keys. Keys that rows with explicit keys have taken are skipped.
 *
 * @param rows rows without the primary key, a property called `id`
 * @returns the rows with their keys, in groups, one per statement
 */
export async function insertWithNextKeys<Entity extends object, Draft extends object>(
  database: Database,
  em: EntityManager,
  entity: EntityName<Entity>,
  rows: readonly Draft[],
): Promise<(Draft & { readonly id: number })[]> {
  const { engine } = database;
  const table = tableIdOf(database.metadataOf(entity));
  const inserted: (Draft & { readonly id: number })[] = [];
  let left = rows;
  for (;;) {
    const keys = await engine.nextKeys(em, table, left.length);
    const keyed = left.map((row, index) => ({ ...row, id: keys[index] as number }));
    const free = new Set(await database.bulk(entity).insertNew(em, keyed as readonly Row[], 'id'));
    inserted.push(...keyed.filter(({ id }) => free.has(id)));
    left = keyed.filter(({ id }) => !free.has(id));
    if (left.length === 0) {
      return inserted;
    }
    await engine.skipTakenKeys(em, table);
  }
}
