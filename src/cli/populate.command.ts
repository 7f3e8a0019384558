/** `meridian populate` */
import { join } from 'node:path';
import process from 'node:process';
import { type Command, Option } from 'commander';
import { catalog } from '../databases/catalog.ts';
import type { DatabaseDeclaration } from '../databases/declaration.ts';
import { displayPath } from '../databases/location.ts';
import { projectRoot } from '../databases/project.ts';
import { MeridianError } from '../errors.ts';
import type { OnConflict } from '../populate/classify.ts';
import { OUTCOMES } from '../populate/ledger.ts';
import type { PopulateListener } from '../populate/options.ts';
import { populate } from '../populate/populate.ts';
import { fileSource } from '../populate/read/file.ts';
import { FORMATS, type Format } from '../populate/read/format.ts';
import type { Source } from '../populate/read/source.ts';
import { STANDARD_INPUT } from '../populate/read/text.ts';
import type { ColumnMap } from '../populate/record/columns.ts';
import type { DatabaseReport, PopulateReport } from '../populate/report.ts';
import { LOG_FILE, type LogFile, openLog } from './log.ts';
import { progressDisplay } from './progress.ts';
import { formatNumber, Output, printable, renderTable } from './terminal.ts';
import { tellEntry, tellReason } from './wording.ts';

interface Options extends Readonly<Record<string, unknown>> {
  readonly format?: readonly string[];
  readonly map?: readonly string[];
  readonly onConflict: OnConflict;
  readonly rejects: string;
  readonly dryRun?: boolean;
  readonly strict?: boolean;
  readonly json?: boolean;
  readonly quiet?: boolean;
  readonly verbose?: boolean;
}

const INTERRUPTED = 130;

export function addPopulateCommand(program: Command): void {
  const names = catalog.map(({ name }) => name);
  const command = program
    .command('populate')
    .summary('load all databases concurrently')
    .description(
      `Loads ${names.join(', ')} concurrently: every record is validated, references are checked when all loads have ` +
        'settled, and each record is reported as inserted, updated, unchanged or rejected. ' +
        'Without files, the built-in sample is loaded. Pending migrations are applied first.',
    );
  for (const name of names) {
    command.option(
      `--${name} <file>`,
      `records of ${name}: CSV, TSV, JSON array or NDJSON, also .gz; - reads standard input`,
    );
  }
  const collect = (value: string, before: readonly string[] = []) => [...before, value];
  command
    .option(
      '--format <format>',
      `${FORMATS.join(', ')}, where the extension does not tell; for one database: orders=ndjson`,
      collect,
    )
    .option(
      '--map <database.property=column>',
      'name the column that holds a property, such as orders.userId=CustomerID',
      collect,
    )
    .addOption(
      new Option('--on-conflict <action>', 'what to do with a record whose id is there with other content')
        .choices(['reject', 'update'])
        .default('reject'),
    )
    .option('--rejects <directory>', 'where rejected records are written, one NDJSON file a database', 'rejects')
    .option('--dry-run', 'report what would happen and write nothing')
    .option('--strict', 'exit 1 if any record is rejected')
    .option('--json', 'print one JSON object on standard output, all else on standard error')
    .option('--quiet', 'print nothing but errors (and the JSON object)')
    .option('--verbose', 'print the stack trace of an error')
    .action(async (options: Options) => {
      process.exitCode = await run(options);
    });
}

