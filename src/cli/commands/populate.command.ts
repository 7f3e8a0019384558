/** `meridian populate` */
import process from 'node:process';
import { type Command, Option } from 'commander';
import type { PopulatePlan, Project } from '../../config/module.ts';
import { allTables } from '../../database/declaration.ts';
import { displayPath } from '../../database/location.ts';
import type { PopulateListener } from '../../populate/options.ts';
import { populate } from '../../populate/populate.ts';
import { FORMATS } from '../../populate/read/format.ts';
import type { PopulateReport } from '../../populate/report.ts';
import { MeridianError } from '../../shared/errors.ts';
import { withOutputOptions } from '../options/common-options.ts';
import { ListOption } from '../options/list.option.ts';
import { wholeNumber } from '../options/whole-number.ts';
import { INTERRUPTED } from '../output/exit-code.ts';
import { countOf } from '../output/format.ts';
import { printResult } from '../output/json-result.ts';
import { LOG_FILE, type LogFile, openLog } from '../output/log.ts';
import { loggedRejection } from '../output/logged-rejection.ts';
import { printable } from '../output/printable.ts';
import { progressDisplay } from '../output/progress.ts';
import { Output } from '../output/terminal.ts';
import { generatorsOf } from '../project.ts';
import { saveMemory } from '../save-memory.ts';
import { columnsOf, type LoadOptions, type PopulateArguments, sourcesOf } from './populate.arguments.ts';
import { fileOption, loadOption } from './populate.files.ts';
import { detectedSentence, exitCodeOf, logReport, nounOf, reportResult } from './populate.result.ts';
import { addSettingOptions } from './populate.settings.ts';

export function definePopulateCommand(command: Command, project: Project): void {
  const names = project.databases.map(({ name }) => name);
  command.description(
    `Loads ${names.join(', ')} concurrently: every record is validated, references are checked when all loads have ` +
      'settled, and each record is reported as inserted, updated, unchanged or rejected. ' +
      'Without files, those that the config names are loaded, or its samples. Pending migrations are applied first.',
  );
  for (const database of project.databases) {
    command.addOption(fileOption(database));
  }
  command.addOption(loadOption(project));
  for (const { populate: extension } of project.modules) {
    extension?.addOptions(command);
  }
  command
    .addOption(
      new ListOption(
        '--format <format>',
        `${FORMATS.join(', ')}, where neither its content nor its name says it; for one database: ${names.at(-1)}=ndjson`,
      ),
    )
    .addOption(
      new ListOption(
        '--map <database.property=column>',
        `name the column that holds a property, such as ${propertyExample(project)}=CustomerID`,
      ),
    );
  addSettingOptions(command);
  if (generatorsOf(project).length > 0) {
    command
      .option('--generate <n>', 'load this number of generated records into each database, instead of files')
      .option('--seed <n>', 'with --generate: the seed; another seed gives other data (default: 1)')
      .option('--invalid <share>', 'with --generate: break this share of the records, from 0 to 1 (default: 0)');
  }
  command
    .addOption(
      new Option('--on-conflict <action>', 'what to do with a record whose id exists with other content')
        .choices(['reject', 'update'])
        .default(project.defaults?.onConflict ?? 'reject'),
    )
    .option(
      '--rejects <directory>',
      'where rejected records are written, one NDJSON file per database and run',
      defaultPath(project.defaults?.rejects, 'rejects'),
    )
    .option(
      '--max-rejects <n>',
      'stop when more records than this are rejected, over all tables: 50, or a share such as 1%',
    )
    .option('--all-or-nothing', 'keep the rows of all tables only when no record is rejected and no load fails')
    .option('--no-all-or-nothing', 'keep what was loaded, whatever the config says')
    .option('--log <file>', 'where outcomes and warnings are logged', defaultPath(project.defaults?.log, LOG_FILE))
    .option('--restart', 'start from the beginning instead of continuing a stopped run')
    .option('--dry-run', 'report what would happen and write nothing')
    .option('--only-new', 'leave out files that an earlier run has loaded: the same content, read in the same way')
    .option('--no-only-new', 'load all files, whatever the config says')
    .option('--sample <n>', 'a dry run of so many records from the beginning of each file', wholeNumber)
    .option('--strict', 'exit 1 if any record is rejected')
    .option('--no-strict', 'exit 0 when records are rejected, whatever the config says');
  withOutputOptions(command, 'object').action(async (options: PopulateArguments) => {
    process.exitCode = await run(options, project);
  });
}

async function run(given: PopulateArguments, project: Project): Promise<number> {
  const options = given.sample === undefined ? given : { ...given, dryRun: true };
  if (options.rejects === '') {
    throw new MeridianError('usage', '--rejects needs the name of a directory.');
  }
  if (options.log === '') {
    throw new MeridianError('usage', '--log needs the name of a file.');
  }
  const plan = await planOf(options, project);
  const { exitCode } = await loadPlan({ ...options, ...configuredFor(options, plan, project) }, project, plan);
  return exitCode;
}

