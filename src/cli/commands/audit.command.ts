/** `meridian audit` */
import process from 'node:process';
import type { Command } from 'commander';
import type { Project } from '../../config/module.ts';
import { type AuditRecord, readAudit } from '../../http/audit/read-audit.ts';
import { openServerDatabase } from '../../http/state/open.ts';
import { formatInstant } from '../../shared/time/format-instant.ts';
import { withOutputOptions } from '../options/common-options.ts';
import { wholeNumber } from '../options/whole-number.ts';
import { printable } from '../output/printable.ts';
import { renderTable } from '../output/table.ts';
import { Output, type OutputOptions } from '../output/terminal.ts';

interface Options extends OutputOptions {
  readonly limit: number;
  readonly token?: string;
}

const DEFAULT_LIMIT = 20;

export function defineAuditCommand(command: Command, project: Project): void {
  withOutputOptions(
    command
      .description('Lists the writes over the HTTP API, the newest first: who, what, when, and with which outcome.')
      .option('--limit <number>', 'records', wholeNumber, DEFAULT_LIMIT)
      .option('--token <id>', 'only those of this token'),
    'array',
  ).action(async (options: Options) => {
    process.exitCode = await run(options, project);
  });
}

async function run({ limit, token, ...options }: Options, project: Project): Promise<number> {
  const output = new Output(options);
  const state = await openServerDatabase(project);
  try {
    const records = await readAudit(state, { limit, actor: token });
    output.say(
      records.length === 0
        ? 'Nothing has been written over the HTTP API.'
        : renderTable(['at', 'who', 'operation', 'path', 'outcome', 'subject'], records.map(rowOf)),
    );
    output.json(records);
    return 0;
  } finally {
    await state.close();
  }
}

function rowOf({ at, actor, operation, path, outcome, status, subject }: AuditRecord): string[] {
  const answered = status === null ? outcome : `${outcome} (${status})`;
  return [formatInstant(at), printable(actor.name), operation, printable(path), answered, printable(subject ?? '')];
}