async function run(options: Options): Promise<number> {
  const output = new Output(options);
  const sources = sourcesOf(options);
  const columns = columnsOf(options.map ?? []);
  const log = options.dryRun ? undefined : openLog();
  const progress = progressDisplay(output, Object.keys(sources));
  const interruption = new AbortController();
  const interrupt = () => {
    output.complain('Stopping after the batch that is under way. Press Ctrl-C again to stop at once.');
    interruption.abort();
  };
  process.once('SIGINT', interrupt);
  process.once('SIGTERM', interrupt);
  const warnings: string[] = [];
  const listener: PopulateListener = {
    ...progress,
    migrated(database, migrations) {
      output.note(`${database}: applied ${migrations.join(', ')}`);
      log?.logger.info({ database, migrations }, `Applied ${migrations.join(', ')}`);
    },
    // told after the bars, which a line between them would tear apart
    warned: (_, sentence) => warnings.push(printable(sentence)),
    rejected(database, entries) {
      for (const entry of entries) {
        const { number, line, id, outcome, errors } = entry;
        log?.logger.warn(
          { database, record: { number, line, id }, outcome, errors },
          tellEntry(nounOf(database), entry),
        );
      }
    },
  };
  try {
    const report = await populate({
      catalog,
      sources,
      columns,
      onConflict: options.onConflict,
      dryRun: options.dryRun ?? false,
      rejectsDirectory: options.rejects,
      signal: interruption.signal,
      listener,
    });
    progress.stop();
    for (const warning of warnings) {
      output.note(`Warning: ${warning}`);
      log?.logger.warn(warning);
    }
    logReport(log, report);
    tell(output, report, sources, options);
    return exitCodeOf(report, options);
  } catch (error) {
    progress.stop();
    log?.logger.error({ error }, error instanceof Error ? error.message : String(error));
    throw error;
  } finally {
    log?.close();
    process.off('SIGINT', interrupt);
    process.off('SIGTERM', interrupt);
  }
}

/** @throws MeridianError `usage` for standard input twice, or a format that nothing tells */
function sourcesOf(options: Options): Record<string, Source> {
  const given = catalog.flatMap(({ name }) =>
    typeof options[name] === 'string' ? [{ name, path: options[name] }] : [],
  );
  const formats = formatsOf(
    options.format ?? [],
    given.map(({ name }) => name),
  );
  if (given.filter(({ path }) => path === STANDARD_INPUT).length > 1) {
    throw new MeridianError('usage', 'Standard input (-) can be given for one database only.');
  }
  for (const { name, path } of given) {
    if (path === STANDARD_INPUT && !formats.has(name)) {
      throw new MeridianError(
        'usage',
        `--${name} -: standard input has no extension. Name its format with --format ${FORMATS.join('|')}.`,
      );
    }
  }
  const files = given.length > 0 ? given : catalog.flatMap(sampleOf);
  return Object.fromEntries(files.map(({ name, path }) => [name, fileSource(path, formats.get(name))]));
}

function sampleOf({ name, sample }: DatabaseDeclaration): { name: string; path: string }[] {
  return sample === undefined ? [] : [{ name, path: displayPath(join(projectRoot, sample)) }];
}

/** `ndjson` is for all files, `orders=ndjson` for one. */
function formatsOf(given: readonly string[], databases: readonly string[]): Map<string, Format> {
  const formats = new Map<string, Format>();
  for (const one of given) {
    const [, database, format] = /^(?:([^=]+)=)?(.+)$/.exec(one) ?? [];
    const known = FORMATS.find((name) => name === format?.toLowerCase());
    if (known === undefined) {
      throw new MeridianError('usage', `--format ${one}: the formats are ${FORMATS.join(', ')}.`);
    }
    if (database !== undefined && !databases.includes(database)) {
      throw new MeridianError('usage', `--format ${one}: no file is given for "${database}".`);
    }
    for (const name of database === undefined ? databases : [database]) {
      if (database !== undefined || !formats.has(name)) {
        formats.set(name, known);
      }
    }
  }
  return formats;
}

function columnsOf(given: readonly string[]): Record<string, ColumnMap> {
  const maps: Record<string, Record<string, string>> = {};
  for (const one of given) {
    const [, database = '', property = '', column = ''] = /^([^.=]+)\.([^=]+)=(.+)$/.exec(one) ?? [];
    if (!catalog.some(({ name }) => name === database)) {
      const names = catalog.map(({ name }) => name).join(', ');
      throw new MeridianError(
        'usage',
        `--map ${one}: write <database>.<property>=<column>, where <database> is one of ${names}.`,
      );
    }
    maps[database] = { ...maps[database], [property]: column };
  }
  return maps;
}

function nounOf(database: string): string {
  return catalog.find(({ name }) => name === database)?.entity.name.toLowerCase() ?? database;
}

