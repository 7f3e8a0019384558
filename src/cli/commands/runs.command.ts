/** `meridian runs` */
import process from 'node:process';
import type { Command } from 'commander';
import type { Project } from '../../config/module.ts';
import type { Database } from '../../database/database.ts';
import { choose } from '../../database/declaration.ts';
import { eachDatabase, type Result } from '../../database/each-database.ts';
import { listAllRuns, type RunSummary } from '../../loads/list-runs.ts';
import { formatInstant } from '../../shared/time/format-instant.ts';
import { withOutputOptions } from '../options/common-options.ts';
import { wholeNumber } from '../options/whole-number.ts';
import { exitCodeFor, worstOf } from '../output/exit-code.ts';
import { printable } from '../output/printable.ts';
import { renderTable } from '../output/table.ts';
import { Output, type OutputOptions } from '../output/terminal.ts';
import { populatedDatabases, populatedNames } from '../project.ts';

interface Options extends OutputOptions {
  readonly limit: number;
}

const DEFAULT_LIMIT = 10;

export function defineRunsCommand(command: Command, project: Project): void {
  withOutputOptions(
    command
      .description('Lists the newest runs of populate in each database: what they loaded and their progress.')
      .argument('[databases...]', `some of ${populatedNames(project)}; all existing ones if none is named`)
      .option('--limit <number>', 'runs of each database, the newest first', wholeNumber, DEFAULT_LIMIT),
    'object',
  ).action(async (given: string[], options: Options) => {
    process.exitCode = await run(given, options, project);
  });
}

async function run(given: readonly string[], options: Options, project: Project): Promise<number> {
  const output = new Output(options);
  const wanted = choose(populatedDatabases(project), given);
  const looked = await eachDatabase(wanted, { create: false, lock: false }, async (database) =>
    isUnused(database, given, project) ? [] : await runsOf(database, options.limit),
  );
  const results = looked.flatMap((result): Result<RunSummary[]>[] => ('error' in result ? [result] : result.value));
  const runs = results.flatMap((result) =>
    'value' in result ? result.value.map((one) => rowOf(result.name, one)) : [],
  );
  if (runs.length === 0 && results.every((result) => 'value' in result)) {
    output.say('No runs yet: start one with npx meridian populate.');
  }
  if (runs.length > 0) {
    const head = ['database', 'started', 'state', 'read', 'inserted', 'updated', 'unchanged', 'rejected', 'source'];
    output.say(renderTable(head, runs));
  }
  if (results.some((result) => 'value' in result && result.value.some(({ state }) => state === 'stopped'))) {
    output.say('To continue a stopped run, run the same command again; --restart starts it from the beginning.');
  }
  for (const result of results) {
    if ('error' in result) {
      output.fail(result.error);
    }
  }
  output.json(
    Object.fromEntries(
      results.map((result) => [result.name, 'value' in result ? result.value : { error: result.error.message }]),
    ),
  );
  return worstOf(results.map((result) => ('value' in result ? 0 : exitCodeFor(result.error))));
}

/** The runs of each table of a database. */
async function runsOf(database: Database, limit: number): Promise<{ name: string; value: RunSummary[] }[]> {
  return (await listAllRuns(database, limit)).map(({ name, runs }) => ({ name, value: runs }));
}

/** A database of a module that does not exist yet is listed only when it is named. */
function isUnused({ isMissing, declaration }: Database, given: readonly string[], { databases }: Project): boolean {
  return isMissing && given.length === 0 && !databases.includes(declaration);
}

function rowOf(database: string, run: RunSummary): (string | number)[] {
  const { startedAt, state, read, inserted, updated, unchanged, rejected, source } = run;
  return [database, formatInstant(startedAt), state, read, inserted, updated, unchanged, rejected, printable(source)];
}
