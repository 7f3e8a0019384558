/** Brings back what a load had in memory when its process was killed, from what it had written down. */
import type { Values } from '../../database/values.ts';
import type { IdSet } from '../../loads/id-set.ts';
import type { Outcome } from '../../loads/ledger.ts';
import { decodeIds, decodeNumbered } from '../../loads/outcomes.ts';
import { ledgerOf } from '../../loads/run-row.ts';
import { RunStore } from '../../loads/run-store.ts';
import type { RunBatchRow, RunRow } from '../../loads/run-tables.ts';
import type { Target } from '../participant.ts';
import { LoadProgress } from './load-progress.ts';

/** A record that was accepted, as its batch tells it. */
export interface Kept {
  readonly number: number;
  readonly id: unknown;
  readonly outcome: Outcome;
}

/** The records of a batch that were accepted and have not been taken out since. */
export function keptIn({ firstNumber, outcomes, ids }: RunBatchRow, gone: IdSet): Kept[] {
  const accepted = decodeIds(ids);
  let next = 0;
  return decodeNumbered(outcomes, firstNumber).flatMap(({ number, outcome }) => {
    if (outcome === 'rejected') {
      return [];
    }
    const kept = { number, id: accepted[next++], outcome };
    return gone.has(kept.number) ? [] : [kept];
  });
}

/** @param signal when aborted, not all is brought back, and the caller ends as well */
export async function restore(
  { database, em, shape }: Target,
  row: RunRow,
  signal?: AbortSignal,
): Promise<LoadProgress> {
  const store = new RunStore(database);
  const progress = new LoadProgress(database, shape, row.id, { ledger: ledgerOf(row), seconds: row.seconds });
  const gone = await store.rejectedNumbers(em);
  for await (const batch of store.batches(em)) {
    if (signal?.aborted) {
      break;
    }
    const ids = keptIn(batch, gone).map(({ id }) => id);
    // what a record held of another database stands in its row
    const rows: readonly Values[] =
      progress.references.size > 0
        ? await database.bulk().findByPrimaryKey(em, ids)
        : ids.map((id) => ({ [shape.primaryKey]: id }));
    progress.take(rows);
  }
  return progress;
}
