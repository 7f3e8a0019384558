/**
 * The disk: every statement of every process passes here, takes virtual time, waits for locks in virtual time, and may fail or be the last
 * one of its process. The database itself is a real SQLite file.
 */
import type { QueryResult } from 'kysely';
import type { DiskConnection, Disk as EnvironmentDisk } from '../../../src/shared/environment.ts';
import type { Kernel } from '../kernel/kernel.ts';
import type { RandomStream } from '../kernel/random-stream.ts';
import { never, type SimulatedProcess } from '../kernel/simulated-process.ts';
import type { Effects } from './effects.ts';
import { asSqliteClock } from './sqlite-clock.ts';
import type { RunningStatement, StatementFaults } from './statement-faults.ts';
import { writtenTable } from './written-table.ts';

/** Milliseconds that a statement takes, on average: before it has happened, and after. */
const BEFORE_MILLISECONDS = 0.15;
const AFTER_MILLISECONDS = 0.05;
/** How often a lock is asked for, at the least. */
const LOCK_MILLISECONDS = 1;

export interface DiskListener {
  /**
   * A transaction of the process has been committed.
   *
   * @param tables that it wrote to; `undefined` if that is not known
   */
  committed(process: SimulatedProcess, file: string, tables: ReadonlySet<string> | undefined): void;
}

export class Disk {
  readonly faults: StatementFaults;
  readonly #kernel: Kernel;
  readonly #latency: RandomStream;
  readonly #effects: Effects;
  readonly #listener: DiskListener;
  #statements = 0;

  constructor(kernel: Kernel, faults: StatementFaults, effects: Effects, listener: DiskListener) {
    this.#kernel = kernel;
    this.faults = faults;
    this.#latency = kernel.stream('latency of disks');
    this.#effects = effects;
    this.#listener = listener;
  }

  /** Statements that have run. */
  get statements(): number {
    return this.#statements;
  }

  /** The disk as one process sees it: its connections are closed when it is killed. */
  of(process: SimulatedProcess): EnvironmentDisk {
    const states = new WeakMap<DiskConnection, ConnectionState>();
    return {
      opened: (connection, waitMilliseconds) => {
        states.set(connection, { connection, waitMilliseconds, members: 0, tables: new Set() });
        asSqliteClock(connection, process.clock);
        this.#closeWith(process, connection);
      },
      execute: (connection, sql, run) => {
        const state = states.get(connection);
        if (state === undefined) {
          throw new Error(`${connection.name} was opened by another process than ${process.name}`);
        }
        return this.#run(process, state, sql, run);
      },
    };
  }

  #closeWith(process: SimulatedProcess, connection: DiskConnection): void {
    const opened = new OpenFile(connection, this.#effects, process.name);
    process.resources.add(opened);
    const close = connection.close.bind(connection);
    connection.close = () => {
      process.resources.delete(opened);
      return close();
    };
  }

