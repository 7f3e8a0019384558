/**
 * Defers the indexes of an empty table that a run fills, and restores them when the run leaves the state `loading`; and those of a table
 * from which the check of references deletes many of these rows.
 */
import type { EntityManager } from '../../database/database.ts';
import type { IndexDefinition } from '../../database/engine.ts';
import { dropSecondaryIndexes, restoreSecondaryIndexes } from '../../database/secondary-indexes.ts';
import type { Table } from '../../database/table.ts';
import { RunStore } from '../../loads/run-store.ts';
import type { RunRow } from '../../loads/run-tables.ts';
import { parseJson } from '../../shared/json/parse.ts';
import type { Target } from '../participant.ts';
import type { LoadProgress } from '../resume/load-progress.ts';

/** @returns the definitions, to be stored in the row of the run in the same transaction */
export async function deferIndexes(table: Table, em: EntityManager): Promise<RunRow['indexes']> {
  const indexes = await dropSecondaryIndexes(table, em);
  return indexes.length === 0 ? null : JSON.stringify(indexes);
}

/** From so many missing keys on, indexes may be deferred. */
const MANY_KEYS = 10_000;

/** Deleting the row of a key costs as much as making the indexes of so many rows, at least. */
const ROWS_PER_KEY = 20;

/**
 * Defers the indexes of a table before the rows of a run are deleted from it whose references are missing: each row would be looked for
 * in each index, and change another page of it. Tables that held many rows before the run keep theirs, and so do tables with relations,
 * whose rows are looked up by them meanwhile.
 *
 * @returns whether it did
 */
export async function deferForReverting(
  { table, em, shape }: Target,
  { run, ledger }: Pick<LoadProgress, 'run' | 'ledger'>,
  missing: number,
): Promise<boolean> {
  if (missing < MANY_KEYS || shape.relations.length > 0) {
    return false;
  }
  return table.write(em, async (transaction) => {
    const rows = await table.countRows(transaction);
    const store = new RunStore(table);
    const isFilled = ledger.counts.inserted * 2 >= rows && missing * ROWS_PER_KEY >= rows;
    if (!isFilled || (await store.run(transaction, run))?.indexes !== null) {
      return false;
    }
    await store.change(transaction, run, { indexes: await deferIndexes(table, transaction) });
    return true;
  });
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
