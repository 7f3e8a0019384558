/**
 * Defers the indexes of an empty table that a run fills, and restores them when the run leaves the state `loading`. The same for a table
 * from which the reference check deletes many of these rows.
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

/** @returns the definitions, which have to be stored in the row of the run in the same transaction */
export async function deferIndexes(table: Table, em: EntityManager): Promise<RunRow['indexes']> {
  const indexes = await dropSecondaryIndexes(table, em);
  return indexes.length === 0 ? null : JSON.stringify(indexes);
}

/** Indexes may be deferred if at least so many keys are missing. */
const MANY_KEYS = 10_000;

/** Deleting the row of a key costs at least as much as indexing so many rows. */
const ROWS_PER_KEY = 20;

/**
 * Defers the indexes of a table before rows of a run with dangling references are deleted from it: otherwise each row would be looked up in
 * each index, and change another page of it. Tables that had many rows before the run keep their indexes, and so do tables with relations,
 * since rows are looked up by them meanwhile.
 *
 * @returns whether it deferred them
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

/** Call it in the transaction that changes the state of the run. */
export async function restoreIndexes(table: Table, em: EntityManager, run: string): Promise<void> {
  const store = new RunStore(table);
  const indexes = (await store.run(em, run))?.indexes ?? null;
  if (indexes !== null) {
    const definitions = parseJson(indexes) as IndexDefinition[];
    await table.database.interruptibly(() => restoreSecondaryIndexes(table, em, definitions));
    await store.change(em, run, { indexes: null });
  }
}
