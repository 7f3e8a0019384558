/**
 * Indexes that are deferred while an empty table is filled: created at once over all rows, they cost a fraction of what they
 * cost row by row, and not more a row the more rows there are.
 */
import type { EntityManager } from './database.ts';
import type { IndexDefinition } from './engine.ts';
import type { Table } from './table.ts';
import { tableIdOf } from './table-id.ts';

/** Drops the indexes that only make the table faster. @returns what to make again */
export async function dropSecondaryIndexes(
  { database, metadata }: Table,
  em: EntityManager,
): Promise<readonly IndexDefinition[]> {
  const indexes = await database.engine.secondaryIndexes(em, tableIdOf(metadata));
  for (const { name } of indexes) {
    await em.execute(`drop index ${database.quotedTable({ ...metadata, tableName: name })}`);
  }
  return indexes;
}

/** Makes again what is not there. */
export async function restoreSecondaryIndexes(
  { database: { engine }, metadata }: Table,
  em: EntityManager,
  indexes: readonly IndexDefinition[],
): Promise<void> {
  const there = new Set((await engine.secondaryIndexes(em, tableIdOf(metadata))).map(({ name }) => name));
  for (const { name, definition } of indexes) {
    if (!there.has(name)) {
      await em.execute(definition);
    }
  }
}
