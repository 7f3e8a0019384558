/**
 * Deferred indexes: while an empty table is filled, its secondary indexes are dropped. Creating them at once over all rows costs a fraction
 * of maintaining them row by row, which gets slower the more rows there are.
 */
import type { EntityManager } from './database.ts';
import type { IndexDefinition } from './engine.ts';
import type { Table } from './table.ts';
import { tableIdOf } from './table-id.ts';

/** Drops the indexes that only make the table faster. @returns the definitions for restoring them */
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

/** Creates the indexes that do not exist. */
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
