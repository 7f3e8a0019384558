/** `meridian demo` */
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import process from 'node:process';
import { type Command, Help } from 'commander';
import { DEFAULT_DIRECTORY } from '../../databases.ts';
import {
  INTERRUPTED,
  makeTemporaryFolder,
  Output,
  type OutputOptions,
  untilInterrupted,
  withOutputOptions,
} from '../../module.ts';
import { monotonic } from '../../types.ts';
import { type PlayedChapter, playStory } from '../demo/story.ts';

const MAX_LINE = 100;
const INDENT = ' '.repeat(3);

interface Options extends OutputOptions {
  readonly keep?: boolean;
}

export function defineDemoCommand(command: Command): void {
  withOutputOptions(
    command
      .description(
        'Plays a story unattended, in databases of its own that are removed at the end: regions trade, one is cut off, events ' +
          'arrive twice, central goes down, and all agree again. Explains at each step what it shows about distributed data, and ' +
          'how to do the same. Every statement is checked; exits 1 if one is false.',
      )
      .option('--keep', 'keep the databases, and print where they are'),
    'object',
  ).action(async (options: Options) => {
    process.exitCode = await run(options);
  });
}

async function run(options: Options): Promise<number> {
  const output = new Output(options);
  const startedAt = monotonic();
  const temporary = await makeTemporaryFolder('demo');
  const folder = temporary.path;
  mkdirSync(join(folder, DEFAULT_DIRECTORY));
  if (options.keep) {
    temporary.keep();
  }
  try {
    return await untilInterrupted(
      () => output.note('Stopping after the current chapter.'),
      async (signal) => {
        const chapters = await playStory({
          folder,
          databaseOptions: (name) => ({
            location: { engine: 'sqlite', file: join(folder, DEFAULT_DIRECTORY, `${name}.db`) },
          }),
          signal,
          played: (chapter) => output.say(`${textOf(chapter)}\n`),
        });
        const seconds = (monotonic() - startedAt) / 1000;
        const kept = options.keep ? folder : null;
        output.json({ completed: !signal.aborted, seconds, folder: kept, chapters });
        if (signal.aborted) {
          return INTERRUPTED;
        }
        output.say(`Every statement was checked, in ${seconds.toFixed(1)} s.${keptText(kept)}`, 'success');
        return 0;
      },
    );
  } finally {
    if (!options.keep) {
      await temporary.remove();
    }
  }
}

function keptText(folder: string | null): string {
  return folder === null
    ? ''
    : ` The databases are in ${join(folder, DEFAULT_DIRECTORY)}; in ${folder}, the commands above work on them.`;
}

function textOf({ number, title, shows, sentences, commands, incomplete = [], refused = [] }: PlayedChapter): string {
  const width = Math.min(MAX_LINE, (process.stdout.columns ?? MAX_LINE) - INDENT.length - 1);
  const wrapped = new Help().boxWrap(sentences.join('\n'), width).split('\n');
  const lines = [
    `(${shows})`,
    ...wrapped,
    ...commands.map((command) => `$ ${command}${incomplete.includes(command) ? '   # exits 1 and prints why' : ''}`),
    ...refused.flatMap((command) => ['rejected:', `$ ${command}`]),
  ];
  return [`${number}. ${title}`, ...lines.map((line) => INDENT + line)].join('\n');
}
