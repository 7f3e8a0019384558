/** Inserts rows whose primary keys are assigned here. */
import type { EntityName } from '@mikro-orm/core';
import type { Row } from './columns.ts';
import type { Database, EntityManager } from './database.ts';
import { tableIdOf } from './table-id.ts';

/**
 * Inserts rows and gives each the next whole number as its primary key, from the sequence of its column. Where rows have come with keys of
 * their own, keys that are taken are passed over.
 *
 * @param rows without the primary key, which is a property called `id`
 * @returns the rows with their keys, those of one statement together
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
