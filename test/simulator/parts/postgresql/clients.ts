/** Stands between the programs and the client of PostgreSQL: what a simulated process connects by is known by the name of its host. */
import type { Socket } from 'node:net';
import pg from 'pg';
import { Client } from '../../../../src/database/postgresql/pg.ts';

/** What the types of pg leave out. */
export interface ServerClient {
  host: string;
  port: number;
  readonly database: string;
  /** Of the server. */
  readonly processID: number | null;
  readonly connection: { readonly stream: Socket; removeAllListeners(): void };
  getTransactionStatus(): 'I' | 'T' | 'E' | null;
  once(event: string, listener: () => void): void;
  removeAllListeners(): void;
}

export interface Answer {
  readonly command?: string;
  readonly rowCount?: number | null;
  readonly rows?: readonly unknown[];
}

/** What the clients of one process do. */
export interface ClientOwner {
  connect(client: ServerClient, connect: () => Promise<void>): Promise<void>;
  query(client: ServerClient, sql: string, run: (sql: string) => Promise<Answer>): Promise<Answer>;
  end(client: ServerClient, end: () => Promise<void>): Promise<void>;
}

type Callback = (error: Error | null) => void;

interface Methods {
  connect(callback?: Callback): Promise<unknown> | undefined;
  query(...given: unknown[]): unknown;
  end(callback?: () => void): Promise<void> | undefined;
}

type Statement = string | { readonly text?: unknown };

const owners = new Map<string, ClientOwner>();
const owned = new WeakMap<object, ClientOwner>();
let areChanged = false;

/** From now on, whoever connects to the host is the owner. */
export function own(host: string, owner: ClientOwner): void {
  changeClients();
  owners.set(host, owner);
}

/** No process is connected any more. */
export function disownAll(): void {
  owners.clear();
}

function changeClients(): void {
  if (areChanged) {
    return;
  }
  areChanged = true;
  keepNothingRunning();
  const prototype = Client.prototype as unknown as Methods;
  const { connect, query, end } = prototype;
  prototype.connect = function (this: Methods & ServerClient, callback?: Callback) {
    const owner = owners.get(this.host);
    if (owner === undefined) {
      return connect.call(this, callback);
    }
    owned.set(this, owner);
    const connected = owner.connect(this, async () => {
      await connect.call(this);
    });
    if (callback === undefined) {
      return connected.then(() => this);
    }
    connected.then(() => callback(null), callback);
    return undefined;
  };
  prototype.query = function (this: Methods & ServerClient, ...given: unknown[]) {
    const owner = owned.get(this);
    const [statement, ...others] = given as [Statement, ...unknown[]];
    const sql = typeof statement === 'string' ? statement : statement.text;
    // one with a callback is of the pool itself
    if (owner === undefined || typeof sql !== 'string' || typeof given.at(-1) === 'function') {
      return query.apply(this, given);
    }
    return owner.query(this, sql, (changed) => {
      if (changed === sql) {
        return query.apply(this, given) as Promise<Answer>;
      }
      // under its name, the server may keep another text
      const asked = typeof statement === 'string' ? changed : { ...statement, text: changed, name: undefined };
      return query.call(this, asked, ...others) as Promise<Answer>;
    });
  };
  prototype.end = function (this: Methods & ServerClient, callback?: () => void) {
    const owner = owned.get(this);
    if (owner === undefined) {
      return end.call(this, callback);
    }
    const ended = owner.end(this, async () => {
      await end.call(this);
    });
    if (callback === undefined) {
      return ended;
    }
    ended.then(callback, callback);
    return undefined;
  };
}

/** A process that is killed does not end its pools: their timers do not keep the simulator running. */
function keepNothingRunning(): void {
  const prototype = pg.Pool.prototype as unknown as { connect(...given: unknown[]): unknown };
  const { connect } = prototype;
  prototype.connect = function (this: InstanceType<typeof pg.Pool>, ...given: unknown[]) {
    this.options.allowExitOnIdle ||= owners.has(this.options.host ?? '');
    return connect.apply(this, given);
  };
}
