/** `meridian export` */
import { statSync } from 'node:fs';
import { join } from 'node:path';
import process from 'node:process';
import { type Command, Option } from 'commander';
import type { Project } from '../../config/module.ts';
import { Database } from '../../database/database.ts';
import { allTables } from '../../database/declaration.ts';
import { refusePending } from '../../database/migrate.ts';
import { type Table, tablesOf } from '../../database/table.ts';
import { MeridianError } from '../../shared/errors.ts';
import { type ExportedTable, exportTables } from '../../transfer/export/export.ts';
import { FORMATS, type Format } from '../../transfer/export/formats.ts';
import { untilInterrupted } from '../interruption.ts';
import { withOutputOptions } from '../options/common-options.ts';
import { INTERRUPTED } from '../output/exit-code.ts';
import { inFile, printed, READER_GONE } from '../output/file-sink.ts';
import { countOf } from '../output/format.ts';
import { Output, type OutputOptions } from '../output/terminal.ts';
import { populatedDatabases, populatedNames } from '../project.ts';

interface Options extends OutputOptions {
  readonly format?: Format;
  readonly out: string;
}

const STANDARD_OUTPUT = '-';

export function defineExportCommand(command: Command, project: Project): void {
  withOutputOptions(
    command
      .description(
        'Writes all rows of a table, in the order of its key and as they are at one moment, to a file that populate loads back ' +
          'without a change. A version property is left out, since each writer of a row counts it.',
      )
      .argument('<table>', `one of ${populatedNames(project)}; <database>.<entity> for one of several entities`)
      .addOption(new Option('--format <format>', 'instead of the one that the name of the file says').choices(FORMATS))
      .option('--out <path>', 'a file; a folder, for a file of each entity; - for standard output', STANDARD_OUTPUT),
    'object',
  ).action(async (name: string, options: Options) => {
    process.exitCode = await run(project, name, options);
  });
}

async function run(project: Project, name: string, options: Options): Promise<number> {
  const { out } = options;
  const isPrinted = out === STANDARD_OUTPUT;
  if (isPrinted && options.json) {
    throw new MeridianError('usage', '--json needs standard output for itself. Name a file with --out.');
  }
  const output = new Output(options);
  const format = formatOf(options);
  return untilInterrupted(
    () => undefined,
    async (signal) => {
      try {
        await withTables(
          project,
          name,
          async (database, tables) => {
            const files = new Map<string, string>();
            const exported = await exportTables(database, tables, {
              format,
              signal,
              open: isPrinted
                ? (_, work) => work(printed)
                : (table, work) => {
                    const path = pathOf(out, table, format);
                    files.set(table, path);
                    return inFile(path, work);
                  },
            });
            report(output, exported, files);
          },
          isPrinted || !isFolder(out),
        );
        return 0;
      } catch (error) {
        if (signal.aborted || error === READER_GONE) {
          return signal.aborted ? INTERRUPTED : 0;
        }
        throw error;
      }
    },
  );
}

/** @throws MeridianError `usage` for an unknown name, and for several tables with a single file */
async function withTables(
  project: Project,
  name: string,
  work: (database: Database, tables: readonly Table[]) => Promise<void>,
  isOneFile: boolean,
): Promise<void> {
  const databases = populatedDatabases(project);
  const named = allTables(databases).filter((table) => table.database.name === name || table.name === name);
  const [first] = named;
  if (first === undefined) {
    const there = allTables(databases).map((table) => table.name);
    throw new MeridianError('usage', `There is no table "${name}". There are ${there.join(', ')}.`);
  }
  if (isOneFile && named.length > 1) {
    throw new MeridianError(
      'usage',
      `${name} has several tables: ${named.map((table) => table.name).join(', ')}. Name one of them, or a folder that exists with --out.`,
    );
  }
  const database = await Database.unconnected(first.database, { create: false });
  try {
    await database.connect();
    if (database.isMissing) {
      throw new MeridianError('database', `${database.name}: ${database.engine.absence}. There is nothing to export.`);
    }
    await refusePending(database);
    const names = named.map((table) => table.name);
    await work(
      database,
      tablesOf(database).filter((table) => names.includes(table.name)),
    );
  } catch (error) {
    throw database.explain(error);
  } finally {
    await database.close();
  }
}

function formatOf({ format, out }: Options): Format {
  const said = FORMATS.find((one) => out.toLowerCase().endsWith(`.${one}`));
  const chosen = format ?? said ?? 'csv';
  if (chosen === 'parquet' && out === STANDARD_OUTPUT && process.stdout.isTTY) {
    throw new MeridianError('usage', 'Parquet is not text for a terminal. Name a file with --out.');
  }
  return chosen;
}

function isFolder(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() === true;
}

function pathOf(out: string, table: string, format: Format): string {
  return isFolder(out) ? join(out, `${table}.${format}`) : out;
}

function report(
  output: Output,
  exported: Readonly<Record<string, ExportedTable>>,
  files: ReadonlyMap<string, string>,
): void {
  const results = Object.entries(exported);
  for (const [table, { rows, trimmed, cut }] of results) {
    const path = files.get(table);
    output.note(`${table}: ${countOf(rows, 'row')}${path === undefined ? '' : ` written to ${path}`}`);
    if (trimmed.length > 0) {
      output.complain(
        `${table}: ${trimmed.join(', ')}: some values are empty, or have white space at an end. populate takes empty ones for none and trims the rest.`,
      );
    }
    if (cut.length > 0) {
      output.complain(
        `${table}: ${cut.join(', ')}: some times have microseconds. They are cut to milliseconds, which is what populate reads.`,
      );
    }
  }
  output.json(Object.fromEntries(results.map(([table, result]) => [table, { file: files.get(table), ...result }])));
}
