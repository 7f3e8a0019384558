/** How far the runs of a populate are, written into each of its databases. */
import type { RunState } from '../../databases/run-tables.ts';
import { asError } from '../../settle.ts';
import type { Loading, Participant } from '../participant.ts';
import { changeOf } from './run-row.ts';
import { type RunChange, RunStore } from './run-store.ts';

/**
 * Not all loads have come to their ends: from here on the run is not continued, for its check takes out records that
 * point at what would have come later. A database that cannot even write this down is not checked.
 */
export async function markStopping(participants: readonly Participant[]): Promise<void> {
  for (const one of participants) {
    if (!one.loading || one.loading.hasEnded || one.loading.isUnchecked) {
      continue;
    }
    try {
      await change(one, one.loading, { state: 'stopping' });
    } catch (error) {
      one.loading.isUnchecked = true;
      one.loading.failure ??= asError(one.database.explain(error));
    }
  }
}

/** From here on, nothing is left to do but to write the rejects files. */
export async function markChecked(participants: readonly Participant[]): Promise<void> {
  // where one could not be checked, all stay as they are, to be continued
  if (participants.some(({ loading }) => loading?.isUnchecked)) {
    return;
  }
  for (const one of participants) {
    if (one.loading && !one.loading.hasEnded) {
      await change(one, one.loading, { state: 'checked' });
    }
  }
}

/** A run that could not be checked, or whose rejects could not be written, stays open for the next populate. */
export async function markEnded(one: Participant, loading: Loading, interrupted: boolean): Promise<void> {
  if (loading.hasEnded || loading.isUnchecked || loading.isUnpublished) {
    return;
  }
  const { database, em } = one;
  const { progress, seconds, failure } = loading;
  const state: RunState = failure ? 'failed' : interrupted ? 'interrupted' : 'finished';
  const store = new RunStore(database);
  try {
    await database.write(em, async (transaction) => {
      await store.forgetRecords(transaction);
      await store.change(transaction, progress.run, {
        ...changeOf(progress.ledger),
        state,
        seconds,
        failure: failure?.message ?? null,
      });
    });
  } catch (error) {
    loading.failure ??= asError(database.explain(error));
  }
}

async function change({ database, em }: Participant, { progress }: Loading, what: RunChange): Promise<void> {
  const store = new RunStore(database);
  try {
    await database.write(em, (transaction) => store.change(transaction, progress.run, what));
  } catch (error) {
    throw database.explain(error);
  }
}