  async #run<T>(process: SimulatedProcess, state: ConnectionState, sql: string, run: () => Promise<T>): Promise<T> {
    const { connection } = state;
    const answered = answerAboutWaiting(state, sql);
    if (answered !== undefined) {
      return answered as T;
    }
    await this.#wait(process, this.#latency.exponential(BEFORE_MILLISECONDS) * this.faults.slowness(process));
    const number = ++this.#statements;
    const wasInTransaction = connection.inTransaction;
    const statement = { process, sql, isInTransaction: wasInTransaction, isInGroup: state.members > 0 };
    if (this.faults.killsBefore(statement)) {
      return never();
    }
    this.#failIfAsked(state, statement);
    const result = await this.#waitForLock(process, state, run);
    this.#countGroup(state, sql);
    this.#kernel.trace.note(this.#kernel.time, process.name, `${number} ${sql} -> ${textOf(result)}`);
    noteTable(state, sql);
    if (!connection.inTransaction) {
      const { tables } = state;
      state.tables = new Set();
      // one that has only read, or was rolled back, has changed nothing
      if (tables === undefined || (tables.size > 0 && (wasInTransaction || hasChanged(sql, result)))) {
        this.#listener.committed(process, connection.name, tables);
      }
    }
    if (this.faults.killsAfter(statement)) {
      return never();
    }
    await this.#wait(process, this.#latency.exponential(AFTER_MILLISECONDS));
    return result;
  }

  /** Requests that share a transaction have a savepoint each (`src/shop/trading/group-commit.ts`). */
  #countGroup(state: ConnectionState, sql: string): void {
    if (sql === 'savepoint member') {
      state.members++;
    } else if (!state.connection.inTransaction && state.members > 0) {
      this.#effects.count(sql === 'commit' ? 'group committed' : 'group rolled back', sizeOf(state.members));
      state.members = 0;
    }
  }

  #failIfAsked({ connection }: ConnectionState, statement: RunningStatement): void {
    const error = this.faults.errorOf(statement);
    if (error === undefined) {
      return;
    }
    const { process, sql } = statement;
    this.#kernel.trace.note(this.#kernel.time, process.name, `${sql} failed: ${error.code}`);
    // https://sqlite.org/lang_transaction.html#response_to_errors_within_a_transaction
    if (connection.inTransaction && error.endsTransaction) {
      nativeOf(connection).exec('rollback');
    }
    throw Object.assign(new Error(error.message), { code: error.code, name: 'SqliteError' });
  }

  async #waitForLock<T>(process: SimulatedProcess, state: ConnectionState, run: () => Promise<T>): Promise<T> {
    for (let waited = 0; ; ) {
      try {
        return await run();
      } catch (error) {
        const { code } = error as { code?: string };
        if (code !== 'SQLITE_BUSY' || waited >= state.waitMilliseconds) {
          this.#kernel.trace.note(this.#kernel.time, process.name, `failed: ${code}`);
          throw error;
        }
        const milliseconds = LOCK_MILLISECONDS + this.#latency.exponential(3);
        waited += milliseconds;
        this.#effects.count('lock waited for', process.name.split(' ')[0] ?? '');
        await this.#wait(process, milliseconds);
      }
    }
  }

  #wait(process: SimulatedProcess, milliseconds: number): Promise<void> {
    return process.isAlive ? process.sleep(milliseconds) : never();
  }
}

interface ConnectionState {
  readonly connection: DiskConnection;
  /** How long a statement waits for a lock. */
  waitMilliseconds: number;
  /** Of the requests that share the transaction, those that have begun. */
  members: number;
  /** What its transaction has written to; `undefined` for any table. */
  tables: Set<string> | undefined;
}

function noteTable(state: ConnectionState, sql: string): void {
  const table = writtenTable(sql);
  if (table === undefined) {
    state.tables = undefined;
  } else if (table !== null) {
    state.tables?.add(table);
  }
}

function sizeOf(members: number): string {
  return members < 4 ? `${members} requests` : '4 or more requests';
}

/** What SQLite would answer about how long it waits for locks, since it is the simulation that waits for them. */
function answerAboutWaiting(state: ConnectionState, sql: string): QueryResult<unknown> | undefined {
  const [isAbout, given] = /^pragma busy_timeout(?: = (\d+))?$/i.exec(sql) ?? [];
  if (isAbout === undefined) {
    return undefined;
  }
  if (given !== undefined) {
    state.waitMilliseconds = Number(given);
  }
  return { rows: [{ timeout: state.waitMilliseconds }] };
}

function hasChanged(sql: string, result: unknown): boolean {
  const { numAffectedRows = 0n } = result as QueryResult<unknown>;
  return numAffectedRows > 0n || (/\breturning\b/i.test(sql) && /^\s*(insert|update|delete)/i.test(sql));
}

/** Numbers of rows are bigints, which JSON does not know. */
function textOf(result: unknown): string {
  const { rows, numAffectedRows, insertId } = result as QueryResult<unknown>;
  return `${JSON.stringify(rows)} ${numAffectedRows} ${insertId}`;
}

/** What the environment's interface leaves out of a connection of better-sqlite3. */
interface NativeConnection extends DiskConnection {
  readonly open: boolean;
  exec(sql: string): unknown;
}

function nativeOf(connection: DiskConnection): NativeConnection {
  return connection as NativeConnection;
}

/** A file that a process has open: what is not committed when it is killed is gone. */
class OpenFile {
  readonly #native: NativeConnection;
  readonly #close: () => unknown;
  readonly #effects: Effects;
  readonly #process: string;

  constructor(connection: DiskConnection, effects: Effects, process: string) {
    this.#native = nativeOf(connection);
    this.#close = connection.close.bind(connection);
    this.#effects = effects;
    this.#process = process;
  }

  close(): void {
    if (!this.#native.open) {
      return;
    }
    if (this.#native.inTransaction) {
      // the lock of a populate is an open transaction of a file of its own
      const kind = this.#native.name.endsWith('.lock') ? 'lock of a populate lost' : 'open transaction lost';
      this.#effects.count(kind, this.#process.split(' ')[0] ?? '');
      this.#native.exec('rollback');
    }
    this.#close();
  }
}
