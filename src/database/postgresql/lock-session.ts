/** The connection of this process to a database server that holds its locks: one for all of them, since there may be many databases. */
import type { QueryResult, QueryResultRow } from 'pg';
import { clientConfig } from './connection.ts';
import { Client } from './pg.ts';
import { prepareSession } from './session.ts';
import type { PostgresqlLocation } from './url.ts';

export class LockSession {
  readonly client: Client;
  /** Keys of the locks that it holds or is asking for: the server would grant them to the same connection again. */
  readonly keys = new Set<string>();
  /** Why it holds nothing any more. */
  lost: Error | undefined;
  /** Settles when the statement before has been answered. */
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

  /** After those of others who share it: the driver warns of a statement that is given to it before another is answered. */
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
 * Works with the session of a server's database. When the work fails, the session is left; else it is to be left with `leave`. The last to leave
 * ends it.
 *
 * @param name of the database that needs it first, for those who look who is connected
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
      // a lock after that needs another session
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
  // one that could not be opened has been ended
  const opened = await session.catch(() => undefined);
  await (opened && endClient(opened.client));
}

/** A connection that is gone already has nothing left to end. */
async function endClient(client: Client): Promise<void> {
  await client.end().catch(() => undefined);
}
