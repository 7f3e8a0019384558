/** Defers the indexes of an empty table that a run fills, and restores them when the run leaves the state `loading`. */
import type { Database, EntityManager } from '../../database/database.ts';
import type { IndexDefinition } from '../../database/engine.ts';
import { dropSecondaryIndexes, restoreSecondaryIndexes } from '../../database/secondary-indexes.ts';
import { RunStore } from '../../loads/run-store.ts';
import type { RunRow } from '../../loads/run-tables.ts';
import { parseJson } from '../../shared/json/parse.ts';

/** @returns the definitions, to be stored in the row of the run in the same transaction */
export async function deferIndexes(database: Database, em: EntityManager): Promise<RunRow['indexes']> {
  const indexes = await dropSecondaryIndexes(database, em);
  return indexes.length === 0 ? null : JSON.stringify(indexes);
}

/** For the transaction that changes the state of the run. */
export async function restoreIndexes(database: Database, em: EntityManager, run: string): Promise<void> {
  const store = new RunStore(database);
  const indexes = (await store.run(em, run))?.indexes ?? null;
  if (indexes !== null) {
    const definitions = parseJson(indexes) as IndexDefinition[];
    await database.interruptibly(() => restoreSecondaryIndexes(database, em, definitions));
    await store.change(em, run, { indexes: null });
  }
}
