/** Reports the result of a populate to people, to programs and to the log. */
import type { Project } from '../../config/module.ts';
import { migrationSet } from '../../database/declaration.ts';
import { DETAILED_RECORDS, type Entry, OUTCOMES } from '../../loads/ledger.ts';
import type { SkippedFile } from '../../populate/only-new.ts';
import type { Detected, Source } from '../../populate/read/source.ts';
import { type DatabaseReport, isSuccess, type PopulateReport } from '../../populate/report.ts';
import { wordsOf } from '../../shared/text/words.ts';
import { formatInstant } from '../../shared/time/format-instant.ts';
import { FAILED, INTERRUPTED } from '../output/exit-code.ts';
import { countOf, formatNumber } from '../output/format.ts';
import type { LogFile } from '../output/log.ts';
import { renderTable } from '../output/table.ts';
import { type Output } from '../output/terminal.ts';
import { entrySentence, reasonSentence } from '../output/wording.ts';
import { entityNameOf } from '../project.ts';
import type { LoadOptions } from './populate.arguments.ts';

const TONES = { inserted: 'success', updated: 'success', unchanged: undefined, rejected: 'warning' } as const;

/** The noun for the entity of a table: "user" for users, "order line" for orders.line. */
export function nounOf(project: Project, database: string): string {
  return wordsOf(entityNameOf(project, database) ?? database);
}

/** A line with the detected settings of a file. */
export function detectedSentence(source: string, detected: readonly Detected[]): string {
  return `${source}: ${detected.map(({ setting, value, why }) => `${setting} ${value} (${why})`).join(', ')}.`;
}

/** The individual records, unless the populate processed more than a hundred of the same outcome over all databases. */
function detailsOf({ databases }: PopulateReport, name: string): readonly Entry[] {
  const alike = Object.entries(databases).filter(([other]) => migrationSet(other) === migrationSet(name));
  const read = alike.reduce((sum, [, one]) => sum + one.read, 0);
  return (read <= DETAILED_RECORDS && databases[name]?.details) || [];
}

export function reportResult(
  output: Output,
  report: PopulateReport,
  sources: Readonly<Record<string, Source>>,
  options: LoadOptions,
  project: Project,
): void {
  const databases = Object.entries(report.databases);
  const isNotKept = options.dryRun || report.reverted !== undefined;
  for (const [name] of databases) {
    for (const entry of detailsOf(report, name)) {
      output.say(entrySentence(nounOf(project, name), entry, isNotKept), TONES[entry.outcome]);
    }
  }
  for (const [name, { read, failure }] of databases) {
    if (read === 0 && failure === undefined && !report.interrupted) {
      output.say(`${sources[name]?.name} holds no records: nothing to load for ${name}.`);
    }
  }
  for (const [name, files] of Object.entries(report.skipped ?? {})) {
    output.say(skippedSentence(name, files));
  }
  const isNothingNew = databases.length === 0 && report.skipped !== undefined;
  output.say(isNothingNew ? 'No file is new: there is nothing to load.' : countsTable(databases));
  const reasons = databases.flatMap(([name, database]) =>
    database.reasons.map((reason) => [name, reason.count, reasonSentence(reason)]),
  );
  if (reasons.length > 0) {
    output.say(renderTable(['rejected', 'times', 'because'], reasons));
  }
  for (const [name, { mostRejects }] of databases) {
    if (mostRejects !== undefined) {
      const { file, rejected } = mostRejects;
      output.say(`${name}: ${file} has the most rejected records, ${formatNumber(rejected)}.`);
    }
  }
  for (const [name, { unchecked = {} }] of databases) {
    for (const [target, keys] of Object.entries(unchecked)) {
      output.say(
        `${name}: ${countOf(keys, 'key')} of ${target} ${keys === 1 ? 'is' : 'are'} not checked: the ${keys === 1 ? 'record' : 'records'} may be beyond the sample.`,
        'warning',
      );
    }
  }
  if (report.sample !== undefined) {
    const isCut = databases.some(([, one]) => one.isCut);
    const what = isCut
      ? `the first ${countOf(report.sample, 'record')} of each file`
      : 'all records, for no file has more';
    output.say(`This was a dry run of ${what}: nothing was written.`);
  } else if (options.dryRun) {
    output.say('This was a dry run: nothing was written.');
  } else {
    const files = databases.flatMap(([, { rejected, rejectsFile }]) =>
      rejected > 0 && rejectsFile ? [rejectsFile] : [],
    );
    output.say(`${files.length > 0 ? `Rejected records: ${files.join(', ')}. ` : ''}Log: ${options.log}.`);
  }
  for (const [name, { failure, read, refused, isUnfinished }] of databases) {
    if (refused) {
      output.fail(refused);
    }
    if (failure) {
      const loaded =
        read === 0
          ? 'nothing was loaded'
          : read === 1
            ? 'the first record is processed and kept'
            : `the first ${formatNumber(read)} records are processed and kept`;
      const next = isUnfinished ? ', which continues from there' : ', which finds them unchanged';
      const stands = `${name}: ${loaded}. Fix the cause and run the same command again${read === 0 ? '' : next}.`;
      output.fail(failure);
      output.complain(stands);
    }
  }
  if (report.reverted) {
    output.fail(report.reverted);
  }
  if (report.exceeded) {
    output.fail(report.exceeded.error);
  }
  if (report.interrupted) {
    output.complain(
      options.dryRun
        ? 'Interrupted: nothing was written.'
        : 'Interrupted: the rows in the table are stored. Their references are not checked yet: run the same command again to continue.',
    );
  }
  output.json(toJson(report, options));
}

