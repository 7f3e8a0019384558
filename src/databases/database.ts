/** A database: its declaration, its MikroORM instance and what its errors mean. */
import { existsSync } from 'node:fs';
import { DriverException, type EntityMetadata, type EntityName } from '@mikro-orm/core';
import { type EntityManager, MikroORM } from '@mikro-orm/sqlite';
import { MeridianError, messageOf } from '../errors.ts';
import { BulkTable } from './bulk.ts';
import type { DatabaseDeclaration } from './declaration.ts';
import { type DatabaseLocation, displayPath, locate, MEMORY } from './location.ts';
import { mikroOrmOptions } from './options.ts';
import { checkSqliteFile, explainSqliteError, isSqliteLocked, sqliteWriteLockStatement } from './sqlite.ts';
import { sqliteRows } from './sqlite-rows.ts';

/** The EntityManager of whatever engine is behind a database. */
export type { EntityManager };

export interface DatabaseOptions {
  /** Instead of where the environment says. */
  readonly location?: DatabaseLocation;
  /** Instead of `migrations/<database>/<engine>/`. */
  readonly migrationsDirectory?: string;
  /** When false, nothing is created or set up: a database that does not exist yet is taken for an empty one, in memory. */
  readonly create?: boolean;
}

export class Database {
  readonly declaration: DatabaseDeclaration;
  /** Where the database is, or would be. */
  readonly location: DatabaseLocation;
  /** Whether it is gone when it is closed. */
  readonly isInMemory: boolean;
  /** Whether there was nothing at its location when this was made. */
  readonly isMissing: boolean;
  /** Whether nothing is to be created or set up. */
  readonly isLookedAt: boolean;
  readonly orm: MikroORM;

  /** Reads the entity and connects to nothing. */
  constructor(declaration: DatabaseDeclaration, options: DatabaseOptions = {}) {
    const { migrationsDirectory, create = true } = options;
    this.declaration = declaration;
    this.location = options.location ?? locate(declaration.name);
    this.isLookedAt = !create;
    this.isMissing = this.location.file !== MEMORY && !existsSync(this.location.file);
    this.isInMemory = this.location.file === MEMORY || (this.isMissing && !create);
    this.orm = new MikroORM(
      mikroOrmOptions(declaration, {
        location: this.isInMemory ? { ...this.location, file: MEMORY } : this.location,
        lookOnly: this.isLookedAt,
        silent: true,
        ...(migrationsDirectory === undefined ? {} : { migrationsDirectory }),
      }),
    );
  }

  /** Connects as well. @throws MeridianError `database` or `locked`, naming the file and what to do */
  static async open(declaration: DatabaseDeclaration, options: DatabaseOptions = {}): Promise<Database> {
    const database = new Database(declaration, options);
    await database.connect();
    return database;
  }

  get name(): string {
    return this.declaration.name;
  }

  /** Where it is, for people. */
  get place(): string {
    return displayPath(this.location.file);
  }

  /** A file for what belongs to the database and is not in it; none for a database that is gone when it is closed. */
  sidecar(extension: string): string | undefined {
    return this.isInMemory ? undefined : `${this.location.file}.${extension}`;
  }

  /** What MikroORM knows of the entity. */
  get metadata(): EntityMetadata {
    return this.orm.getMetadata().get(this.declaration.entity) as EntityMetadata;
  }

  /** @throws MeridianError `database` or `locked`, naming the file and what to do */
  async connect(): Promise<void> {
    checkSqliteFile(this.name, this.location.file);
    try {
      await this.orm.connect();
      // the driver opens a file without reading it: ask for something that makes it look
      await this.orm.em.execute('select count(*) from sqlite_master');
    } catch (error) {
      await this.close();
      throw this.explain(error);
    }
  }

  /** A fork for one load or one check, with an identity map of its own. */
  fork(): EntityManager {
    return this.orm.em.fork();
  }

  /** A table in SQL. */
  quotedTable({ tableName, schema }: EntityMetadata): string {
    const quote = (name: string) => this.orm.em.getPlatform().quoteIdentifier(name);
    const where = schema ?? this.orm.config.get('schema');
    return where === undefined ? quote(tableName) : `${quote(where)}.${quote(tableName)}`;
  }

  /** Statements over many rows at once: of the entity's table, unless another entity is named. */
  bulk<T extends object>(entity: EntityName<T> = this.declaration.entity as EntityName<T>): BulkTable {
    return new BulkTable(this, this.orm.getMetadata().get(entity) as EntityMetadata, sqliteRows);
  }

  /** Runs `work` in one transaction that holds the write lock from its first statement on. */
  async write<T>(em: EntityManager, work: (em: EntityManager) => Promise<T>): Promise<T> {
    const table = this.quotedTable(this.metadata);
    return em.transactional(async (transaction) => {
      await transaction.execute(sqliteWriteLockStatement(table));
      return work(transaction);
    });
  }

  /** Whether the table of the entity is there and holds rows. */
  async holdsRows(em: EntityManager): Promise<boolean> {
    if (!(await this.hasTable(em))) {
      return false;
    }
    const table = em.getPlatform().quoteIdentifier(this.metadata.tableName);
    return (await em.execute(`select 1 from ${table} limit 1`)).length > 0;
  }

  /** Whether the table of an entity is there, which migrations alone do not say: somebody may have dropped it. */
  async hasTable<T extends object>(
    em: EntityManager,
    entity: EntityName<T> = this.declaration.entity as EntityName<T>,
  ): Promise<boolean> {
    const helper = this.orm.em.getPlatform().getSchemaHelper();
    const { tableName } = this.orm.getMetadata().get(entity);
    try {
      return (
        (await helper?.tableExists(this.orm.em.getConnection(), tableName, undefined, em.getTransactionContext())) ??
        true
      );
    } catch (error) {
      throw this.explain(error);
    }
  }

  /** The error as the user should see it. Errors that are not the database's own are returned as they are. */
  explain(error: unknown): unknown {
    if (error instanceof MeridianError) {
      return error;
    }
    const sentence = explainSqliteError(this.location.file, error);
    if (sentence !== undefined) {
      const code = isSqliteLocked(error) ? 'locked' : 'database';
      return new MeridianError(code, `${this.name}: ${sentence}`, { cause: error });
    }
    return error instanceof DriverException
      ? new MeridianError('database', `${this.name}: the database refused: ${messageOf(error)}.`, { cause: error })
      : error;
  }

  async close(): Promise<void> {
    await this.orm.close();
  }
}
