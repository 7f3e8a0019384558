/** Puts off the indexes of a table that a run fills, and brings them back, however the run goes on. */
import type { Database, EntityManager } from '../../database/database.ts';
import type { IndexDefinition } from '../../database/engine.ts';
import { dropSecondaryIndexes, restoreSecondaryIndexes } from '../../database/secondary-indexes.ts';
import { RunStore } from '../../loads/run-store.ts';
import type { RunRow } from '../../loads/run-tables.ts';
import { parseJson } from '../../shared/json/parse.ts';

/** @returns what to write down in the row of the run, in the same transaction */
export async function putOffIndexes(database: Database, em: EntityManager): Promise<RunRow['indexes']> {
  const indexes = await dropSecondaryIndexes(database, em);
  return indexes.length === 0 ? null : JSON.stringify(indexes);
}

/** For the transaction that writes down that the run is past its load. */
export async function bringBackIndexes(database: Database, em: EntityManager, run: string): Promise<void> {
  const store = new RunStore(database);
  const indexes = (await store.run(em, run))?.indexes ?? null;
  if (indexes !== null) {
    const definitions = parseJson(indexes) as IndexDefinition[];
    await database.interruptibly(() => restoreSecondaryIndexes(database, em, definitions));
    await store.change(em, run, { indexes: null });
  }
}
