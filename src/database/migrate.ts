/** Runs, reverts and inspects the migrations of one database, with MikroORM's migrator. */
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { MeridianError, messageOf } from '../shared/errors.ts';
import { buildRoot } from '../shared/project.ts';
import type { Database, EntityManager } from './database.ts';
import { displayPath, urlVariable } from './location.ts';
import { DatabaseMigrator, type MigrationFile, migratorOf, PartialMigrationError } from './mikro-orm-migrator.ts';
import { adoptionsOf, pendingOwnMigrations } from './own-migrations.ts';

export interface MigrationStatus {
  readonly executed: readonly string[];
  readonly pending: readonly string[];
  /** Recorded as executed, but this version does not contain them. */
  readonly unknown: readonly string[];
  /** Whether the entities differ from the snapshot of the last migration. */
  readonly drift: boolean;
}

export interface PendingMigration {
  readonly name: string;
  readonly statements: readonly string[];
}

/**
 * Runs all pending migrations and returns their names. They run in one transaction, or each on its own if one of them is not transactional.
 *
 * @throws MeridianError `migration` with the changes that were made before one failed, and for a database that is newer than this version
 */
export async function migrateUp(database: Database): Promise<string[]> {
  await pendingFiles(database);
  return run(database, 'migrating', async () => {
    await database.engine.prepareMigrations(database.fork());
    const applied = await database.interruptibly(() => database.orm.migrator.up());
    return applied.map(({ name }) => name);
  });
}

/**
 * Whether `migrateUp` has anything to do. Reads only file names and the migration table.
 *
 * @throws MeridianError `migration` for a database that is newer than this version
 */
export async function hasPendingMigrations(database: Database): Promise<boolean> {
  return (await pendingNames(database)).length > 0;
}

/** Reverts the newest executed migration. Returns its name, or nothing if there was none. */
export async function migrateDown(database: Database): Promise<string | undefined> {
  const [newest] = (await migrationStatus(database)).executed.slice(-1);
  const reverted = await run(database, 'reverting', () => database.orm.migrator.down());
  if (newest !== undefined && reverted.length === 0) {
    throw new MeridianError(
      'migration',
      `${database.name}: the file of migration ${newest} is gone, so it cannot be reverted.`,
    );
  }
  return reverted[0]?.name;
}

/** Reads files, migration table and snapshot. Writes nothing, not even the migration table. */
export async function migrationStatus(database: Database): Promise<MigrationStatus> {
  const migrator = migratorOf(database);
  try {
    const executed = await migrator.executed();
    const files = (await migrator.files()).map(({ name }) => name);
    return {
      executed,
      pending: [
        ...files.filter((name) => !executed.includes(name)),
        ...(await pendingOwnMigrations(database.fork(), database)).map(({ name }) => name),
      ],
      unknown: executed.filter((name) => !files.includes(name)),
      drift: await migrator.checkSchema(),
    };
  } catch (error) {
    throw database.explain(error);
  }
}

/**
 * Requires the newest schema without migrating: for commands that only read. @throws MeridianError `migration` for a database with an older
 * or newer schema
 */
export async function refusePending(database: Database): Promise<void> {
  const pending = await pendingNames(database);
  if (pending.length > 0) {
    throw new MeridianError(
      'migration',
      `${database.name}: ${pending.length === 1 ? 'a migration is' : `${pending.length} migrations are`} pending (${pending.join(', ')}). Run npx meridian migrate first.`,
    );
  }
}

/**
 * The SQL that `migrateUp` would run now. It is executed and rolled back, since a migration may depend on the results of its statements.
 */
export async function pendingMigrations(database: Database): Promise<PendingMigration[]> {
  const em = database.fork();
  try {
    return await applyPending(database, em);
  } finally {
    if (em.isInTransaction()) {
      await em.rollback();
    }
  }
}

/**
 * Begins a transaction in `em` and applies pending migrations in it, without recording them. The caller rolls back.
 *
 * @throws MeridianError `migration` for a migration that is not transactional, and for a database that is newer than this version
 */
export async function applyPending(database: Database, em: EntityManager): Promise<PendingMigration[]> {
  // read before the transaction begins, since that holds the only connection
  const pending = await pendingFiles(database);
  try {
    const migrator = new DatabaseMigrator(database.orm.em);
    for (const file of pending) {
      if (!(await migrator.load(file)).isTransactional()) {
        throw untriable(database, file);
      }
    }
    await em.begin();
    const own = [...(await pendingOwnMigrations(em, database)), ...(await adoptionsOf(em, database))];
    if (pending.length > 0 || own.length > 0) {
      await database.engine.prepareTrial(em);
    }
    const applied: PendingMigration[] = [];
    for (const file of pending) {
      applied.push({ name: file.name, statements: await migrator.apply(file, em) });
    }
    for (const { name, statements } of own) {
      for (const statement of statements) {
        await em.execute(statement);
      }
      applied.push({ name, statements });
    }
    return applied;
  } catch (error) {
    throw database.explain(error);
  }
}

