/** A database: its declaration, its MikroORM instance and what its errors mean. */
import { DriverException, type EntityMetadata, type EntityName, type MikroORM } from '@mikro-orm/core';
import { type AbstractSqlDriver, type EntityManager, type Options, MikroORM as SqlMikroORM } from '@mikro-orm/sql';
import { withoutHandlers } from '../shared/async/signals.ts';
import { MeridianError, messageOf, programError } from '../shared/errors.ts';
import { BulkTable } from './bulk.ts';
import type { DatabaseDeclaration } from './declaration.ts';
import { noteLengths } from './declared.ts';
import { BUSY_SECONDS, type ConnectionOptions, type Engine } from './engine.ts';
import { engineOf } from './engines.ts';
import { checkIdentity, isIdentityError } from './identity.ts';
import type { JsonDialect } from './json.ts';
import { type DatabaseLocation, locationOf } from './location.ts';
import { engineOptions } from './options.ts';
import { begun } from './patches/kysely-transactions.ts';
import { mikroOrmOf } from './patches/shared-metadata.ts';
import { tableIdOf } from './table-id.ts';

/** The EntityManager of whatever engine is behind a database. */
export type { EntityManager };

/** How a database is opened. */
export interface DatabaseOptions extends Omit<ConnectionOptions, 'readOnly'> {
  /** Instead of where the environment says. */
  readonly location?: DatabaseLocation;
  /** Instead of `migrations/<database>/<engine>/`. */
  readonly migrationsDirectory?: string;
  /** When false, nothing is created or set up: a file that does not exist yet is taken for an empty database, in memory. */
  readonly create?: boolean;
  /** Whether the filters of the project hold, which are for its programs. */
  readonly filtered?: boolean;
}

/** An open database: what {@link openMigrated}, {@link openToRead} and their like return, for the caller to close. */
export class Database {
  /** What it was opened as. */
  readonly declaration: DatabaseDeclaration;
  /** Where the database is, or would be. @internal */
  readonly location: DatabaseLocation;
  /** @internal */
  readonly engine: Engine;
  /** Whether it is gone when it is closed. @internal */
  readonly isInMemory: boolean;
  /** Whether nothing is to be created or set up. @internal */
  readonly isReadOnly: boolean;
  /** @internal */
  readonly orm: MikroORM<AbstractSqlDriver, EntityManager>;
  readonly #bulk = new Map<EntityMetadata, BulkTable>();
  /** How long a statement waits for a lock. */
  readonly #waitSeconds: number;
  #isMissing: boolean;
  #isClaimed = false;
  #isClosed = false;
  #connecting: Promise<void> | undefined;
  #outside: EntityManager | undefined;

  private constructor(declaration: DatabaseDeclaration, engine: Engine, options: DatabaseOptions) {
    const { migrationsDirectory, create = true, ...connectionOptions } = options;
    this.declaration = declaration;
    this.engine = engine;
    this.location = this.engine.location;
    this.isReadOnly = !create;
    this.#waitSeconds = connectionOptions.answerSeconds ?? BUSY_SECONDS;
    this.#isMissing = this.engine.isMissing();
    const used = this.#isMissing && !create ? this.engine.standIn() : this.engine;
    this.isInMemory = used.isInMemory;
    this.orm = newMikroOrm(declaration, used, {
      ...engineOptions(declaration, used, {
        // what was there when it was looked for may have gone since
        mustExist: !this.#isMissing,
        ...connectionOptions,
        location: this.location,
        readOnly: this.isReadOnly,
        silent: true,
        ...(migrationsDirectory === undefined ? {} : { migrationsDirectory }),
      }),
      // MikroORM finds the transaction that is under way by this name: were it the same for all, a transaction within one
      // of another database would be taken for that one
      contextName: declaration.name,
    });
  }

  /**
   * Reads the entities and connects to nothing.
   *
   * @throws MeridianError `usage` for entities or options that MikroORM does not accept, `package` when the driver is not installed
   */
  static async unconnected(declaration: DatabaseDeclaration, options: DatabaseOptions = {}): Promise<Database> {
    const engine = await engineOf(options.location ?? locationOf(declaration), declaration.name);
    return new Database(declaration, engine, options);
  }

  /** Connects as well. @throws MeridianError `database` or `locked`, naming the place and what to do */
  static async open(declaration: DatabaseDeclaration, options: DatabaseOptions = {}): Promise<Database> {
    const database = await Database.unconnected(declaration, options);
    await database.connect();
    return database;
  }

