/** Defers the indexes of an empty table that a run fills, and restores them when the run leaves the state `loading`. */
import type { EntityManager } from '../../database/database.ts';
import type { IndexDefinition } from '../../database/engine.ts';
import { dropSecondaryIndexes, restoreSecondaryIndexes } from '../../database/secondary-indexes.ts';
import type { Table } from '../../database/table.ts';
import { RunStore } from '../../loads/run-store.ts';
import type { RunRow } from '../../loads/run-tables.ts';
import { parseJson } from '../../shared/json/parse.ts';

/** @returns the definitions, to be stored in the row of the run in the same transaction */
export async function deferIndexes(table: Table, em: EntityManager): Promise<RunRow['indexes']> {
  const indexes = await dropSecondaryIndexes(table, em);
  return indexes.length === 0 ? null : JSON.stringify(indexes);
}

/** For the transaction that changes the state of the run. */
export async function restoreIndexes(table: Table, em: EntityManager, run: string): Promise<void> {
  const store = new RunStore(table);
  const indexes = (await store.run(em, run))?.indexes ?? null;
  if (indexes !== null) {
    const definitions = parseJson(indexes) as IndexDefinition[];
    await table.database.interruptibly(() => restoreSecondaryIndexes(table, em, definitions));
    await store.change(em, run, { indexes: null });
  }
}