function untriable({ name: database }: Database, { name, path }: MigrationFile): MeridianError {
  return new MeridianError(
    'migration',
    `${database}: migration ${name} runs outside a transaction, so a dry run cannot try it and undo it again. ` +
      `${path === undefined ? '' : `Its statements are in ${displayPath(path)}. `}Apply it with npx meridian migrate ${database} first.`,
  );
}

/** The project's migrations, followed by those of Meridian's own tables. */
async function pendingNames(database: Database): Promise<string[]> {
  const files = await pendingFiles(database);
  try {
    return [...files, ...(await pendingOwnMigrations(database.fork(), database))].map(({ name }) => name);
  } catch (error) {
    throw database.explain(error);
  }
}

/** @throws MeridianError `migration` for a database with unknown migrations */
async function pendingFiles(database: Database): Promise<MigrationFile[]> {
  const migrator = new DatabaseMigrator(database.orm.em);
  try {
    const executed = await migrator.executed();
    const files = await migrator.files();
    const unknown = executed.filter((one) => !files.some(({ name }) => name === one));
    if (unknown.length > 0) {
      throw unknownError(database.name, unknown);
    }
    return files.filter(({ name }) => !executed.includes(name));
  } catch (error) {
    throw database.explain(error);
  }
}

/** The error for a database that a newer version has migrated, or whose file contains another database. */
export function unknownError(database: string, unknown: readonly string[]): MeridianError {
  const names = unknown.join(', ');
  const [other] = unknown.flatMap(setsWith);
  if (other !== undefined) {
    return new MeridianError(
      'migration',
      `${database}: its file holds the tables of ${other} as well (${names}), and each needs a file of its own. ` +
        `Name new files in ${urlVariable(database)} and ${urlVariable(other)}, and fill them again.`,
    );
  }
  const [noun, them] = unknown.length === 1 ? ['a migration', 'it'] : ['migrations', 'them'];
  return new MeridianError(
    'migration',
    `${database}: the database has ${noun} that this version does not know (${names}), so a newer version has changed it. ` +
      `Use the version that has ${them}.`,
  );
}

/** The migration sets, such as `invoices`, that contain a migration of this name. */
function setsWith(migration: string): string[] {
  const root = join(buildRoot, 'migrations');
  return !existsSync(root)
    ? []
    : readdirSync(root).filter((set) =>
        readdirSync(join(root, set)).some((engine) => existsSync(join(root, set, engine, `${migration}.js`))),
      );
}

/** Errors that do not concern the migration itself. */
function isPassedOn(error: unknown): boolean {
  return error instanceof MeridianError && (error.code === 'locked' || error.code === 'identity');
}

async function run<T>(database: Database, event: 'migrating' | 'reverting', work: () => Promise<T>): Promise<T> {
  const before = await executedIn(database);
  let current: string | undefined;
  const note = ({ name }: { name: string }) => {
    current = name;
  };
  database.orm.migrator.on(event, note);
  try {
    return await work();
  } catch (error) {
    const explained = database.explain(error instanceof PartialMigrationError ? error.cause : error);
    const stays = [await changedSince(database, before), whatStays(error)].filter((sentence) => sentence !== '');
    if (stays.length === 0 && isPassedOn(explained)) {
      throw explained;
    }
    const which = current === undefined ? 'the migrations' : `migration ${current}`;
    const reason = messageOf(explained).replace(`${database.name}: `, '');
    const rolledBack =
      stays.length === 0 ? ` and no migration was ${event === 'migrating' ? 'applied' : 'reverted'}` : '';
    const sentences = [`${database.name}: ${which} failed${rolledBack}: ${reason}`, ...stays];
    throw new MeridianError('migration', sentences.join(' '), { cause: error });
  } finally {
    database.orm.migrator.off(event, note);
  }
}

async function executedIn(database: Database): Promise<string[]> {
  try {
    return await new DatabaseMigrator(database.orm.em).executed();
  } catch (error) {
    throw database.explain(error);
  }
}

/** @returns a sentence about the migrations that were applied or reverted meanwhile; empty if there are none */
async function changedSince(database: Database, before: readonly string[]): Promise<string> {
  let now: readonly string[];
  try {
    now = await executedIn(database);
  } catch {
    // the migration failed for the same reason, which is reported
    return 'It is not known what was changed, since the database does not answer: see npx meridian migrate:status.';
  }
  const applied = now.filter((name) => !before.includes(name));
  const reverted = before.filter((name) => !now.includes(name));
  return [
    ...(applied.length > 0 ? [`Applied before it, and still applied: ${applied.join(', ')}.`] : []),
    ...(reverted.length > 0 ? [`Reverted before it: ${reverted.join(', ')}.`] : []),
  ].join(' ');
}

/** @returns a sentence about the changes that a non-transactional migration has left; empty for one that was rolled back */
function whatStays(error: unknown): string {
  if (!(error instanceof PartialMigrationError)) {
    return '';
  }
  const last = error.statements.at(-1);
  const what =
    last === undefined
      ? 'its first statement failed, and may have left something, such as an invalid index'
      : `${error.statements.length === 1 ? 'its first statement stays' : `its first ${error.statements.length} statements stay`}, up to ${JSON.stringify(last.slice(0, 200))}`;
  return `It runs outside a transaction: ${what}. Undo that by hand before you run it again.`;
}
