/** `meridian generate` */
import process from 'node:process';
import { type Command, Option } from 'commander';
import type { Project } from '../../config/module.ts';
import { type Expected, expectedOf } from '../../generate/expected.ts';
import { writeGenerated } from '../../generate/write.ts';
import { TEXT_FORMATS, type TextFormat } from '../../populate/read/format.ts';
import { MeridianError } from '../../shared/errors.ts';
import { withOutputOptions } from '../options/common-options.ts';
import { INTERRUPTED } from '../output/exit-code.ts';
import { countOf } from '../output/format.ts';
import { renderTable } from '../output/table.ts';
import { Output, type OutputOptions } from '../output/terminal.ts';
import { generatedDatabases, generatorsOf } from '../project.ts';
import { DEFAULT_INVALID, DEFAULT_SEED, specOf } from './generate.arguments.ts';

interface GenerateArguments extends OutputOptions {
  readonly out: string;
  readonly format: TextFormat;
  readonly count: string;
  readonly seed: string;
  readonly invalid: string;
  readonly gzip?: boolean;
  readonly force?: boolean;
}

interface Generated {
  readonly file: string;
  readonly records: number;
  readonly expected: Expected;
}

export function defineGenerateCommand(command: Command, project: Project): void {
  withOutputOptions(
    command
      .description(
        'Writes realistic data that refers to each other, one file per database, the same for the same seed on any machine. ' +
          'Prints what a populate of these files will report.',
      )
      .requiredOption('--out <directory>', 'where the files are written; created if it does not exist')
      .addOption(new Option('--format <format>', 'the format of the files').choices(TEXT_FORMATS).default('csv'))
      .option('--gzip', 'compress the files')
      .option('--count <n>', 'records in each file', '1000')
      .option('--seed <n>', 'another seed gives other data', DEFAULT_SEED)
      .option(
        '--invalid <share>',
        'break this share of the records, from 0 to 1, with a mutation for every rule',
        DEFAULT_INVALID,
      )
      .option('--force', 'replace existing files'),
    'object',
  ).action(async (options: GenerateArguments) => {
    process.exitCode = await run(options, project);
  });
}

async function run(options: GenerateArguments, project: Project): Promise<number> {
  const { out: directory, format, gzip = false, force = false } = options;
  const output = new Output(options);
  const spec = specOf('--count', options.count, options.seed, options.invalid);
  if (directory === '') {
    throw new MeridianError('usage', '--out needs the name of a directory.');
  }
  const generators = generatorsOf(project);
  const interruption = new AbortController();
  const interrupt = () => interruption.abort();
  process.once('SIGINT', interrupt);
  process.once('SIGTERM', interrupt);
  try {
    const files = await writeGenerated({
      generators,
      databases: generatedDatabases(project),
      spec,
      directory,
      format,
      gzip,
      force,
      signal: interruption.signal,
      onWritten: (_, file) => output.note(`${file}: ${countOf(spec.count, 'record')}`),
    });
    const results = await Promise.all(
      Object.entries(files).map(async ([database, file]): Promise<[string, Generated]> => {
        const expected = await expectedOf(generators, database, spec);
        return [database, { file, records: spec.count, expected }];
      }),
    );
    printResult(output, results);
    output.json(Object.fromEntries(results));
    return 0;
  } catch (error) {
    if (interruption.signal.aborted) {
      const error = 'Interrupted: complete files are kept, the incomplete file is removed.';
      output.complain(error);
      output.json({ error, code: 'interrupted' });
      return INTERRUPTED;
    }
    throw error;
  } finally {
    process.off('SIGINT', interrupt);
    process.off('SIGTERM', interrupt);
  }
}

function printResult(output: Output, results: readonly (readonly [string, Generated])[]): void {
  output.say(
    renderTable(
      ['database', 'records', 'broken', 'file'],
      results.map(([database, { records, expected, file }]) => [database, records, expected.rejected, file]),
    ),
  );
  const reasons = results.flatMap(([database, { expected }]) =>
    expected.reasons.map(({ property, code, count }) => [database, count, `${property}: ${code}`]),
  );
  if (reasons.length > 0) {
    output.say(renderTable(['broken', 'times', 'reported as'], reasons));
  }
}