/** Options with their defaults from the config. `onlyNew` applies to whole files only. */
function configuredFor(
  options: PopulateArguments,
  { spread }: PopulatePlan,
  { defaults = {} }: Project,
): Pick<LoadOptions, 'onlyNew' | 'strict' | 'maxRejects' | 'allOrNothing'> {
  const { onlyNew, strict, sample, generate, maxRejects = defaults.maxRejects, allOrNothing } = options;
  const isOfWholeFiles = sample === undefined && generate === undefined && spread === undefined;
  return {
    onlyNew: onlyNew ?? (isOfWholeFiles && (defaults.onlyNew ?? false)),
    strict: strict ?? defaults.strict ?? false,
    allOrNothing: allOrNothing ?? defaults.allOrNothing ?? false,
    ...(maxRejects === undefined ? {} : { maxRejects }),
  };
}

/** Runs the loads of a plan, and reports them to people, to programs and to the log. */
export async function loadPlan(
  options: LoadOptions,
  project: Project,
  { catalog, sources, columns, values, spread }: PopulatePlan,
): Promise<{ readonly report: PopulateReport; readonly exitCode: number }> {
  const output = new Output(options);
  // databases that share a source may report the same warning
  const warnings = new Set<string>();
  let log: LogFile | undefined;
  const progress = await progressDisplay(output, Object.keys(sources), spread === undefined);
  const interruption = new AbortController();
  let isLoading = false;
  const interrupt = () => {
    if (!isLoading) {
      const error = 'Interrupted before anything was loaded.';
      output.complain(error);
      output.json({ error, code: 'interrupted' });
      printResult();
      log?.close();
      process.exit(INTERRUPTED);
    }
    progress.complain('Stopping after the current batch. Press Ctrl-C again to stop at once.');
    interruption.abort();
  };
  process.once('SIGINT', interrupt);
  process.once('SIGTERM', interrupt);
  if (!options.dryRun) {
    log = openLog((sentence) => warnings.add(sentence), options.log);
  }
  const listener: PopulateListener = {
    ...progress,
    started(database, sizes) {
      isLoading = true;
      progress.started(database, sizes);
    },
    continued(database, { startedAt, read, source }) {
      isLoading = true;
      const sentence = `${database}: continuing the run of ${startedAt} over ${source} after ${countOf(read, 'record')}.`;
      progress.continuedAfter(database, read);
      output.note(sentence);
      log?.logger.info({ database, startedAt, source, read }, sentence);
    },
    detected(database, source, detected) {
      const sentence = detectedSentence(source, detected);
      output.note(sentence);
      log?.logger.info({ database, source, detected }, sentence);
    },
    migrated(database, migrations) {
      output.note(`${database}: applied ${migrations.join(', ')}`);
      log?.logger.info({ database, migrations }, `Applied ${migrations.join(', ')}`);
    },
    // printed after the bars, because a line between them would disturb the display
    warned: (_, sentence) => warnings.add(printable(sentence)),
    rejected(database, entries) {
      const noun = nounOf(project, database);
      for (const entry of entries) {
        log?.warn(loggedRejection(database, noun, entry));
      }
      log?.flush();
    },
  };
  try {
    const report = await populate({
      catalog,
      sources,
      columns,
      values,
      ...(spread === undefined ? {} : { spread }),
      onConflict: options.onConflict,
      dryRun: options.dryRun ?? false,
      onlyNew: options.onlyNew ?? false,
      ...(options.sample === undefined ? {} : { sample: options.sample }),
      restart: options.restart ?? false,
      rejectsDirectory: options.rejects,
      ...(options.maxRejects === undefined ? {} : { maxRejects: options.maxRejects }),
      allOrNothing: options.allOrNothing ?? false,
      ...project.defaults?.limits,
      ...(project.databaseModule === undefined ? {} : { databaseModule: project.databaseModule }),
      signal: interruption.signal,
      beforeThreads: saveMemory,
      listener,
    });
    progress.stop();
    for (const warning of warnings) {
      log?.logger.warn(warning);
    }
    logReport(log, report, project);
    log?.flush();
    for (const warning of warnings) {
      output.note(`Warning: ${warning}`, 'warning');
    }
    reportResult(output, report, sources, options, project);
    return { report, exitCode: exitCodeOf(report, options) };
  } catch (error) {
    progress.stop();
    log?.logger.error({ err: error }, error instanceof Error ? error.message : String(error));
    throw error;
  } finally {
    log?.close();
    process.off('SIGINT', interrupt);
    process.off('SIGTERM', interrupt);
  }
}

/** The default path for the help: that of the config, in display form. */
function defaultPath(configured: string | undefined, otherwise: string): string {
  return configured === undefined ? otherwise : displayPath(configured);
}

/** An example property for the help: a reference of the last table, if it has one. */
function propertyExample({ databases }: Project): string {
  const last = allTables(databases).at(-1);
  return `${last?.name ?? ''}.${Object.keys(last?.entity.references ?? {})[0] ?? 'id'}`;
}

/** The plan according to the options and the config, changed by the modules. */
async function planOf(options: PopulateArguments, project: Project): Promise<PopulatePlan> {
  const { sources, values, tables } = sourcesOf(options, project);
  const names = Object.keys(sources);
  const columns = columnsOf(options.map, names, project);
  // generated data has property names as columns, so the maps of the config do not apply
  const configured = options.generate === undefined ? (project.maps ?? {}) : {};
  const maps = names.map((name) => [name, { ...configured[name], ...columns[name] }] as const);
  let plan: PopulatePlan = { catalog: project.databases, sources, columns: Object.fromEntries(maps), values };
  for (const { populate: extension } of project.modules) {
    plan = (await extension?.plan(options, plan, tables)) ?? plan;
  }
  return plan;
}
