/** Writes the states of runs to their databases. */
import { changeOf } from '../../loads/run-row.ts';
import { type RunChange, RunStore } from '../../loads/run-store.ts';
import { asError } from '../../shared/async/settle.ts';
import { failureOf } from '../load-state.ts';
import type { PopulateOptions } from '../options.ts';
import { advance, begunLoad, type Participant, type Target } from '../participant.ts';
import { restoreIndexes } from '../write/deferred-indexes.ts';

/** For interrupted loads with fewer records, deferred indexes are restored at once. */
const FEW_RECORDS = 50_000;

/**
 * Marks loads for which only the rejects file remains to be written. A failed load is not marked, since it would have to start again if the
 * process were killed now. Once the signal is aborted, all loads count as interrupted.
 */
export async function markChecked(
  participants: readonly Participant[],
  { signal }: Pick<PopulateOptions, 'signal'>,
): Promise<void> {
  for (const one of participants) {
    const load = begunLoad(one);
    if (load?.state !== 'loaded' && load?.state !== 'checked') {
      continue;
    }
    if (signal?.aborted) {
      advance(one, { kind: 'interrupted' });
    } else if (load.state === 'loaded') {
      await writing(one, async () => {
        await changeRun(one, load.progress.run, { state: 'checked' });
        advance(one, { kind: 'checked' });
      });
    }
  }
}

/** Indexes over many records stay deferred until their load is continued. */
export async function restoreIndexesOfFew(participants: readonly Participant[]): Promise<void> {
  for (const one of participants) {
    const load = begunLoad(one);
    const isInterrupted = load?.state === 'stopped' && load.failure === undefined;
    if (isInterrupted && load.progress.ledger.counts.read < FEW_RECORDS) {
      await writing(one, () => changeRun(one, load.progress.run, {}));
    }
  }
}

/** Restores the indexes that the reference check of a load has deferred. */
export async function restoreDeferred(one: Participant): Promise<void> {
  const load = begunLoad(one);
  if (load !== undefined) {
    await writing(one, () => changeRun(one, load.progress.run, {}));
  }
}

/** A stopped run keeps its state, so that the same command continues it. */
export async function markEnded(one: Participant): Promise<void> {
  const load = begunLoad(one);
  if (load?.state !== 'checked' && load?.state !== 'failed') {
    return;
  }
  const { progress, seconds, state } = load;
  const change: RunChange = {
    ...changeOf(progress.ledger),
    state: state === 'checked' ? 'finished' : 'failed',
    seconds,
    failure: failureOf(load)?.message ?? null,
  };
  await writing(one, async () => {
    await changeRun(one, progress.run, change, { forgetsBatches: true });
    if (state === 'checked') {
      advance(one, { kind: 'finished' });
    }
  });
}

/** Updates the row of a run, and restores its deferred indexes. */
export async function changeRun(
  { table, em }: Target,
  run: string,
  change: RunChange,
  { forgetsBatches = false }: { readonly forgetsBatches?: boolean } = {},
): Promise<void> {
  const store = new RunStore(table);
  await table.write(em, async (transaction) => {
    await restoreIndexes(table, transaction, run);
    if (forgetsBatches) {
      await store.forgetBatches(transaction);
    }
    await store.change(transaction, run, change);
  });
}

/** An error while writing becomes the failure of the load. */
async function writing(one: Participant, work: () => Promise<void>): Promise<void> {
  try {
    await work();
  } catch (error) {
    advance(one, { kind: 'failed', failure: asError(one.table.database.explain(error)) });
  }
}