  /** The name of its declaration. */
  get name(): string {
    return this.declaration.name;
  }

  /** Where it is, for people. */
  get place(): string {
    return this.engine.place;
  }

  /**
   * Whether there was nothing of this database at its location: no file, or no table. Before it is connected, engines
   * with a server say false.
   */
  get isMissing(): boolean {
    return this.#isMissing;
  }

  /** A sentence without its full stop for when nothing is there. */
  get absence(): string {
    return this.engine.absence;
  }

  /** How conditions on JSON in columns are written in its SQL. */
  get json(): JsonDialect {
    return this.engine.json;
  }

  /** Whether transactions that write wait for each other, whatever rows they are about. */
  get hasOneWriter(): boolean {
    return this.engine.hasOneWriter;
  }

  /** Whether it says that it belongs to its declaration. Before it is connected, false. @internal */
  get isClaimed(): boolean {
    return this.#isClaimed;
  }

  /** What MikroORM knows of an entity. @internal */
  metadataOf<T extends object>(entity: EntityName<T>): EntityMetadata {
    return this.orm.getMetadata().get(entity) as EntityMetadata;
  }

  /** Does nothing when it is connected; one that could not be connected is closed, and another has to be made. @throws MeridianError `database` or `locked`, naming the place and what to do */
  connect(): Promise<void> {
    this.#connecting ??= this.#connect();
    return this.#connecting;
  }

