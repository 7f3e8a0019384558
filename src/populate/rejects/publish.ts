/** Writes the rejects file of a load, and keeps that of an earlier run. */
import type { EntityManager } from '../../database/database.ts';
import { RunStore } from '../../loads/run-store.ts';
import { asError } from '../../shared/async/settle.ts';
import { MeridianError } from '../../shared/errors.ts';
import type { PopulateOptions } from '../options.ts';
import { type Loading, type Participant, stopLoad } from '../participant.ts';
import { fileNameOf } from './rejects-file.ts';

/** @returns the path of the rejects file, when there is one */
export async function publishRejects(
  { database, em }: Participant,
  loading: Loading,
  { listener, dryRun, signal }: PopulateOptions,
): Promise<string | undefined> {
  const { rejects } = loading;
  if (rejects === undefined || dryRun || loading.isLeftOpen) {
    return undefined;
  }
  if (loading.hasEnded) {
    return rejects.path;
  }
  if (loading.failure !== undefined && loading.readsOwnRejects) {
    listener?.warned?.(
      database.name,
      `${rejects.path} was being read and is not replaced, since not all of it was loaded. Run the same command again.`,
    );
    return undefined;
  }
  try {
    const store = new RunStore(database);
    const published = await rejects.publish(store.rejects(em), {
      signal,
      loaded: loading.source.identity,
      runOf: async (changedAt) => fileNameOf(await startOfRunBefore(store, em, loading.progress.run, changedAt)),
    });
    if (published === undefined) {
      loading.isLeftOpen = true;
      return undefined;
    }
    if (published.kept !== undefined) {
      loading.earlierRejects = published.kept;
      listener?.warned?.(
        database.name,
        `${rejects.path} had rejected records of an earlier run, which are in ${published.kept} now.`,
      );
    }
    return rejects.path;
  } catch (error) {
    const explained = asError(database.explain(error));
    stopLoad(
      loading,
      explained instanceof MeridianError
        ? explained
        : new MeridianError('database', `${database.name}: ${explained.message}`, { cause: error }),
    );
    return undefined;
  }
}

/** When the run began that wrote its rejects at some time; that time itself where this database knows of none. */
async function startOfRunBefore(store: RunStore, em: EntityManager, run: string, changedAt: Date): Promise<Date> {
  const runs = await store.runs(em);
  const before = runs.find(({ id, startedAt }) => id < run && startedAt <= changedAt.toISOString());
  return before === undefined ? changedAt : new Date(before.startedAt);
}
