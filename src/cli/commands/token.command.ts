/** `meridian token create`, `list` and `revoke` */

import process from 'node:process';
import { type Command, InvalidArgumentError, Option } from 'commander';
import type { Project } from '../../config/module.ts';
import { ROLES, type Role } from '../../config/route.ts';
import type { Database } from '../../database/database.ts';
import { createToken, listTokens, revokeToken, type Token } from '../../http/auth/tokens.ts';
import { openServerDatabase } from '../../http/state/open.ts';
import { currentTime, timestamp } from '../../shared/environment.ts';
import { formatInstant } from '../../shared/time/format-instant.ts';
import { withOutputOptions } from '../options/common-options.ts';
import { printable } from '../output/printable.ts';
import { renderTable } from '../output/table.ts';
import { Output, type OutputOptions } from '../output/terminal.ts';

interface CreateOptions extends OutputOptions {
  readonly role: Role;
  readonly name: string;
  /** The lifetime in days. */
  readonly expires?: number;
}

const DAY_MILLISECONDS = 86_400_000;
const MAX_DAYS = 3650;

export function defineTokenCommand(token: Command, project: Project): void {
  token.description('Tokens of the HTTP API. Only a digest of each is stored, in the database of the server.');
  withOutputOptions(
    token
      .command('create')
      .summary('make a token')
      .description('Makes a token, and prints it once: it is stored nowhere.')
      .addOption(
        new Option('--role <role>', 'what it may do: read, operate (and write), admin (and manage tokens)')
          .choices(ROLES)
          .makeOptionMandatory(),
      )
      .option('--name <text>', 'whose it is, for lists and the audit log', 'token')
      .option('--expires <days>', 'after so many days, such as 90d (default: never)', daysOf),
  ).action((options: CreateOptions) => withState(project, (state) => create(state, options)));
  withOutputOptions(
    token
      .command('list')
      .summary('list the tokens')
      .description('Lists the tokens, the oldest first, without their secrets.'),
    'array',
  ).action((options: OutputOptions) => withState(project, (state) => list(state, options)));
  withOutputOptions(
    token
      .command('revoke')
      .summary('revoke a token')
      .description(
        'Revokes a token and the sessions that were opened with it; running servers take note within five seconds.',
      )
      .argument('<id>', 'the id of the token, as the list has it'),
  ).action((id: string, options: OutputOptions) => withState(project, (state) => revoke(state, id, options)));
}

async function withState(project: Project, work: (state: Database) => Promise<void>): Promise<void> {
  const state = await openServerDatabase(project);
  try {
    await work(state);
    process.exitCode = 0;
  } finally {
    await state.close();
  }
}

async function create(state: Database, { role, name, expires, ...options }: CreateOptions): Promise<void> {
  const output = new Output(options);
  const now = currentTime();
  const expiry = expires === undefined ? {} : { expiresAt: new Date(now.getTime() + expires * DAY_MILLISECONDS) };
  const { text, ...token } = await createToken(state, { role, name, ...expiry }, now);
  output.note(`Token ${token.id} (${role}); it is shown only now.`);
  output.say(text);
  output.json({ ...token, token: text });
}

async function list(state: Database, options: OutputOptions): Promise<void> {
  const output = new Output(options);
  const tokens = await listTokens(state);
  output.say(
    tokens.length === 0
      ? 'No tokens yet: make one with npx meridian token create --role admin.'
      : renderTable(['id', 'name', 'role', 'created', 'expires', 'state'], tokens.map(rowOf)),
  );
  output.json(tokens);
}

function rowOf(token: Token): string[] {
  const { id, name, role, createdAt, expiresAt } = token;
  const expiry = expiresAt === null ? 'never' : formatInstant(expiresAt);
  return [id, printable(name), role, formatInstant(createdAt), expiry, stateOf(token)];
}

function stateOf({ expiresAt, revokedAt }: Token): string {
  if (revokedAt !== null) {
    return 'revoked';
  }
  return expiresAt !== null && expiresAt <= timestamp() ? 'expired' : 'valid';
}

async function revoke(state: Database, id: string, options: OutputOptions): Promise<void> {
  const output = new Output(options);
  const token = await revokeToken(state, id);
  output.say(
    `Token ${token.id} (${printable(token.name)}) is revoked. Running servers refuse it within five seconds.`,
    'success',
  );
  output.json(token);
}

function daysOf(text: string): number {
  const [, digits = ''] = /^(\d{1,4})d?$/.exec(text) ?? [];
  const days = Number(digits);
  if (days < 1 || days > MAX_DAYS) {
    throw new InvalidArgumentError(`It has to be a number of days from 1 to ${MAX_DAYS}, such as 90d.`);
  }
  return days;
}