  async #connect(): Promise<void> {
    try {
      await this.orm.connect();
      if (!(await this.engine.probe(this.orm.em.getConnection(), this.tableNames))) {
        this.#isMissing = true;
      }
      this.#isClaimed = await checkIdentity(this.fork(), this);
    } catch (error) {
      // before it is closed, which may take the cause away
      const explained =
        error instanceof MeridianError && !isIdentityError(error)
          ? // what the engine itself has found says nothing of the database's name
            new MeridianError(error.code, `${this.name}: ${error.message}`, { cause: error })
          : this.explain(error);
      await this.close();
      throw explained;
    }
  }

  /** Of all its entities, with the schema of those that name one. */
  get tableNames(): string[] {
    const { entities, others = [] } = this.declaration;
    return [...entities.map(({ entity }) => entity), ...others].map((entity) => tableIdOf(this.metadataOf(entity)));
  }

  /** A fork for one load or one check, with an identity map of its own. @throws MeridianError `program` once it is closed */
  fork(): EntityManager {
    if (this.#isClosed) {
      // MikroORM would open another connection, which nothing closes, and in which a transaction waits for itself
      throw new MeridianError('program', `${this.name}: the database is closed. Open it again to use it.`);
    }
    return this.orm.em.fork();
  }

  /** An EntityManager for statements outside transactions that leave no entity in it: it is made once, where a fork for each would cost more. */
  get outside(): EntityManager {
    this.#outside ??= this.fork();
    return this.#outside;
  }

  /** A table in SQL; without a schema unless one is asked for, so that the connection decides which it is in. @internal */
  quotedTable({ tableName, schema }: Pick<EntityMetadata, 'tableName' | 'schema'>): string {
    const quote = (name: string) => this.orm.em.getPlatform().quoteIdentifier(name);
    const where = schema ?? this.orm.config.getSchema(true);
    return where === undefined ? quote(tableName) : `${quote(where)}.${quote(tableName)}`;
  }

  /** Statements over many rows of an entity's table at once. */
  bulk<T extends object>(entity: EntityName<T>): BulkTable {
    const metadata = this.metadataOf(entity);
    let table = this.#bulk.get(metadata);
    if (table === undefined) {
      table = new BulkTable(metadata, this.quotedTable(metadata), this.engine, this.orm.em.getPlatform());
      this.#bulk.set(metadata, table);
    }
    return table;
  }

  /**
   * Runs `work` in one transaction, for less than MikroORM's own takes: entities that `work` changes are not written, only
   * what it says in statements is. Its EntityManager is of no use afterwards.
   */
  async transaction<T>(work: (em: EntityManager) => Promise<T>): Promise<T> {
    const em = this.fork();
    const transaction = await begun(await em.getKysely<unknown>().startTransaction().execute());
    em.setTransactionContext(transaction);
    try {
      const result = await work(em);
      await transaction.commit().execute();
      return result;
    } catch (error) {
      await transaction.rollback().execute();
      throw error;
    }
  }

  /** Runs `work`, which only reads, in one transaction that sees the database as it is at one moment. */
  async readAtOnce<T>(work: (em: EntityManager) => Promise<T>): Promise<T> {
    return this.fork().transactional(async (em) => {
      await em.execute(this.engine.snapshotStatement);
      return work(em);
    });
  }

  /** Keeps other writers of an entity's table away until the transaction of `em` ends. */
  async lockTable<T extends object>(em: EntityManager, entity: EntityName<T>): Promise<void> {
    await em.execute(this.engine.writeLockStatement(this.quotedTable(this.metadataOf(entity))));
  }

  /**
   * From now on, a statement that meets another's lock fails at once where waiting would keep all of this process waiting, perhaps the very
   * holder of the lock: for callers that try again, as {@link withRetry} does.
   */
  async neverBlock(): Promise<void> {
    await this.engine.neverBlock(this.fork());
  }

  /** Does what may keep this thread for long and can be killed at any moment, so that Ctrl-C need not wait for its end. @internal */
  interruptibly<T>(work: () => Promise<T>): Promise<T> {
    return this.engine.blocksThread() ? withoutHandlers(work) : work();
  }

  /** Whether the same transaction may well succeed when it is tried again: another was in its way, or the connection was lost. */
  isTransient(error: unknown): boolean {
    return this.engine.isTransient(error);
  }

  /** Whether the database answered that it cannot hold a value that it was given: with other values, the statement may succeed. */
  refusesValue(error: unknown): boolean {
    return this.engine.refusesValue(error);
  }

  /** Whether the table of an entity is there, which migrations alone do not say: another program may have dropped it. */
  async hasTable<T extends object>(em: EntityManager, entity: EntityName<T>): Promise<boolean> {
    try {
      return await this.engine.hasTable(em, tableIdOf(this.metadataOf(entity)));
    } catch (error) {
      throw this.explain(error);
    }
  }

  /**
   * The error as the user should see it. Errors that are not the database's own are returned as they are.
   *
   * @param waitedSeconds for a lock, if it was not as long as a statement waits by itself
   */
  explain(error: unknown, waitedSeconds = this.#waitSeconds): unknown {
    if (error instanceof MeridianError) {
      return error;
    }
    const explanation = this.engine.explain(error, waitedSeconds);
    if (explanation !== undefined) {
      return new MeridianError(explanation.code, `${this.name}: ${explanation.sentence}`, { cause: error });
    }
    return error instanceof DriverException || this.engine.isAnswer(error)
      ? new MeridianError('database', `${this.name}: the database refused: ${messageOf(error)}.`, { cause: error })
      : error;
  }

  /**
   * The same with a sentence for every error: for a statement that the database does not run, and for a fault of the program, for
   * those who have to say what keeps them from going on.
   */
  fault(error: unknown): MeridianError {
    if (error instanceof MeridianError) {
      return error;
    }
    const { name, place, engine } = this;
    const explanation = engine.explain(error);
    if (explanation !== undefined) {
      return new MeridianError(explanation.code, `${name}: ${explanation.sentence}`, { cause: error });
    }
    return engine.isAnswer(error)
      ? new MeridianError(
          'database',
          `${name}: ${place} does not run a statement (${messageOf(error)}). If its tables have been changed by hand, or by another version of Meridian, undo that, or restore it from a backup; then run the same command again.`,
          { cause: error },
        )
      : programError(name, error);
  }

  /** Closes its connections. */
  async close(): Promise<void> {
    this.#isClosed = true;
    this.#outside = undefined;
    await this.orm.close();
  }
}

/** What MikroORM does not accept is a matter of the project's entities and options. */
function newMikroOrm({ name, orm }: DatabaseDeclaration, engine: Engine, options: Options): SqlMikroORM {
  try {
    const entities = options.entities as readonly EntityName<object>[];
    const made = mikroOrmOf(
      { entities, project: orm, driver: options.driver, schema: engine.metadataSchema },
      options,
      engine.configure,
    );
    noteLengths(made.getMetadata());
    return made;
  } catch (error) {
    const reason = messageOf(error).trim().replace(/\.$/, '');
    const advice = /provide either 'type' or 'entity'/.test(reason)
      ? " Write the type, as in @Property({ type: 'string' }), or install @oxc-node/core, which passes the types of TypeScript on to decorators."
      : '';
    throw new MeridianError('usage', `${name}: MikroORM does not accept its entities or options: ${reason}.${advice}`, {
      cause: error,
    });
  }
}
