/** A database: its declaration, its MikroORM instance and the explanation of its errors. */
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

/** The EntityManager of any engine. */
export type { EntityManager };

/** How to open a database. */
export interface DatabaseOptions extends Omit<ConnectionOptions, 'readOnly'> {
  /** Overrides the location that the environment specifies. */
  readonly location?: DatabaseLocation;
  /** Overrides `migrations/<database>/<engine>/`. */
  readonly migrationsDirectory?: string;
  /** When false, nothing is created or set up: a file that does not exist counts as an empty database, in memory. */
  readonly create?: boolean;
  /** Whether the project's filters apply, which only its own programs need. */
  readonly filtered?: boolean;
}

/** An open database, as returned by {@link openMigrated}, {@link openToRead} and the like. The caller closes it. */
export class Database {
  /** The declaration that it was opened with. */
  readonly declaration: DatabaseDeclaration;
  /** The actual or future location of the database. @internal */
  readonly location: DatabaseLocation;
  /** @internal */
  readonly engine: Engine;
  /** Whether closing it discards it. @internal */
  readonly isInMemory: boolean;
  /** Whether nothing must be created or set up. @internal */
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
        // it may have been removed since it was looked for
        mustExist: !this.#isMissing,
        ...connectionOptions,
        location: this.location,
        readOnly: this.isReadOnly,
        silent: true,
        ...(migrationsDirectory === undefined ? {} : { migrationsDirectory }),
      }),
      // MikroORM finds the current transaction by this name: with one name for all databases, it would confuse the transactions of
      // different databases
      contextName: declaration.name,
    });
  }

  /**
   * Reads the entities, without connecting.
   *
   * @throws MeridianError `usage` for entities or options that MikroORM does not accept, `package` when the driver is not installed
   */
  static async unconnected(declaration: DatabaseDeclaration, options: DatabaseOptions = {}): Promise<Database> {
    const engine = await engineOf(options.location ?? locationOf(declaration), declaration.name);
    return new Database(declaration, engine, options);
  }

  /** Connects as well. @throws MeridianError `database` or `locked`, naming the location and what to do */
  static async open(declaration: DatabaseDeclaration, options: DatabaseOptions = {}): Promise<Database> {
    const database = await Database.unconnected(declaration, options);
    await database.connect();
    return database;
  }

  /** The name of its declaration. */
  get name(): string {
    return this.declaration.name;
  }

  /** Its location in readable form. */
  get place(): string {
    return this.engine.place;
  }

  /** Whether nothing of this database exists at its location: no file, or no table. Always false for a server before connecting. */
  get isMissing(): boolean {
    return this.#isMissing;
  }

  /** The sentence that says that the database does not exist, without its full stop. */
  get absence(): string {
    return this.engine.absence;
  }

  /** The SQL dialect for conditions on JSON columns. */
  get json(): JsonDialect {
    return this.engine.json;
  }

  /** Whether writing transactions wait for each other, whichever rows they concern. */
  get hasOneWriter(): boolean {
    return this.engine.hasOneWriter;
  }

  /** Whether the database names its declaration as its owner. False before connecting. @internal */
  get isClaimed(): boolean {
    return this.#isClaimed;
  }

  /** MikroORM's metadata of an entity. @internal */
  metadataOf<T extends object>(entity: EntityName<T>): EntityMetadata {
    return this.orm.getMetadata().get(entity) as EntityMetadata;
  }

  /**
   * Connects unless it is connected. A database that failed to connect is closed, and a new one has to be created.
   *
   * @throws MeridianError `database` or `locked`, naming the location and what to do
   */
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
      // closing the database may remove the cause
      const explained =
        error instanceof MeridianError && !isIdentityError(error)
          ? // the engine's own finding does not contain the database's name
            new MeridianError(error.code, `${this.name}: ${error.message}`, { cause: error })
          : this.explain(error);
      await this.close();
      throw explained;
    }
  }

  /** The tables of all its entities, with the schema for entities that name one. */
  get tableNames(): string[] {
    const { entities, others = [] } = this.declaration;
    return [...entities.map(({ entity }) => entity), ...others].map((entity) => tableIdOf(this.metadataOf(entity)));
  }

  /** A fork for one load or check, with its own identity map. @throws MeridianError `program` after the database was closed */
  fork(): EntityManager {
    if (this.#isClosed) {
      // MikroORM would open another connection, which would never be closed and on which a transaction would wait for itself
      throw new MeridianError('program', `${this.name}: the database is closed. Open it again to use it.`);
    }
    return this.orm.em.fork();
  }

  /**
   * An EntityManager for statements outside transactions that do not leave entities in it. It is shared, since a fork per statement would
   * cost more.
   */
  get outside(): EntityManager {
    this.#outside ??= this.fork();
    return this.#outside;
  }

  /** The quoted table name; without a schema unless the entity names one, so that the connection's search path applies. @internal */
  quotedTable({ tableName, schema }: Pick<EntityMetadata, 'tableName' | 'schema'>): string {
    const quote = (name: string) => this.orm.em.getPlatform().quoteIdentifier(name);
    const where = schema ?? this.orm.config.getSchema(true);
    return where === undefined ? quote(tableName) : `${quote(where)}.${quote(tableName)}`;
  }

  /** Statements over many rows of an entity's table. */
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
   * Runs `work` in a transaction that is cheaper than MikroORM's: changed entities are not flushed, only explicit statements take effect.
   * The EntityManager cannot be used afterwards.
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

  /** Runs `work`, which only reads, in a transaction that sees one snapshot of the database. */
  async readAtOnce<T>(work: (em: EntityManager) => Promise<T>): Promise<T> {
    return this.fork().transactional(async (em) => {
      await em.execute(this.engine.snapshotStatement);
      return work(em);
    });
  }

  /** Blocks other writers of an entity's table until the transaction of `em` ends. */
  async lockTable<T extends object>(em: EntityManager, entity: EntityName<T>): Promise<void> {
    await em.execute(this.engine.writeLockStatement(this.quotedTable(this.metadataOf(entity))));
  }

  /**
   * From now on, a statement that meets another's lock fails at once if waiting would block the whole process, perhaps including the holder
   * of the lock: for callers that retry, as {@link withRetry} does.
   */
  async neverBlock(): Promise<void> {
    await this.engine.neverBlock(this.fork());
  }

  /** Runs work that may block this thread for long and can be killed at any moment, so that Ctrl-C takes effect at once. @internal */
  interruptibly<T>(work: () => Promise<T>): Promise<T> {
    return this.engine.blocksThread() ? withoutHandlers(work) : work();
  }

  /** Whether a retry of the transaction may succeed: it conflicted with another, or the connection was lost. */
  isTransient(error: unknown): boolean {
    return this.engine.isTransient(error);
  }

  /** Whether the database rejected a value that it cannot store: the statement may succeed with other values. */
  refusesValue(error: unknown): boolean {
    return this.engine.refusesValue(error);
  }

  /** Whether the table of an entity exists. Migrations alone do not tell, since another program may have dropped it. */
  async hasTable<T extends object>(em: EntityManager, entity: EntityName<T>): Promise<boolean> {
    try {
      return await this.engine.hasTable(em, tableIdOf(this.metadataOf(entity)));
    } catch (error) {
      throw this.explain(error);
    }
  }

  /**
   * Converts an error to one for the user. Errors that are not the database's are returned unchanged.
   *
   * @param waitedSeconds how long the statement waited for a lock, if not for the usual time
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
   * Like `explain`, but also converts unknown errors, of statements that the database rejects and of the program: for callers that have to
   * report why they cannot continue.
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

/** Reports what MikroORM does not accept as an error in the project's entities or options. */
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
