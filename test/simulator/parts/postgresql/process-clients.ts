/** The connections of one simulated process to the server: every statement passes here, and may be the last one of its process. */
import { never, type SimulatedProcess } from '../../kernel/simulated-process.ts';
import type { Effects } from '../effects.ts';
import type { StatementFaults } from '../statement-faults.ts';
import type { Answer, ClientOwner, ServerClient } from './clients.ts';
import { OpenConnection } from './open-connection.ts';
import type { UnderWay } from './under-way.ts';
import { changedTables, isCommitted } from './written-tables.ts';

/** Virtual milliseconds that a statement takes on average, beside the real time in which virtual time stands still. */
const BEFORE_MILLISECONDS = 0.15;
const AFTER_MILLISECONDS = 0.05;

/** No server listens there. */
const CLOSED_PORT = 1;

/** The server that all simulated databases are on. */
export interface ServerSide {
  readonly host: string;
  readonly port: number;
  readonly underWay: UnderWay;
  readonly faults: StatementFaults;
  readonly effects: Effects;
  /** Virtual milliseconds, on average `mean`. */
  latency(mean: number): number;
  isAway(serverDatabase: string): boolean;
  /** A statement is about to run. @returns its number */
  count(): number;
  /** @param tables that were written to; nothing where that is not known */
  committed(process: SimulatedProcess, serverDatabase: string, tables: ReadonlySet<string> | undefined): Promise<void>;
}

interface State {
  readonly connection: OpenConnection;
  tables: Set<string> | undefined;
}

export class ProcessClients implements ClientOwner {
  readonly #server: ServerSide;
  readonly #process: SimulatedProcess;
  readonly #states = new Map<ServerClient, State>();

  constructor(server: ServerSide, process: SimulatedProcess) {
    this.#server = server;
    this.#process = process;
  }

  /** Breaks the connections to a database, as a network does. */
  break(serverDatabase: string): void {
    for (const client of [...this.#states.keys()].filter(({ database }) => database === serverDatabase)) {
      client.connection.stream.destroy(Object.assign(new Error('read ECONNRESET'), { code: 'ECONNRESET' }));
    }
  }

  async connect(client: ServerClient, connect: () => Promise<void>): Promise<void> {
    await this.#wait(BEFORE_MILLISECONDS);
    const { host, port, isAway } = this.#server;
    client.host = host;
    client.port = isAway(client.database) ? CLOSED_PORT : port;
    const connection = new OpenConnection(client, this.#server, roleOf(this.#process));
    const state: State = { connection, tables: new Set() };
    this.#states.set(client, state);
    this.#process.resources.add(connection);
    client.once('end', () => this.#forget(client, connection));
    try {
      await connection.during(connect);
    } catch (error) {
      this.#forget(client, connection);
      await this.#wait(AFTER_MILLISECONDS);
      throw error;
    }
    await this.#wait(AFTER_MILLISECONDS);
  }

  async query(client: ServerClient, sql: string, run: (sql: string) => Promise<Answer>): Promise<Answer> {
    const { faults } = this.#server;
    const { kernel, name } = this.#process;
    await this.#wait(BEFORE_MILLISECONDS * faults.slowness(this.#process));
    const state = this.#states.get(client);
    const isInTransaction = client.getTransactionStatus() !== 'I';
    // requests share a transaction only where a database has one writer at a time
    const statement = { process: this.#process, sql, isInTransaction, isInGroup: false };
    if (faults.killsBefore(statement)) {
      return never();
    }
    const number = this.#server.count();
    if (state === undefined) {
      // the connection is lost, which pg says
      return run(sql);
    }
    let answer: Answer;
    try {
      answer = await state.connection.during(() => run(this.#withClock(sql)));
      kernel.trace.note(kernel.time, name, `${number} ${sql} -> ${JSON.stringify(answer.rows)} ${answer.rowCount}`);
    } catch (error) {
      const { code, message } = error as { code?: string; message: string };
      kernel.trace.note(kernel.time, name, `${number} ${sql} failed: ${code} ${message}`);
      if (/^commit\b/i.test(sql)) {
        // it may have happened
        await state.connection.during(() => this.#server.committed(this.#process, client.database, undefined));
      }
      await this.#wait(AFTER_MILLISECONDS);
      throw error;
    }
    await state.connection.during(() => this.#note(client, state, { sql, answer, wasInTransaction: isInTransaction }));
    if (faults.killsAfter(statement)) {
      return never();
    }
    await this.#wait(AFTER_MILLISECONDS);
    return answer;
  }

  async end(client: ServerClient, end: () => Promise<void>): Promise<void> {
    const state = this.#states.get(client);
    await (this.#process.isAlive ? (state?.connection.during(end) ?? end()) : never());
  }

  /** What the statement has written to, and whether that is committed now. */
  async #note(
    client: ServerClient,
    state: State,
    {
      sql,
      answer,
      wasInTransaction,
    }: { readonly sql: string; readonly answer: Answer; readonly wasInTransaction: boolean },
  ): Promise<void> {
    state.tables = changedTables(state.tables, sql);
    if (client.getTransactionStatus() !== 'I') {
      return;
    }
    const { tables } = state;
    state.tables = new Set();
    if (isCommitted(answer, wasInTransaction) && tables?.size !== 0) {
      await this.#server.committed(this.#process, client.database, tables);
    }
  }

  /** The clock that the server reads is that of the machine of the process. */
  #withClock(sql: string): string {
    const now = new Date(this.#process.clock.now()).toISOString();
    return sql.replaceAll('clock_timestamp()', `timestamptz '${now}'`);
  }

  #forget(client: ServerClient, connection: OpenConnection): void {
    this.#states.delete(client);
    this.#process.resources.delete(connection);
  }

  #wait(mean: number): Promise<void> {
    return this.#process.isAlive ? this.#process.sleep(this.#server.latency(mean)) : never();
  }
}

/** Central, relay, seller. */
function roleOf({ name }: SimulatedProcess): string {
  return name.split(' ')[0] ?? '';
}
