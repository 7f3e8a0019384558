/** `meridian rejects export` */
import { statSync } from 'node:fs';
import { join } from 'node:path';
import type { Project } from '../../../config/module.ts';
import type { RejectContent } from '../../../loads/reject-line.ts';
import { rejectLine } from '../../../loads/reject-line.ts';
import { RunStore } from '../../../loads/run-store.ts';
import { examineForCsv, rejectsAsCsv } from '../../../populate/rejects/rejects-csv.ts';
import { settingsIn } from '../../../populate/resume/run-settings.ts';
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
    for (const { name, file, rejects, unlike } of files) {
      output.note(`${name}: ${countOf(rejects, 'reject')}${file === undefined ? '' : ` written to ${file}`}`);
      if (unlike > 0) {
        output.note(
          `Warning: ${name}: ${countOf(unlike, 'record')} of it would be read otherwise from CSV, which keeps neither what a number of JSON is beside --decimal or --thousands, nor white space that --trim none keeps. Load them again with --format ndjson, or with rejects retry.`,
        );
      }
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
): Promise<{ name: string; file: string | undefined; rejects: number; unlike: number }[]> {
  return inTables(
    project,
    async (table) => {
      const { name } = table;
      const store = new RunStore(table);
      const pages = () => store.rejects(table.database.fork(), run.id);
      const { settings = '{}' } = (await store.run(table.database.fork(), run.id)) ?? {};
      const file = fileOf(name);
      const examined = format === 'csv' ? await examineForCsv(pages(), table, settingsIn(settings)) : undefined;
      let rejects = 0;
      const counted = async function* () {
        for await (const page of pages()) {
          rejects += page.length;
          yield page;
        }
      };
      const lines = examined === undefined ? asLines(counted()) : rejectsAsCsv(examined, counted());
      const work = async (sink: (text: string) => Promise<void>) => {
        for await (const text of lines) {
          await sink(text);
        }
      };
      await (file === undefined ? work(printed) : inFile(file, work));
      return { name, file, rejects, unlike: examined?.unlike ?? 0 };
    },
    names,
  );
}

async function* asLines(pages: AsyncIterable<readonly RejectContent[]>): AsyncGenerator<string> {
  for await (const page of pages) {
    yield page.map(rejectLine).join('');
  }
}

function formatOf({ format, out }: Options): Format {
  return format ?? (out.toLowerCase().endsWith('.csv') ? 'csv' : 'ndjson');
}
