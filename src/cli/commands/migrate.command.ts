/** `meridian migrate`, `migrate:down`, `migrate:status`, `migrate:check` and `migrate:create` */
import process from 'node:process';
import type { Command } from 'commander';
import type { IndexedStore, Project, TargetStatus } from '../../config/module.ts';
import type { Database } from '../../database/database.ts';
import type { Result } from '../../database/each-database.ts';
import { migrateDown, migrateUp, migrationStatus, pendingMigrations, unknownError } from '../../database/migrate.ts';
import { exitCodeFor, FAILED, worstOf } from '../output/exit-code.ts';
import { renderTable } from '../output/table.ts';
import { Output, type OutputOptions } from '../output/terminal.ts';
import { allNames } from '../project.ts';
import { createMigrations, printCreated } from './migrate.create.ts';
import { eachTarget } from './migrate.targets.ts';

interface Options extends OutputOptions {
  readonly dryRun?: boolean;
}

/** How long a migration waits for another one to finish. */
const LOCK_SECONDS = 60;

/** Adds the common options of these commands. */
function withPrintOptions(command: Command): Command {
  return command
    .option('--json', 'print one JSON object on standard output, all else on standard error')
    .option('--verbose', 'print the stack trace of an error');
}

export function defineMigrateCommand(command: Command, project: Project): void {
  command
    .description('Apply pending migrations.')
    .argument('[databases...]', `some of ${allNames(project)}; all if none is named`);
  withPrintOptions(command)
    .option('--dry-run', 'print the SQL that would run and run none')
    .action(async (given: string[], options: Options) => {
      process.exitCode = await (options.dryRun ? printSql(project, given, options) : up(project, given, options));
    });
}

export function defineMigrateDownCommand(command: Command, project: Project): void {
  command.description('Revert the newest migration.').argument('<databases...>', `which of ${allNames(project)}`);
  withPrintOptions(command).action(async (given: string[], options: Options) => {
    process.exitCode = await down(project, given, options);
  });
}

export function defineMigrateStatusCommand(command: Command, project: Project): void {
  command
    .description('Show what has been applied and what has not.')
    .argument('[databases...]', `some of ${allNames(project)}; all if none is named`);
  withPrintOptions(command).action(async (given: string[], options: Options) => {
    process.exitCode = await status(project, given, options);
  });
}

export function defineMigrateCheckCommand(command: Command, project: Project): void {
  command
    .description('Exit 1 if a migration is pending, unknown, or missing for a change of an entity.')
    .argument(
      '[databases...]',
      `some of ${allNames(project)}; all if none is named, where those of modules may have no database yet`,
    );
  withPrintOptions(command).action(async (given: string[], options: Options) => {
    process.exitCode = await check(project, given, options);
  });
}

export function defineMigrateCreateCommand(command: Command, project: Project): void {
  command
    .description('Write migrations for the entities that have changed.')
    .argument('[databases...]', `some of ${allNames(project)}; all that have changed if none is named`);
  withPrintOptions(command)
    .option('--dry-run', 'print the SQL of the migrations and write none')
    .action(async (given: string[], options: Options) => {
      process.exitCode = conclude(
        new Output(options),
        await createMigrations(project, given, options.dryRun === true),
        printCreated.bind(undefined, new Output(options)),
      );
    });
}

async function up(project: Project, given: readonly string[], options: Options): Promise<number> {
  const output = new Output(options);
  const results = await eachTarget(
    project,
    given,
    { create: true, lock: true, lockSeconds: LOCK_SECONDS },
    migrateUp,
    async (store) => store.ensure(),
  );
  return conclude(output, results, (name, applied) =>
    output.say(applied.length > 0 ? `${name}: applied ${applied.join(', ')}` : `${name}: up to date`, 'success'),
  );
}

async function down(project: Project, given: readonly string[], options: Options): Promise<number> {
  const output = new Output(options);
  const results = await eachTarget(
    project,
    given,
    { create: false, lock: true, lockSeconds: LOCK_SECONDS },
    async (database) => (await migrateDown(database)) ?? null,
    async () => null,
  );
  return conclude(output, results, (name, reverted) =>
    output.say(reverted === null ? `${name}: nothing to revert` : `${name}: reverted ${reverted}`),
  );
}

async function printSql(project: Project, given: readonly string[], options: Options): Promise<number> {
  const output = new Output(options);
  const results = await eachTarget(project, given, { create: false, lock: false }, pendingMigrations, async (store) =>
    (await store.pending()).map((name) => ({ name, statements: [`-- createIndex ${name}`] })),
  );
  return conclude(output, results, (name, migrations) => {
    if (migrations.length === 0) {
      output.say(`-- ${name}: up to date`);
    }
    for (const migration of migrations) {
      output.say(`-- ${name}: ${migration.name}`);
      for (const statement of migration.statements) {
        output.say(`${statement.trimEnd().replace(/;$/, '')};`);
      }
    }
  });
}

async function status(project: Project, given: readonly string[], options: Options): Promise<number> {
  const output = new Output(options);
  const results = await eachTarget(project, given, { create: false, lock: false }, statusOf, statusOfStore);
  const rows = results.map((result) => {
    if ('error' in result) {
      return [result.name, '?', '?', '?'];
    }
    const { executed, pending, unknown, drift, missing } = result.value;
    const names = executed.map((name) => (unknown.includes(name) ? `${name} (unknown)` : name));
    return [result.name, missing ? 'no database yet' : list(names), list(pending), drift ? 'yes' : 'no'];
  });
  output.say(renderTable(['database', 'executed', 'pending', 'drift'], rows));
  return conclude(output, results, () => undefined);
}

async function check(project: Project, given: readonly string[], options: Options): Promise<number> {
  const output = new Output(options);
  const results = await eachTarget(project, given, { create: false, lock: false }, statusOf, statusOfStore);
  let isClean = true;
  const code = conclude(output, results, (name, { pending: all, unknown, drift, missing }) => {
    // a database of a module that does not exist yet is created with its newest schema
    const isUnused = missing && given.length === 0 && !project.databases.some((one) => one.name === name);
    const pending = isUnused ? [] : all;
    if (pending.length > 0) {
      output.say(`${name}: pending: ${pending.join(', ')}. Run npx meridian migrate ${name}`);
    }
    if (unknown.length > 0) {
      output.fail(unknownError(name, unknown));
    }
    if (drift) {
      output.say(`${name}: the entities differ from the snapshot. Run npx meridian migrate:create ${name}`);
    }
    const isCurrent = pending.length === 0 && unknown.length === 0 && !drift;
    if (isCurrent) {
      output.say(isUnused ? `${name}: no database yet` : `${name}: up to date`);
    }
    isClean &&= isCurrent;
  });
  return isClean ? code : Math.max(code, FAILED);
}

async function statusOf(database: Database): Promise<TargetStatus> {
  return { ...(await migrationStatus(database)), missing: database.isMissing };
}

export async function statusOfStore(store: IndexedStore): Promise<TargetStatus> {
  return { executed: [], pending: await store.pending(), unknown: [], drift: false, missing: false };
}

function conclude<T>(output: Output, results: readonly Result<T>[], print: (name: string, value: T) => void): number {
  for (const result of results) {
    if ('value' in result) {
      print(result.name, result.value);
    } else {
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

function list(names: readonly string[]): string {
  return names.length === 0 ? '–' : names.join('\n');
}
