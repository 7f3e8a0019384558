/** Restores the progress of a load from the data of an earlier process. */
import type { Values } from '../../database/values.ts';
import type { IdSet } from '../../loads/id-set.ts';
import type { Outcome } from '../../loads/ledger.ts';
import { decodeIds, decodeNumbered } from '../../loads/outcomes.ts';
import { ledgerOf } from '../../loads/run-row.ts';
import { RunStore } from '../../loads/run-store.ts';
import type { RunBatchRow, RunRow } from '../../loads/run-tables.ts';
import type { Target } from '../participant.ts';
import type { EntityShape } from '../record/shape.ts';
import { LoadProgress } from './load-progress.ts';
import { storedRows } from './stored-rows.ts';

/** An accepted record, as stored with its batch. */
export interface Kept {
  readonly number: number;
  readonly id: unknown;
  readonly outcome: Outcome;
}

/** The accepted records of a batch, without those that were rejected later. */
export function keptIn({ firstNumber, outcomes, ids }: RunBatchRow, rejected: IdSet): Kept[] {
  const accepted = decodeIds(ids);
  let next = 0;
  return decodeNumbered(outcomes, firstNumber).flatMap(({ number, outcome }) => {
    if (outcome === 'rejected') {
      return [];
    }
    const kept = { number, id: accepted[next++], outcome };
    return rejected.has(kept.number) ? [] : [kept];
  });
}

/** The records of a batch whose targets did not exist: their primary keys, and the keys of the targets. */
export function deferredIn(shape: EntityShape, { deferred }: RunBatchRow, kept: ReadonlySet<unknown>): Values[] {
  return storedRows(shape, deferred).filter((row) => kept.has(shape.primaryKey.of(row)));
}

/** @param signal when aborted, only a part is restored, and the caller stops too */
export async function restore({ table, em, shape }: Target, row: RunRow, signal?: AbortSignal): Promise<LoadProgress> {
  const store = new RunStore(table);
  const readFiles = await store.readFiles(em, row.id);
  const progress = new LoadProgress(table, shape, row.id, { ledger: ledgerOf(row), seconds: row.seconds, readFiles });
  const rejected = await store.rejectedNumbers(em, row.id);
  for await (const batch of store.batches(em)) {
    if (signal?.aborted) {
      break;
    }
    const ids = keptIn(batch, rejected).map(({ id }) => id);
    // the references of a record are in its row
    const rows: readonly Values[] =
      table.declaration.references !== undefined
        ? await table.bulk().findByPrimaryKey(em, ids)
        : ids.map((id) => shape.primaryKey.rowOf(id));
    progress.take(rows);
    progress.defer(deferredIn(shape, batch, new Set(ids)));
  }
  return progress;
}
