/** MikroORM's migrator, which also lists files and records, and runs migrations outside a transaction on every engine. */
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
  /** None where the options of MikroORM list the class. */
  readonly path?: string;
}

/** A migration outside a transaction failed; the statements that it executed before stay. */
export class PartialMigrationError extends Error {
  /** Those that were executed. */
  readonly statements: readonly string[];

  constructor(cause: unknown, statements: readonly string[]) {
    super(`${messageOf(cause)} (after ${statements.length} of its statements, which stay)`, { cause });
    this.statements = statements;
  }
}

/** MikroORM's default: scripts, and no declarations of types. */
const DEFAULT_GLOB = '!(*.d).{js,ts,cjs}';
const DEFAULT_NAMES = /^[^.].*(?<!\.d)\.(?:js|ts|cjs)$/;

export class DatabaseMigrator extends Migrator {
  /** Where the tables are, in place of MikroORM's default. */
  readonly #schema: string | undefined;
  /** Whether nothing is to be made in the database, not even the table of migrations. */
  #isComparing = false;

  constructor(em: EntityManager, schema?: string) {
    super(em);
    this.#schema = schema;
  }

  static override register(orm: MikroORM): void {
    orm.config.registerExtension('@mikro-orm/migrator', () => new DatabaseMigrator(orm.em as EntityManager));
  }

  /** All that there are, the oldest first. */
  async files(): Promise<MigrationFile[]> {
    await this.resolvePaths();
    return (await this.discoverMigrations()).map(({ name, path }) => (path === undefined ? { name } : { name, path }));
  }

  /** MikroORM's default glob takes many times longer than a list of the folder, and every command asks. */
  protected override async discoverMigrations(): ReturnType<Migrator['discoverMigrations']> {
    const { glob, migrationsList } = this.options;
    if (migrationsList !== undefined || glob !== DEFAULT_GLOB || /[*?[\]{}()!]/.test(this.absolutePath)) {
      return super.discoverMigrations();
    }
    return scriptsIn(this.absolutePath).map((name) => this.resolve({ name, path: join(this.absolutePath, name) }));
  }

  /** The names of those that are recorded; unlike MikroORM's own, it makes no table to find that there are none. */
  async executed(): Promise<string[]> {
    const [tableName = '', schema] = (this.options.tableName ?? '').split('.').reverse();
    const platform = this.driver.getPlatform();
    const connection = this.driver.getConnection();
    const exists = await platform.getSchemaHelper()?.tableExists(connection, tableName, schema);
    if (!exists || platform.supportsSchemas()) {
      return exists ? this.storage.executed() : [];
    }
    // MikroORM would look for the table once more, and make an entity and a query for it
    const sql = `select name from ${platform.quoteIdentifier(tableName)} order by id`;
    const rows = await connection.execute<{ name: string }[]>(sql);
    return rows.map(({ name }) => this.storage.getMigrationName(name));
  }

  /** The SQL that `create` would write into a migration: from the snapshot, or from the database where there is none, to the entities. */
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

  /** Where there is no snapshot, MikroORM would read the tables of its default schema, and take all others for superfluous. */
  protected override async getSchemaFromSnapshot(): ReturnType<Migrator['getSchemaFromSnapshot']> {
    const snapshot = await super.getSchemaFromSnapshot();
    const isDefault = this.#schema === undefined || this.#schema === this.driver.getPlatform().getDefaultSchemaName();
    return snapshot ?? (isDefault ? undefined : readTables(this.driver, this.config, this.#schema));
  }

  /** Runs a migration in the transaction of `em`; returns all that it runs, at once or when its turn has come. */
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

  /** One of `migrationsList`. */
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

  /** In one transaction, unless one of them runs outside a transaction: then each for itself. */
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

/** Also those that are links, as in a volume of Kubernetes. */
function scriptsIn(folder: string): string[] {
  const isFile = (name: string) => statSync(join(folder, name), { throwIfNoEntry: false })?.isFile() === true;
  return existsSync(folder)
    ? readdirSync(folder)
        .filter((name) => DEFAULT_NAMES.test(name) && isFile(name))
        .sort()
    : [];
}

/** A migrator that compares entities with tables where the database has them. */
export function migratorOf({
  orm,
  location,
}: {
  readonly orm: MikroORM;
  readonly location: DatabaseLocation;
}): DatabaseMigrator {
  return new DatabaseMigrator(orm.em as EntityManager, 'schema' in location ? location.schema : undefined);
}

/** Records the statements of a migration outside a transaction, for the error if it fails. */
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
    // MikroORM refuses the option --schema for migrations outside a transaction
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

/** @returns what the migration executes by itself, added as it is executed */
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