function tell(
  output: Output,
  report: PopulateReport,
  sources: Readonly<Record<string, Source>>,
  options: Options,
): void {
  const databases = Object.entries(report.databases);
  for (const [name, { details }] of databases) {
    for (const entry of details ?? []) {
      output.say(tellEntry(nounOf(name), entry, options.dryRun));
    }
  }
  for (const [name, { read, failure }] of databases) {
    if (read === 0 && failure === undefined && !report.interrupted) {
      output.say(`${sources[name]?.name} holds no records: nothing to load for ${name}.`);
    }
  }
  const heads = ['database', 'read', ...OUTCOMES, 'seconds'];
  output.say(
    renderTable(
      heads,
      databases.map(([name, counts]) => [
        name,
        counts.read,
        ...OUTCOMES.map((outcome) => counts[outcome]),
        counts.seconds,
      ]),
    ),
  );
  const reasons = databases.flatMap(([name, database]) =>
    database.reasons.map((reason) => [name, reason.count, tellReason(reason)]),
  );
  if (reasons.length > 0) {
    output.say(renderTable(['rejected', 'times', 'because'], reasons));
  }
  if (options.dryRun) {
    output.say('This was a dry run: nothing was written.');
  } else {
    const files = databases.flatMap(([, { rejected, rejectsFile }]) =>
      rejected > 0 && rejectsFile ? [rejectsFile] : [],
    );
    output.say(`${files.length > 0 ? `Rejected records: ${files.join(', ')}. ` : ''}Log: ${LOG_FILE}.`);
  }
  for (const [name, { failure, read }] of databases) {
    if (failure) {
      const loaded =
        read === 0 ? 'nothing was loaded' : `the first ${formatNumber(read)} records are dealt with and stay`;
      const stands = `${name}: ${loaded}. Mend the cause and run the same command again.`;
      output.complain(`Error: ${printable(failure.message)}\n${stands}`);
      if (options.verbose) {
        output.complain(failure.stack ?? '');
      }
    }
  }
  if (report.interrupted) {
    output.complain('Interrupted: what the table shows is in. Run the same command again to load the rest.');
  }
  output.json(toJson(report, options));
}

function toJson(report: PopulateReport, { dryRun = false }: Options): object {
  const entries = Object.entries(report.databases).map(([name, { details: _, failure, rejectsFile, ...rest }]) => [
    name,
    {
      ...rest,
      seconds: round(rest.seconds),
      ...(rejectsFile === undefined ? {} : { rejectsFile }),
      ...(failure === undefined ? {} : { error: failure.message }),
    },
  ]);
  return { ...Object.fromEntries(entries), seconds: round(report.seconds), dryRun, interrupted: report.interrupted };
}

/** To milliseconds. */
function round(seconds: number): number {
  return Math.round(seconds * 1000) / 1000;
}

function logReport(log: LogFile | undefined, { databases }: PopulateReport): void {
  for (const [database, { details, failure, reasons, rejectsFile, ...counts }] of Object.entries(databases)) {
    for (const entry of details ?? []) {
      const { number, line, id, outcome } = entry;
      if (outcome !== 'rejected') {
        log?.logger.info({ database, record: { number, line, id }, outcome }, tellEntry(nounOf(database), entry));
      }
    }
    log?.logger.info({ database, ...counts, reasons, rejectsFile }, totals(database, { ...counts }));
    if (failure) {
      log?.logger.error({ database, error: failure }, failure.message);
    }
  }
}

function totals(
  database: string,
  counts: Omit<DatabaseReport, 'details' | 'failure' | 'reasons' | 'rejectsFile'>,
): string {
  return `${database}: ${counts.read} read, ${OUTCOMES.map((outcome) => `${counts[outcome]} ${outcome}`).join(', ')}`;
}

function exitCodeOf({ databases, interrupted }: PopulateReport, { strict }: Options): number {
  const reports = Object.values(databases);
  if (interrupted) {
    return INTERRUPTED;
  }
  return reports.some(({ failure, rejected }) => failure !== undefined || (strict && rejected > 0)) ? 1 : 0;
}
