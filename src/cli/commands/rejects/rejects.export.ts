/** `meridian rejects export` */
import { statSync } from 'node:fs';
import { join } from 'node:path';
import type { Project } from '../../../config/module.ts';
import { rejectLine } from '../../../loads/reject-line.ts';
import { RunStore } from '../../../loads/run-store.ts';
import type { RejectRow } from '../../../loads/run-tables.ts';
import { rejectsAsCsv } from '../../../populate/rejects/rejects-csv.ts';
import { MeridianError } from '../../../shared/errors.ts';
import { inFile, printed, READER_GONE } from '../../output/file-sink.ts';
import { countOf } from '../../output/format.ts';
import { Output, type OutputOptions } from '../../output/terminal.ts';
import { inTables, type KeptRun, keptRun, tablesOfRun } from './kept-run.ts';

export const FORMATS = ['ndjson', 'csv'] as const;
type Format = (typeof FORMATS)[number];

interface Options extends OutputOptions {
  readonly table?: string;
  readonly format?: Format;
  readonly out: string;
}

const STANDARD_OUTPUT = '-';

export async function exportRejects(project: Project, given: string | undefined, options: Options): Promise<number> {
  const { out, table } = options;
  if (out === STANDARD_OUTPUT && options.json) {
    throw new MeridianError('usage', '--json needs standard output for itself. Name a file with --out.');
  }
  const output = new Output(options);
  const run = await keptRun(project, given);
  if (run === undefined) {
    output.note('No run has rejects.');
    output.json({});
    return 0;
  }
  const names = tablesOfRun(run, table).map((one) => one.table);
  const isFolder = statSync(out, { throwIfNoEntry: false })?.isDirectory() === true;
  if (names.length > 1 && !isFolder) {
    throw new MeridianError(
      'usage',
      `The run ${run.id} has rejects of ${names.join(', ')}. Name one of them with --table, or a folder that exists with --out.`,
    );
  }
  const format = formatOf(options);
  try {
    const files = await write(project, run, names, format, (name) =>
      out === STANDARD_OUTPUT ? undefined : isFolder ? join(out, `${name}.rejects.${format}`) : out,
    );
    for (const { name, file, rejects } of files) {
      output.note(`${name}: ${countOf(rejects, 'reject')}${file === undefined ? '' : ` written to ${file}`}`);
    }
    output.json(Object.fromEntries(files.map(({ name, file, rejects }) => [name, { run: run.id, file, rejects }])));
    return 0;
  } catch (error) {
    if (error === READER_GONE) {
      return 0;
    }
    throw error;
  }
}

/** @param fileOf the file of a table; `undefined` for standard output */
function write(
  project: Project,
  run: KeptRun,
  names: readonly string[],
  format: Format,
  fileOf: (name: string) => string | undefined,
): Promise<{ name: string; file: string | undefined; rejects: number }[]> {
  return inTables(
    project,
    async (table) => {
      const { name } = table;
      const pages = () => new RunStore(table).rejects(table.database.fork(), run.id);
      const file = fileOf(name);
      let rejects = 0;
      const lines = format === 'csv' ? rejectsAsCsv(pages) : asLines(pages());
      const work = async (sink: (text: string) => Promise<void>) => {
        for await (const { text, count } of lines) {
          rejects += count;
          await sink(text);
        }
      };
      await (file === undefined ? work(printed) : inFile(file, work));
      return { name, file, rejects };
    },
    names,
  );
}

async function* asLines(pages: AsyncIterable<readonly RejectRow[]>): AsyncGenerator<{ text: string; count: number }> {
  for await (const page of pages) {
    yield { text: page.map(rejectLine).join(''), count: page.length };
  }
}

function formatOf({ format, out }: Options): Format {
  return format ?? (out.toLowerCase().endsWith('.csv') ? 'csv' : 'ndjson');
}
