/** MikroORM's migrator, extended to list files and records, and to run non-transactional migrations on every engine. */
import { existsSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { MikroORM, Transaction } from '@mikro-orm/core';
import { type Migration, MigrationRunner, Migrator } from '@mikro-orm/migrations';
import type { EntityManager } from '@mikro-orm/sql';
import { MeridianError, messageOf } from '../shared/errors.ts';
import type { DatabaseLocation } from './location.ts';
import { readTables } from './postgresql/schema-tables.ts';

export interface MigrationFile {
  readonly name: string;
  /** Undefined if the MikroORM options list the class. */
  readonly path?: string;
}

/** A non-transactional migration failed; the statements before the error remain in effect. */
export class PartialMigrationError extends Error {
  /** The executed statements. */
  readonly statements: readonly string[];

  constructor(cause: unknown, statements: readonly string[]) {
    super(`${messageOf(cause)} (after ${statements.length} of its statements, which stay)`, { cause });
    this.statements = statements;
  }
}

/** MikroORM's default glob: scripts without type declarations. */
const DEFAULT_GLOB = '!(*.d).{js,ts,cjs}';
const DEFAULT_NAMES = /^[^.].*(?<!\.d)\.(?:js|ts|cjs)$/;

export class DatabaseMigrator extends Migrator {
  /** The schema of the tables, if it is not MikroORM's default. */
  readonly #schema: string | undefined;
  /** Whether to create nothing in the database, not even the migration table. */
  #isComparing = false;

  constructor(em: EntityManager, schema?: string) {
    super(em);
    this.#schema = schema;
  }

  static override register(orm: MikroORM): void {
    orm.config.registerExtension('@mikro-orm/migrator', () => new DatabaseMigrator(orm.em as EntityManager));
  }

  /** All migrations, the oldest first. */
  async files(): Promise<MigrationFile[]> {
    await this.resolvePaths();
    return (await this.discoverMigrations()).map(({ name, path }) => (path === undefined ? { name } : { name, path }));
  }

  /** Lists the folder, which is many times faster than MikroORM's default glob; every command calls this. */
  protected override async discoverMigrations(): ReturnType<Migrator['discoverMigrations']> {
    const { glob, migrationsList } = this.options;
    if (migrationsList !== undefined || glob !== DEFAULT_GLOB || /[*?[\]{}()!]/.test(this.absolutePath)) {
      return super.discoverMigrations();
    }
    return scriptsIn(this.absolutePath).map((name) => this.resolve({ name, path: join(this.absolutePath, name) }));
  }

  /** The names of the recorded migrations. Unlike MikroORM's method, it does not create the migration table. */
  async executed(): Promise<string[]> {
    const [tableName = '', schema] = (this.options.tableName ?? '').split('.').reverse();
    const platform = this.driver.getPlatform();
    const connection = this.driver.getConnection();
    const exists = await platform.getSchemaHelper()?.tableExists(connection, tableName, schema);
    if (!exists || platform.supportsSchemas()) {
      return exists ? this.storage.executed() : [];
    }
    // MikroORM would check for the table again, and build an entity and a query
    const sql = `select name from ${platform.quoteIdentifier(tableName)} order by id`;
    const rows = await connection.execute<{ name: string }[]>(sql);
    return rows.map(({ name }) => this.storage.getMigrationName(name));
  }

  /** The SQL that `create` would write into a migration: the difference between the snapshot, or else the database, and the entities. */
  async changes(): Promise<string> {
    const fromSchema = await this.getSchemaFromSnapshot();
    const { safe = false, dropTables = true } = this.options;
    const em = this.em as EntityManager;
    const generator = em.getPlatform().getSchemaGenerator(this.driver, em);
    const { up } = await generator.getUpdateSchemaMigrationSQL({
      wrap: false,
      safe,
      dropTables,
      ...(fromSchema === undefined ? {} : { fromSchema }),
    });
    return up.trim();
  }

  override async checkSchema(): Promise<boolean> {
    return (await this.changes()) !== '';
  }

  override create(...args: Parameters<Migrator['create']>): ReturnType<Migrator['create']> {
    this.#isComparing = true;
    return super.create(...args).finally(() => {
      this.#isComparing = false;
    });
  }

  protected override init(): Promise<void> {
    return this.#isComparing ? this.initPaths() : super.init();
  }

  /** Without a snapshot, MikroORM would read the tables of its default schema, and consider all others superfluous. */
  protected override async getSchemaFromSnapshot(): ReturnType<Migrator['getSchemaFromSnapshot']> {
    const snapshot = await super.getSchemaFromSnapshot();
    const isDefault = this.#schema === undefined || this.#schema === this.driver.getPlatform().getDefaultSchemaName();
    return snapshot ?? (isDefault ? undefined : readTables(this.driver, this.config, this.#schema));
  }

  /** Runs a migration in the transaction of `em`. Returns all its statements, whether it executes them itself or adds them for later. */
  async apply(file: MigrationFile, em: EntityManager): Promise<string[]> {
    const migration = await this.load(file);
    migration.setTransactionContext(em.getTransactionContext());
    const statements = recordStatements(migration);
    await migration.up();
    for (const query of migration.getQueries().map(textOf)) {
      statements.push(query);
      await em.execute(query);
    }
    return statements;
  }

  async load({ name, path }: MigrationFile): Promise<Migration> {
    if (path === undefined) {
      return this.#listed(name);
    }
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
    return new MigrationClass(this.driver, this.config);
  }

  /** A migration of `migrationsList`. */
  #listed(name: string): Migration {
    for (const one of this.options.migrationsList ?? []) {
      const { class: MigrationClass, name: given } = typeof one === 'function' ? { class: one, name: undefined } : one;
      if (this.initialize(MigrationClass, given).name === name) {
        return new MigrationClass(this.driver, this.config) as Migration;
      }
    }
    throw new Error(`${name} is not in migrationsList`);
  }

  protected override createRunner(): MigrationRunner {
    const runner = new StatementRunner(this.driver, this.options, this.config);
    runner.afterDown = (transaction) => this.afterDown(transaction);
    return runner;
  }

  /** Called after a migration was reverted, before the commit. */
  protected afterDown(_transaction: Transaction | undefined): Promise<void> {
    return Promise.resolve();
  }

  /** Runs migrations in one transaction, or each on its own if one of them is not transactional. */
  protected override async runMigrations(
    ...[method, options]: Parameters<Migrator['runMigrations']>
  ): ReturnType<Migrator['runMigrations']> {
    const { allOrNothing = true } = this.options;
    this.options.allOrNothing = allOrNothing && (await this.#areTransactional(method));
    try {
      return await super.runMigrations(method, options);
    } finally {
      this.options.allOrNothing = allOrNothing;
    }
  }

  /** Whether every migration that `method` may run is transactional. A transaction around others would hold SQLite's only connection. */
  async #areTransactional(method: 'up' | 'down'): Promise<boolean> {
    const executed = new Set(await this.executed());
    for (const file of await this.files()) {
      if (executed.has(file.name) === (method === 'down') && !(await this.load(file)).isTransactional()) {
        return false;
      }
    }
    return true;
  }
}

/** Includes links to files, which Kubernetes volumes contain. */
function scriptsIn(folder: string): string[] {
  const isFile = (name: string) => statSync(join(folder, name), { throwIfNoEntry: false })?.isFile() === true;
  return existsSync(folder)
    ? readdirSync(folder)
        .filter((name) => DEFAULT_NAMES.test(name) && isFile(name))
        .sort()
    : [];
}

/** A migrator that compares the entities with the tables in the database's own schema. */
export function migratorOf({
  orm,
  location,
}: {
  readonly orm: MikroORM;
  readonly location: DatabaseLocation;
}): DatabaseMigrator {
  return new DatabaseMigrator(orm.em as EntityManager, 'schema' in location ? location.schema : undefined);
}

/** Records the statements of a non-transactional migration, for the error if it fails. */
class StatementRunner extends MigrationRunner {
  #schema: string | undefined;
  afterDown: (transaction: Transaction | undefined) => Promise<void> = () => Promise.resolve();

  override setRunSchema(schema?: string): void {
    this.#schema = schema;
    super.setRunSchema(schema);
  }

  override async run(...[migration, method, recorded]: Parameters<MigrationRunner['run']>): Promise<void> {
    const afterRun: typeof recorded = async (transaction) => {
      await recorded?.(transaction);
      if (method === 'down') {
        await this.afterDown(transaction);
      }
    };
    // MikroORM rejects the option --schema for non-transactional migrations
    if (migration.isTransactional() || this.#schema !== undefined) {
      return super.run(migration, method, afterRun);
    }
    migration.reset();
    const statements = recordStatements(migration);
    try {
      await migration[method]();
      for (const query of migration.getQueries()) {
        await this.driver.execute(query);
        statements.push(textOf(query));
      }
      await afterRun();
    } catch (error) {
      throw new PartialMigrationError(error, statements);
    }
  }
}

/** @returns the statements that the migration executes itself, a list that grows with each */
function recordStatements(migration: Migration): string[] {
  const statements: string[] = [];
  const execute = migration.execute.bind(migration);
  migration.execute = async (sql, params) => {
    const rows = await execute(sql, params);
    statements.push(textOf(sql));
    return rows;
  };
  return statements;
}

function textOf(query: Parameters<Migration['addSql']>[0]): string {
  return typeof query === 'string' ? query : query.toString();
}
