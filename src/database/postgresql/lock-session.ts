/** This process's connection to a server that holds its locks. All databases on the server share it, since there may be many. */
import type { QueryResult, QueryResultRow } from 'pg';
import { clientConfig } from './connection.ts';
import { Client } from './pg.ts';
import { prepareSession } from './session.ts';
import type { PostgresqlLocation } from './url.ts';

export class LockSession {
  readonly client: Client;
  /** Keys of the locks that this session holds or requests: the server would grant them to the same connection again. */
  readonly keys = new Set<string>();
  /** Why the session no longer holds locks. */
  lost: Error | undefined;
  /** Settles when the previous statement has completed. */
  #before: Promise<unknown> = Promise.resolve();

  constructor(client: Client) {
    this.client = client;
    client.on('error', (error) => {
      this.lost = error;
    });
    client.on('end', () => {
      this.lost ??= new Error('the connection has ended');
    });
  }

  /** Runs a statement after those of other users of the session: the driver warns if it gets one before the previous one has completed. */
  query<Row extends QueryResultRow>(text: string, values: readonly unknown[]): Promise<QueryResult<Row>> {
    const answer = this.#before.then(() => this.client.query<Row>(text, [...values]));
    this.#before = answer.catch(() => undefined);
    return answer;
  }
}

interface Shared {
  readonly session: Promise<LockSession>;
  users: number;
}

const shared = new Map<string, Shared>();

/**
 * Works with the session of a server's database. The session is released if the work fails; otherwise the caller releases it with `leave`.
 * The last release closes it.
 *
 * @param name the first database that needs the session, as its name in the server's list of connections
 */
export async function withLockSession<T>(
  location: PostgresqlLocation,
  name: string,
  work: (session: LockSession, leave: () => Promise<void>) => Promise<T>,
): Promise<T> {
  const joined = join(location, name);
  const leave = async () => {
    joined.users--;
    if (joined.users === 0) {
      forget(joined);
      await end(joined);
    }
  };
  try {
    return await work(await joined.session, leave);
  } catch (error) {
    await leave();
    throw error;
  }
}

function join(location: PostgresqlLocation, name: string): Shared {
  const { host, port, user, database } = location;
  const key = JSON.stringify([host, port, user, database]);
  let one = shared.get(key);
  if (one === undefined) {
    const opened: Shared = { session: open(location, name), users: 0 };
    opened.session.then(
      // later locks need another session
      ({ client }) => client.once('end', () => forget(opened)),
      () => forget(opened),
    );
    shared.set(key, opened);
    one = opened;
  }
  one.users++;
  return one;
}

function forget(one: Shared): void {
  for (const [key, known] of shared) {
    if (known === one) {
      shared.delete(key);
    }
  }
}

async function open(location: PostgresqlLocation, name: string): Promise<LockSession> {
  const config = clientConfig(location, name);
  const session = new LockSession(new Client(config));
  try {
    await session.client.connect();
    await prepareSession(session.client, location, config);
    return session;
  } catch (error) {
    await endClient(session.client);
    throw error;
  }
}

async function end({ session }: Shared): Promise<void> {
  // a session that failed to open is closed already
  const opened = await session.catch(() => undefined);
  await (opened && endClient(opened.client));
}

/** A connection that is lost already need not be closed. */
async function endClient(client: Client): Promise<void> {
  await client.end().catch(() => undefined);
}
