/** How far the runs of a populate are, written into each of its databases. */
import { changeOf } from '../../loads/run-row.ts';
import { type RunChange, RunStore } from '../../loads/run-store.ts';
import type { RunState } from '../../loads/run-tables.ts';
import { asError } from '../../shared/async/settle.ts';
import type { PopulateOptions } from '../options.ts';
import { type Loading, type Participant, stopLoad } from '../participant.ts';
import { bringBackIndexes } from '../write/deferred-indexes.ts';

/** From here on, nothing is left to do in these databases but to write the rejects files. Where the signal is aborted, all is left open. */
export async function markChecked(
  participants: readonly Participant[],
  { signal }: Pick<PopulateOptions, 'signal'>,
): Promise<void> {
  for (const one of participants) {
    const { loading } = one;
    // a load whose source is at fault is not whole: were it killed now, it would have to be loaded again
    if (!loading || loading.hasEnded || loading.isLeftOpen || loading.failure !== undefined) {
      continue;
    }
    if (signal?.aborted) {
      loading.isLeftOpen = true;
      continue;
    }
    try {
      await change(one, loading, { state: 'checked' });
    } catch (error) {
      stopLoad(loading, asError(error));
    }
  }
}

/** So few that their indexes are made again in no time. */
const FEW_RECORDS = 50_000;

/** Where a load was interrupted that had put off indexes: those of many records wait until it goes on. */
export async function restoreIndexesOfFew(participants: readonly Participant[]): Promise<void> {
  for (const one of participants) {
    const { loading } = one;
    if (loading?.isLeftOpen && loading.failure === undefined && loading.progress.ledger.counts.read < FEW_RECORDS) {
      try {
        await change(one, loading, {});
      } catch (error) {
        stopLoad(loading, asError(error));
      }
    }
  }
}

/** A run that is left open stays so for the next populate. */
export async function markEnded(one: Participant, loading: Loading): Promise<void> {
  if (loading.hasEnded || loading.isLeftOpen) {
    return;
  }
  const { database, em } = one;
  const { progress, seconds, failure } = loading;
  const state: RunState = failure ? 'failed' : 'finished';
  const store = new RunStore(database);
  try {
    await database.write(em, async (transaction) => {
      await bringBackIndexes(database, transaction, progress.run);
      await store.forgetRecords(transaction);
      await store.change(transaction, progress.run, {
        ...changeOf(progress.ledger),
        state,
        seconds,
        failure: failure?.message ?? null,
      });
    });
  } catch (error) {
    stopLoad(loading, asError(database.explain(error)));
  }
}

async function change(one: Participant, { progress }: Loading, what: RunChange): Promise<void> {
  const { database, em } = one;
  const store = new RunStore(database);
  try {
    await database.write(em, async (transaction) => {
      await bringBackIndexes(database, transaction, progress.run);
      await store.change(transaction, progress.run, what);
    });
  } catch (error) {
    throw database.explain(error);
  }
}
