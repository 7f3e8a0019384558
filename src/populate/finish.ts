/** The end of a populate: rejects files in their places, runs marked as ended, the report. */
import type { EntityManager } from '../database/database.ts';
import { REFUSED, type Reason } from '../loads/ledger.ts';
import { type LineSpan, spanText } from '../loads/line-span.ts';
import { RunStore } from '../loads/run-store.ts';
import { asError } from '../shared/async/settle.ts';
import { MeridianError } from '../shared/errors.ts';
import type { PopulateOptions } from './options.ts';
import { type Loading, type Participant, stopLoad } from './participant.ts';
import { fileNameOf } from './rejects/rejects-file.ts';
import type { DatabaseReport, PopulateReport } from './report.ts';
import { markEnded } from './resume/mark.ts';

export async function finish(
  participants: readonly Participant[],
  options: PopulateOptions,
  startedAt: number,
): Promise<PopulateReport> {
  const published = new Map<string, string>();
  // all files before any run is marked as ended, for only a run that is open is continued; those that were read last, for
  // one that is empty now cannot be opened by the same command
  const readsOwn = ({ loading }: Participant) => Number(loading?.readsOwnRejects ?? false);
  for (const one of participants.toSorted((a, b) => readsOwn(a) - readsOwn(b))) {
    const path = one.loading && (await publish(one, one.loading, options));
    if (path !== undefined) {
      published.set(one.database.name, path);
    }
  }
  const databases: Record<string, DatabaseReport> = {};
  for (const one of participants) {
    const { database, loading } = one;
    if (!loading) {
      continue;
    }
    await markEnded(one, loading);
    const { ledger } = loading.progress;
    databases[database.name] = {
      ...ledger.counts,
      seconds: loading.seconds,
      reasons: ledger.reasons,
      details: ledger.details,
      rejectsFile: published.get(database.name),
      failure: loading.failure,
      earlierRejectsFile: loading.earlierRejects,
      isUnfinished: loading.isLeftOpen && !options.dryRun,
      refused: refusedBy(database.name, loading.source.name, ledger.reasons),
    };
  }
  const isInterrupted = options.signal?.aborted ?? false;
  const interrupted = isInterrupted && participants.some(({ loading }) => loading?.isLeftOpen);
  return { databases, seconds: (performance.now() - startedAt) / 1000, interrupted };
}

/** @returns the path of the rejects file, when there is one */
async function publish(
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

/** Rejections by the entity's rules are a normal outcome; rules that only the database has must be reported. */
function refusedBy(database: string, source: string, reasons: readonly Reason[]): MeridianError | undefined {
  const refused = reasons.filter(({ code }) => code === REFUSED);
  const [reason] = refused;
  if (reason === undefined) {
    return undefined;
  }
  const spans = refused.flatMap(({ lines }) => (lines === undefined ? [] : [lines]));
  const lines: LineSpan = [Math.min(...spans.map(([first]) => first)), Math.max(...spans.map(([, last]) => last))];
  const count = refused.reduce((sum, one) => sum + one.count, 0);
  const [records, be, them] = count === 1 ? ['1 record', 'It is', 'it'] : [`${count} records`, 'They are', 'them'];
  const such = refused.length === 1 && reason.same ? '' : 'for example: ';
  return new MeridianError(
    'database',
    `${database}: the database refused ${records} of ${source}, ${spanText(lines)}, for a rule that the entity does not have (${such}${reason.message}). ${be} rejected, and no other record is affected. Correct ${them}, or the rule of the database, and load the rejected records again.`,
  );
}

/** When the run began that wrote its rejects at some time; that time itself where this database knows of none. */
async function startOfRunBefore(store: RunStore, em: EntityManager, run: string, changedAt: Date): Promise<Date> {
  const runs = await store.runs(em);
  const before = runs.find(({ id, startedAt }) => id < run && startedAt <= changedAt.toISOString());
  return before === undefined ? changedAt : new Date(before.startedAt);
}
