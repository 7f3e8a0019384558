/** `meridian inspect` */
import process from 'node:process';
import type { Command } from 'commander';
import type { Project } from '../../../config/module.ts';
import { Database } from '../../../database/database.ts';
import { allTables } from '../../../database/declaration.ts';
import { type Table, tableOf } from '../../../database/table.ts';
import { type InspectedFile, inspect } from '../../../populate/inspect/inspect.ts';
import { STANDARD_INPUT } from '../../../populate/read/bytes.ts';
import { fileSource } from '../../../populate/read/file.ts';
import { FORMATS } from '../../../populate/read/format.ts';
import { expandPath } from '../../../populate/read/places/expand.ts';
import type { ColumnMap } from '../../../populate/record/columns.ts';
import { MeridianError } from '../../../shared/errors.ts';
import { makeTemporaryFolder } from '../../../shared/files/temporary-folder.ts';
import { untilInterrupted } from '../../interruption.ts';
import { withOutputOptions } from '../../options/common-options.ts';
import { ListOption } from '../../options/list.option.ts';
import { wholeNumber } from '../../options/whole-number.ts';
import { FAILED, INTERRUPTED } from '../../output/exit-code.ts';
import { Output, type OutputOptions } from '../../output/terminal.ts';
import { columnsOf } from '../populate.arguments.ts';
import { addSettingOptions } from '../populate.settings.ts';
import { printInspection } from './inspect.print.ts';
import { type InspectedPath, type SettingArguments, settingsOfPaths } from './inspect.settings.ts';
import { inspectionOf } from './inspection.ts';

interface Options extends OutputOptions, SettingArguments {
  readonly table?: string;
  readonly map?: readonly string[];
  readonly sample?: number;
}

export function defineInspectCommand(command: Command, project: Project): void {
  const example = allTables(project.databases).at(-1)?.name ?? 'users';
  command
    .description(
      'Reads files as populate does, and shows how: the format, the delimiter, the encoding, and why. Of each column it shows the type, how many ' +
        'records have no value, how many values differ, and their range; then which table of the config the file fits, and the command that loads it. ' +
        'It connects to no database.',
    )
    .argument(
      '<file...>',
      `files, folders, patterns such as '${example}-*.csv', https:// or s3://; - is standard input`,
    )
    .option(
      '--table <table>',
      'read and compare them as files of this table, with the settings that the config has for these',
    )
    .option('--sample <n>', 'read only so many records from the beginning of each file', wholeNumber)
    .addOption(
      new ListOption('--format <format>', `${FORMATS.join(', ')}, where neither its content nor its name says it`),
    )
    .addOption(
      new ListOption('--map <table.property=column>', 'name the column that holds a property, as for populate'),
    );
  addSettingOptions(command);
  withOutputOptions(command, 'array').action(async (paths: readonly string[], options: Options) => {
    process.exitCode = await run(project, paths, options);
  });
}

async function run(project: Project, paths: readonly string[], options: Options): Promise<number> {
  const names = allTables(project.databases).map(({ name }) => name);
  const { table } = options;
  if (table !== undefined && !names.includes(table)) {
    throw new MeridianError('usage', `--table ${table}: there is no such table. There are ${names.join(', ')}.`);
  }
  const compared = table === undefined ? names : [table];
  const given = columnsOf(options.map, compared, project);
  const maps = Object.fromEntries(compared.map((name) => [name, { ...project.maps?.[name], ...given[name] }]));
  const output = new Output(options);
  const files = settingsOfPaths(options, expandedPaths(paths), table, project);
  const temporary = await makeTemporaryFolder('inspect');
  const tables = await tablesCalled(project, compared);
  try {
    return await untilInterrupted(
      () => undefined,
      (signal) => inspectAll(files, { tables, maps, directory: temporary.path, signal, options, output }),
    );
  } finally {
    for (const { database } of tables) {
      await database.close();
    }
    await temporary.remove();
  }
}

/** @throws MeridianError `usage` if standard input is given twice */
function expandedPaths(paths: readonly string[]): string[] {
  if (paths.filter((path) => path === STANDARD_INPUT).length > 1) {
    throw new MeridianError('usage', 'Standard input (-) can be given once only.');
  }
  return [...new Set(paths.flatMap(expandPath))];
}

/** Finds tables by name without a connection: the metadata of MikroORM is enough. */
async function tablesCalled({ databases }: Project, names: readonly string[]): Promise<Table[]> {
  const tables: Table[] = [];
  for (const declaration of databases) {
    const named = allTables([declaration]).filter(({ name }) => names.includes(name));
    if (named.length > 0) {
      const database = await Database.unconnected(declaration, { create: false });
      tables.push(...named.map(({ entity }) => tableOf(database, entity.name)));
    }
  }
  return tables;
}

interface Inspecting {
  readonly tables: readonly Table[];
  readonly maps: Readonly<Record<string, ColumnMap>>;
  readonly directory: string;
  readonly signal: AbortSignal;
  readonly options: Options;
  readonly output: Output;
}

async function inspectAll(files: readonly InspectedPath[], inspecting: Inspecting): Promise<number> {
  const { tables, maps, directory, signal, options, output } = inspecting;
  const results: object[] = [];
  let isFailed = false;
  for (const file of files) {
    const { path, settings } = file;
    try {
      const source = fileSource(path, settings.file);
      const { sample: first } = options;
      const inspected = inspect(source, {
        directory,
        signal,
        values: settings.values,
        ...(first === undefined ? {} : { first }),
      });
      for await (const one of inspected) {
        const inspection = inspectionOf(one, file, tables, maps, options.map ?? []);
        printInspection(output, inspection);
        results.push(inspection);
        isFailed ||= reportFailure(output, one);
      }
    } catch (error) {
      if (signal.aborted) {
        return INTERRUPTED;
      }
      if (!(error instanceof MeridianError) || error.code === 'usage') {
        throw error;
      }
      isFailed = true;
      output.fail(error);
      results.push({ file: path, error: error.message });
    }
  }
  output.json(results);
  return isFailed ? FAILED : 0;
}

function reportFailure(output: Output, { failure }: InspectedFile): boolean {
  if (failure !== undefined) {
    output.fail(failure);
  }
  return failure !== undefined;
}
