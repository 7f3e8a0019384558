/** `meridian rejects list`, `show`, `export`, `retry` and `prune` */
import process from 'node:process';
import { type Command, Option } from 'commander';
import type { Project } from '../../../config/module.ts';
import { displayPath } from '../../../database/location.ts';
import { withOutputOptions } from '../../options/common-options.ts';
import { wholeNumber } from '../../options/whole-number.ts';
import { LOG_FILE } from '../../output/log.ts';
import { exportRejects, FORMATS } from './rejects.export.ts';
import { listRejects } from './rejects.list.ts';
import { pruneRejects } from './rejects.prune.ts';
import { retryRejects } from './rejects.retry.ts';
import { showRejects } from './rejects.show.ts';

const DEFAULT_LIMIT = 20;
const DEFAULT_EXAMPLES = 3;
const RUN = 'a run as the list shows it, or the start of its id; the newest with rejects if none is named';
const TABLE = 'only the rejects of this table';

export function defineRejectsCommand(rejects: Command, project: Project): void {
  rejects.description(
    'The records that runs of populate have rejected. They are kept with their run until they are loaded with retry, or pruned.',
  );
  const add = (name: string, summary: string, description: string) =>
    rejects.command(name).summary(summary).description(description);
  withOutputOptions(
    add('list', 'list the runs that have rejects', 'Lists the runs that have rejects, the newest first.').option(
      '--limit <number>',
      'how many runs',
      wholeNumber,
      DEFAULT_LIMIT,
    ),
    'array',
  ).action(async (options) => {
    process.exitCode = await listRejects(project, options);
  });
  withOutputOptions(
    add(
      'show',
      'show why records were rejected',
      'Groups the rejects of a run by their reason: how many there are, with examples and the values that were wrong.',
    )
      .argument('[run]', RUN)
      .option('--table <name>', TABLE)
      .option('--examples <number>', 'of each reason', wholeNumber, DEFAULT_EXAMPLES),
    'object',
  ).action(async (run: string | undefined, options) => {
    process.exitCode = await showRejects(project, run, options);
  });
  withOutputOptions(
    add(
      'export',
      'write rejects to a file',
      'Writes the rejects of a run to a file: NDJSON that populate loads, or CSV for a spreadsheet, with the reason in a column.',
    )
      .argument('[run]', RUN)
      .option('--table <name>', TABLE)
      .addOption(new Option('--format <format>', 'instead of the one that the name of the file says').choices(FORMATS))
      .option('--out <path>', 'a file; a folder, for a file of each table; - for standard output', '-'),
    'object',
  ).action(async (run: string | undefined, options) => {
    process.exitCode = await exportRejects(project, run, options);
  });
  withOutputOptions(
    add(
      'retry',
      'load rejects again',
      'Loads the rejects of a run again, with the columns and settings of that run. Those that are rejected again are kept with the new run.',
    )
      .argument('[run]', RUN)
      .option('--table <name>', TABLE)
      .option(
        '--rejects <directory>',
        'where rejected records are written',
        pathOr(project.defaults?.rejects, 'rejects'),
      )
      .option('--log <file>', 'where outcomes and warnings are logged', pathOr(project.defaults?.log, LOG_FILE))
      .option('--dry-run', 'report what would happen and write nothing'),
    'object',
  ).action(async (run: string | undefined, options) => {
    process.exitCode = await retryRejects(project, run, options);
  });
  withOutputOptions(
    add(
      'prune',
      'delete rejects of old runs',
      'Deletes rejects of runs that have ended. The runs themselves stay in the list of runs.',
    )
      .option('--keep <number>', 'of each table, keep those of this number of runs, the newest ones', wholeNumber)
      .option('--older-than <days>', 'delete those of runs that started more than this number of days ago', wholeNumber)
      .option('--dry-run', 'report what would be deleted and delete nothing'),
    'array',
  ).action(async (options) => {
    process.exitCode = await pruneRejects(project, options);
  });
}

function pathOr(configured: string | undefined, otherwise: string): string {
  return configured === undefined ? otherwise : displayPath(configured);
}
