/** Migrations of one database, through MikroORM's migrator: run, revert, look without touching. */
import { pathToFileURL } from 'node:url';
import { type Migration, Migrator } from '@mikro-orm/migrations';
import { MeridianError, messageOf } from '../errors.ts';
import type { Database, EntityManager } from './database.ts';

export interface MigrationStatus {
  readonly executed: readonly string[];
  readonly pending: readonly string[];
  /** Whether the entities say something else than the snapshot that the last migration left. */
  readonly drift: boolean;
}

export interface PendingMigration {
  readonly name: string;
  readonly statements: readonly string[];
}

/** Runs all pending migrations in one transaction; returns their names. */
export async function migrateUp(database: Database): Promise<string[]> {
  return run(database, 'migrating', async () => {
    await database.engine.prepareMigrations(database.fork());
    return (await database.orm.migrator.up()).map(({ name }) => name);
  });
}

/** Whether there is anything for `migrateUp` to do. Reads the files' names and the migration table, and no more. */
export async function hasPendingMigrations(database: Database): Promise<boolean> {
  const reader = new MigrationReader(database.orm.em);
  try {
    const executed = new Set(await reader.executed());
    return (await reader.files()).some(({ name }) => !executed.has(name));
  } catch (error) {
    throw database.explain(error);
  }
}

/** Reverts the newest executed migration; returns its name, or nothing if there was none. */
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

/** Looks at files, migration table and snapshot; writes nothing, not even the table that records migrations. */
export async function migrationStatus(database: Database): Promise<MigrationStatus> {
  const reader = new MigrationReader(database.orm.em);
  try {
    const executed = await reader.executed();
    const known = new Set(executed);
    const files = await reader.files();
    return {
      executed,
      pending: files.filter(({ name }) => !known.has(name)).map(({ name }) => name),
      drift: await reader.checkSchema(),
    };
  } catch (error) {
    throw database.explain(error);
  }
}

/** For those who only look. @throws MeridianError `migration` for a database that is not at its newest schema */
export async function refusePending(database: Database): Promise<void> {
  const { pending } = await migrationStatus(database);
  if (pending.length > 0) {
    throw new MeridianError(
      'migration',
      `${database.name}: ${pending.length === 1 ? 'a migration is' : `${pending.length} migrations are`} pending (${pending.join(', ')}). Run npm run migrate first.`,
    );
  }
}

/** The SQL that `migrateUp` would run now. It is run, for a migration may look at what it is doing, and rolled back. */
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

/** Begins a transaction in `em` and applies in it what is pending, without recording it; for the caller to roll back. */
export async function applyPending(database: Database, em: EntityManager): Promise<PendingMigration[]> {
  try {
    const reader = new MigrationReader(database.orm.em);
    // asked before the transaction begins, for it holds the only connection
    const executed = new Set(await reader.executed());
    const pending = (await reader.files()).filter(({ name }) => !executed.has(name));
    await em.begin();
    if (pending.length > 0) {
      await database.engine.prepareTrial(em);
    }
    const applied: PendingMigration[] = [];
    for (const { name, path } of pending) {
      applied.push({ name, statements: await reader.apply(path ?? name, em) });
    }
    return applied;
  } catch (error) {
    throw database.explain(error);
  }
}

/** What the migrator knows but only tells while it prepares to write. */
class MigrationReader extends Migrator {
  async files() {
    await this.initPaths();
    return this.discoverMigrations();
  }

  async executed(): Promise<string[]> {
    const [tableName = '', schema] = (this.options.tableName ?? '').split('.').reverse();
    const helper = this.driver.getPlatform().getSchemaHelper();
    const exists = await helper?.tableExists(this.driver.getConnection(), tableName, schema);
    return exists ? this.storage.executed() : [];
  }

  /** Runs a migration in the transaction of `em`; returns all that it runs, at once or when its turn has come. */
  async apply(path: string, em: EntityManager): Promise<string[]> {
    const exports: Record<string, unknown> = await import(pathToFileURL(path).href);
    const MigrationClass = Object.values(exports).find((value) => typeof value === 'function') as
      | (new (
          driver: unknown,
          config: unknown,
        ) => Migration)
      | undefined;
    if (MigrationClass === undefined) {
      throw new MeridianError('migration', `${path} exports no migration class.`);
    }
    const statements: string[] = [];
    const migration = new MigrationClass(this.driver, this.config);
    migration.setTransactionContext(em.getTransactionContext());
    const execute = migration.execute.bind(migration);
    migration.execute = (sql, params) => {
      statements.push(textOf(sql));
      return execute(sql, params);
    };
    await migration.up();
    for (const query of migration.getQueries().map(textOf)) {
      statements.push(query);
      await em.execute(query);
    }
    return statements;
  }
}

function textOf(query: Parameters<Migration['addSql']>[0]): string {
  return typeof query === 'string' ? query : query.toString();
}

async function run<T>(database: Database, event: 'migrating' | 'reverting', work: () => Promise<T>): Promise<T> {
  let current: string | undefined;
  const note = ({ name }: { name: string }) => {
    current = name;
  };
  database.orm.migrator.on(event, note);
  try {
    return await work();
  } catch (error) {
    const explained = database.explain(error);
    if (explained instanceof MeridianError && explained.code === 'locked') {
      throw explained;
    }
    const which = current === undefined ? 'the migrations' : `migration ${current}`;
    throw new MeridianError(
      'migration',
      `${database.name}: ${which} failed and nothing was changed: ${messageOf(explained)}`,
      { cause: error },
    );
  } finally {
    database.orm.migrator.off(event, note);
  }
}