function countsTable(databases: readonly (readonly [string, DatabaseReport])[]): string {
  return renderTable(
    ['database', 'read', ...OUTCOMES, 'seconds'],
    databases.map(([name, counts]) => [
      name,
      counts.read,
      ...OUTCOMES.map((outcome) => counts[outcome]),
      counts.seconds,
    ]),
  );
}

/** The maximum number of skipped files that a sentence names. */
const MAX_NAMED = 10;

function skippedSentence(table: string, files: readonly SkippedFile[]): string {
  const named = files.slice(0, MAX_NAMED).map(({ file, startedAt }) => `${file} (run of ${formatInstant(startedAt)})`);
  const more = files.length > MAX_NAMED ? [`${formatNumber(files.length - MAX_NAMED)} more`] : [];
  return `${table}: ${countOf(files.length, 'file')} left out, loaded already: ${[...named, ...more].join(', ')}.`;
}

function toJson(report: PopulateReport, { dryRun = false }: LoadOptions): object {
  const entries = Object.entries(report.databases).map(
    ([name, { details: _, failure, refused, rejectsFile, isUnfinished, ...rest }]) => [
      name,
      {
        ...rest,
        seconds: round(rest.seconds),
        ...(rejectsFile === undefined ? {} : { rejectsFile }),
        ...errorOf([failure, refused]),
        ...(isUnfinished ? { unfinished: true } : {}),
      },
    ],
  );
  const { seconds, interrupted, exceeded, reverted, sample, skipped } = report;
  return {
    ...Object.fromEntries(entries),
    seconds: round(seconds),
    dryRun,
    interrupted,
    ...(sample === undefined ? {} : { sample }),
    ...(skipped === undefined ? {} : { skipped }),
    ...(reverted && { reverted: reverted.message }),
    ...(exceeded && { maxRejects: { ...exceeded, error: exceeded.error.message } }),
  };
}

function errorOf(errors: readonly (Error | undefined)[]): { error?: string } {
  const messages = errors.flatMap((error) => error?.message ?? []);
  return messages.length === 0 ? {} : { error: messages.join('\n') };
}

/** Rounds to milliseconds. */
function round(seconds: number): number {
  return Math.round(seconds * 1000) / 1000;
}

export function logReport(log: LogFile | undefined, report: PopulateReport, project: Project): void {
  if (report.reverted) {
    log?.logger.error({ err: report.reverted }, report.reverted.message);
  }
  for (const [database, files] of Object.entries(report.skipped ?? {})) {
    log?.logger.info({ database, skipped: files }, skippedSentence(database, files));
  }
  if (report.exceeded) {
    const { error, ...exceeded } = report.exceeded;
    log?.logger.error({ maxRejects: exceeded, err: error }, error.message);
  }
  for (const [database, one] of Object.entries(report.databases)) {
    const { details: _, failure, refused, reasons, rejectsFile, earlierRejectsFile, isUnfinished, ...counts } = one;
    for (const entry of detailsOf(report, database)) {
      const { number, line, id, outcome } = entry;
      if (outcome !== 'rejected') {
        log?.logger.info(
          { database, record: { number, line, id }, outcome },
          entrySentence(nounOf(project, database), entry),
        );
      }
    }
    log?.logger.info(
      { database, ...counts, reasons, rejectsFile, earlierRejectsFile, isUnfinished },
      totals(database, { ...counts }),
    );
    for (const error of [failure, refused]) {
      if (error) {
        log?.logger.error({ database, err: error }, error.message);
      }
    }
  }
}

function totals(
  database: string,
  counts: Omit<
    DatabaseReport,
    'details' | 'failure' | 'refused' | 'reasons' | 'rejectsFile' | 'earlierRejectsFile' | 'isUnfinished'
  >,
): string {
  return `${database}: ${counts.read} read, ${OUTCOMES.map((outcome) => `${counts[outcome]} ${outcome}`).join(', ')}`;
}

export function exitCodeOf(report: PopulateReport, { strict = false }: LoadOptions): number {
  return report.interrupted ? INTERRUPTED : isSuccess(report, strict) ? 0 : FAILED;
}
