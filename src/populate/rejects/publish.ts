/** Writes the rejects file of a load, and keeps that of an earlier run. */
import type { EntityManager } from '../../database/database.ts';
import { RunStore } from '../../loads/run-store.ts';
import { asError } from '../../shared/async/settle.ts';
import { MeridianError } from '../../shared/errors.ts';
import type { BegunLoad } from '../load-state.ts';
import type { PopulateOptions } from '../options.ts';
import { advance, begunLoad, type Participant } from '../participant.ts';
import { fileNameOf, type RejectsFile } from './rejects-file.ts';

/** The rejects file of a load. */
export interface PublishedRejects {
  readonly path: string;
  /** The file to which the rejects of an earlier run were moved. */
  readonly earlier?: string | undefined;
}

/** @returns nothing if no file is written */
export async function publishRejects(
  one: Participant,
  options: PopulateOptions,
): Promise<PublishedRejects | undefined> {
  const load = begunLoad(one);
  if (load?.rejects === undefined || options.dryRun || load.state === 'stopped') {
    return undefined;
  }
  const { rejects } = load;
  if (load.state === 'finished') {
    return { path: rejects.path, earlier: await movedEarlier(one, load, rejects) };
  }
  if ((load.state === 'failed' || load.state === 'reverted') && load.readsOwnRejects) {
    options.listener?.warned?.(
      one.table.name,
      `${rejects.path} is the source of this run and is not replaced, because not all of it was loaded. Run the same command again.`,
    );
    return undefined;
  }
  try {
    return await publish(one, load, rejects, options);
  } catch (error) {
    const explained = asError(one.table.database.explain(error));
    const failure =
      explained instanceof MeridianError
        ? explained
        : new MeridianError('database', `${one.table.name}: ${explained.message}`, { cause: error });
    advance(one, { kind: 'failed', failure });
    return undefined;
  }
}

async function publish(
  one: Participant,
  load: BegunLoad,
  rejects: RejectsFile,
  { listener, signal }: PopulateOptions,
): Promise<PublishedRejects | undefined> {
  const { table, em } = one;
  const { source, progress, state } = load;
  const store = new RunStore(table);
  const published = await rejects.publish(store.rejects(em, progress.run), {
    // a reverted run is not continued, whatever aborted the signal
    signal: state === 'reverted' ? undefined : signal,
    loaded: state === 'reverted' ? undefined : source.identity,
    runOf: async (changedAt) => fileNameOf(await startOfRunBefore(store, em, progress.run, changedAt)),
  });
  if (published === undefined) {
    advance(one, { kind: 'interrupted' });
    return undefined;
  }
  if (published.kept !== undefined) {
    listener?.warned?.(
      table.name,
      `${rejects.path} had rejected records of an earlier run, which are in ${published.kept} now.`,
    );
  }
  return { path: rejects.path, earlier: published.kept ?? (await movedEarlier(one, load, rejects)) };
}

/** The file to which an earlier process of this run, which was stopped before it could report it, has moved the previous run's rejects. */
async function movedEarlier(
  { table, em }: Participant,
  { progress, continued }: BegunLoad,
  rejects: RejectsFile,
): Promise<string | undefined> {
  if (continued === undefined) {
    return undefined;
  }
  const before = (await publishingRuns(new RunStore(table), em)).find(({ id }) => id < progress.run);
  return before && rejects.keptOf(fileNameOf(new Date(before.startedAt)));
}

/** The start time of the run that wrote its rejects at this time; the time itself if the database has no such run. */
async function startOfRunBefore(store: RunStore, em: EntityManager, run: string, changedAt: Date): Promise<Date> {
  const runs = await publishingRuns(store, em);
  const before = runs.find(({ id, startedAt }) => id < run && startedAt <= changedAt.toISOString());
  return before === undefined ? changedAt : new Date(before.startedAt);
}

/** Newest first, without abandoned runs, whose rejects are in files of their own from the start. */
async function publishingRuns(store: RunStore, em: EntityManager) {
  return (await store.runs(em)).filter(({ state }) => state !== 'abandoned');
}
