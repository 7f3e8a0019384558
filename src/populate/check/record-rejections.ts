/** Counts and stores the rejections of records that were accepted before. */
import type { EntityManager } from '../../database/database.ts';
import { type Entry, Ledger } from '../../loads/ledger.ts';
import { changeOf } from '../../loads/run-row.ts';
import { RunStore } from '../../loads/run-store.ts';
import type { Target } from '../participant.ts';
import type { LoadProgress } from '../resume/load-progress.ts';
import type { Dangling } from './revert-records.ts';

/** The counts of a run after the transaction that rejects some of its records. */
export interface CountedRejections {
  readonly ledger: Ledger;
  /** The rejected records. */
  readonly entries: readonly Entry[];
}

/**
 * Stores rejections together with the run's new counts, in the transaction that reverts the records: another process may continue the run.
 */
export async function recordRejections(
  one: Target,
  { run, ledger }: Pick<LoadProgress, 'run' | 'ledger'>,
  transaction: EntityManager,
  rejected: readonly Dangling[],
): Promise<CountedRejections> {
  const store = new RunStore(one.table);
  await store.addRejects(transaction, run, rejected);
  const then = Ledger.from(ledger.state);
  const entries = countRejections(one, then, rejected);
  await store.change(transaction, run, changeOf(then));
  return { ledger: then, entries };
}

/** Counts rejections in the ledger that contains the records. */
function countRejections(
  { shape: { primaryKey } }: Pick<Target, 'shape'>,
  ledger: Ledger,
  rejected: readonly Dangling[],
): Entry[] {
  return rejected.map(({ number, file, line, id, outcome, errors }) => {
    const inFile = file === undefined ? {} : { file };
    const entry = { number, ...inFile, line, outcome: 'rejected' as const, id: primaryKey.shown(id), text: '', errors };
    ledger.reject(outcome, entry);
    return entry;
  });
}
