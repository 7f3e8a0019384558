/** Finishes a populate: writes the rejects files, marks the runs as ended, and reports. */

import { REFUSED, type Reason } from '../loads/ledger.ts';
import { type LineSpan, spanning, spanText } from '../loads/line-span.ts';
import { RunStore } from '../loads/run-store.ts';
import { monotonic } from '../shared/environment.ts';
import { MeridianError } from '../shared/errors.ts';
import type { UncheckedKeys } from './check/check-loads.ts';
import { type BegunLoad, failureOf } from './load-state.ts';
import type { PopulateOptions } from './options.ts';
import { begunLoad, type Participant } from './participant.ts';
import { limitReport } from './rejects/limit-report.ts';
import { type PublishedRejects, publishRejects } from './rejects/publish.ts';
import type { RejectLimit } from './rejects/reject-limit.ts';
import type { DatabaseReport, PopulateReport } from './report.ts';
import { markEnded } from './resume/run-states.ts';

/** What the report contains besides the loads. */
interface Findings {
  readonly limit?: RejectLimit | undefined;
  readonly reverted?: MeridianError | undefined;
  readonly unchecked?: UncheckedKeys;
}

export async function finish(
  participants: readonly Participant[],
  options: PopulateOptions,
  startedAt: number,
  { limit, reverted, unchecked }: Findings = {},
): Promise<PopulateReport> {
  const published = new Map<string, PublishedRejects>();
  // all files are written before any run is marked as ended, since only an open run can be continued. Files that are also sources come
  // last, because the same command cannot open one that has become empty
  const readsOwn = (one: Participant) => Number(begunLoad(one)?.readsOwnRejects ?? false);
  for (const one of participants.toSorted((a, b) => readsOwn(a) - readsOwn(b))) {
    const file = await publishRejects(one, options);
    if (file !== undefined) {
      published.set(one.table.name, file);
    }
  }
  const databases: Record<string, DatabaseReport> = {};
  for (const one of participants) {
    await markEnded(one);
    const load = begunLoad(one);
    if (load !== undefined) {
      const { name } = one.table;
      const worst = await mostRejects(one, load);
      databases[name] = {
        ...reportOf(name, load, published.get(name), options),
        ...(worst && { mostRejects: worst }),
        ...(load.open.isCut?.() ? { isCut: true } : {}),
        ...uncheckedIn(unchecked?.get(name)),
      };
    }
  }
  const exceeded = limit?.isExceeded
    ? await limitReport(limit, participants, !options.dryRun && !options.allOrNothing)
    : undefined;
  const isStopped = participants.some(({ load }) => load?.state === 'stopped');
  const interrupted =
    isStopped && exceeded === undefined && reverted === undefined && (options.signal?.aborted ?? false);
  return {
    databases,
    seconds: (monotonic() - startedAt) / 1000,
    interrupted,
    ...(options.sample === undefined ? {} : { sample: options.sample }),
    ...(exceeded && { exceeded }),
    ...(reverted && { reverted }),
  };
}

function uncheckedIn(keys: ReadonlyMap<string, number> = new Map()): Pick<DatabaseReport, 'unchecked'> {
  return keys.size === 0 ? {} : { unchecked: Object.fromEntries(keys) };
}

/** For a run over several files, the one with the most rejects. */
async function mostRejects({ table, em }: Participant, { open, progress }: BegunLoad) {
  if ((open.files?.length ?? 0) < 2 || progress.ledger.counts.rejected === 0) {
    return undefined;
  }
  try {
    return await new RunStore(table).mostRejects(em, progress.run);
  } catch (error) {
    throw table.database.explain(error);
  }
}

function reportOf(
  database: string,
  load: BegunLoad,
  rejects: PublishedRejects | undefined,
  { dryRun }: PopulateOptions,
): DatabaseReport {
  const { ledger } = load.progress;
  return {
    ...ledger.counts,
    seconds: load.seconds,
    reasons: ledger.reasons,
    details: ledger.details,
    rejectsFile: rejects?.path,
    earlierRejectsFile: rejects?.earlier,
    failure: failureOf(load),
    isUnfinished: load.state === 'stopped' && !dryRun,
    ...(load.open.detected === undefined || load.open.detected.length === 0 ? {} : { detected: load.open.detected }),
    refused: refusedBy(database, load.source.name, ledger.reasons),
  };
}

/** From the first to the last line; for several files, from the first span to the last one. */
function widest(spans: readonly LineSpan[]): LineSpan {
  const [first, last] = [spans[0], spans.at(-1)];
  return first?.[2] !== undefined && last !== undefined
    ? spanning(first, last)
    : [Math.min(...spans.map(([one]) => one)), Math.max(...spans.map(([, one]) => one))];
}

/** Rejections by the entity's rules are a normal outcome; a rule that exists only in the database is an error. */
function refusedBy(database: string, source: string, reasons: readonly Reason[]): MeridianError | undefined {
  const refused = reasons.filter(({ code }) => code === REFUSED);
  const [reason] = refused;
  if (reason === undefined) {
    return undefined;
  }
  const spans = refused.flatMap(({ lines }) => (lines === undefined ? [] : [lines]));
  const lines = widest(spans);
  const count = refused.reduce((sum, one) => sum + one.count, 0);
  const [records, be, them] = count === 1 ? ['1 record', 'It is', 'it'] : [`${count} records`, 'They are', 'them'];
  const such = refused.length === 1 && reason.same ? '' : 'for example: ';
  return new MeridianError(
    'database',
    `${database}: the database refused ${records} of ${source}, ${spanText(lines)}, for a rule that the entity does not have (${such}${reason.message}). ${be} rejected, and no other record is affected. Correct ${them}, or the rule of the database, and load the rejected records again.`,
  );
}
