/**
 * Detects a connection pooler in transaction or statement mode. It runs each transaction on any of its sessions, so that session settings
 * and locks would apply to other connections, and rows would end up in the wrong schema.
 */
import type { ClientBase, ClientConfig } from 'pg';
import { messageOf } from '../../shared/errors.ts';
import { Client } from './pg.ts';

/** Has the role of an SQLSTATE; the message is a whole sentence. */
export const UNUSABLE_POOLER = 'MERIDIAN_UNUSABLE_POOLER';

/** Each connection runs two queries per round, which also detects a pooler that uses its sessions in turn. */
const ROUNDS = 5;

/** Checks in progress, by server, database and role: connections that are opened at the same time share one. */
const asking = new Map<string, Promise<boolean>>();

/** @throws Error with the code {@link UNUSABLE_POOLER} */
export async function refuseSharedSession(client: ClientBase, config: ClientConfig): Promise<void> {
  // the server process as reported at login; a pooler reports a number of its own
  const { processID } = client as ClientBase & { readonly processID: number | null };
  if ((await backendOf(client)) !== processID && (await areShared(client, config))) {
    throw unusable(
      config,
      'runs in transaction or statement mode, where connections share sessions: rows could go into another schema, and locks ' +
        'would stay behind. Connect to the PostgreSQL server itself, or to a pooler in session mode.',
    );
  }
}

function unusable({ host, port }: ClientConfig, what: string, cause?: unknown): Error {
  return Object.assign(new Error(`the pooler at ${host}:${port} ${what}`, { cause }), { code: UNUSABLE_POOLER });
}

async function backendOf(client: ClientBase): Promise<number | undefined> {
  const { rows } = await client.query<{ pid: number }>('select pg_backend_pid() as pid');
  return rows[0]?.pid;
}

function areShared(client: ClientBase, config: ClientConfig): Promise<boolean> {
  const { host, port, database, user } = config;
  const key = JSON.stringify([host, port, database, user]);
  let answer = asking.get(key);
  if (answer === undefined) {
    const forget = () => asking.delete(key);
    answer = compare(client, config);
    asking.set(key, answer);
    // the next connection checks again, since the mode of a pooler can change
    answer.then(forget, forget);
  }
  return answer;
}

/** In session mode, each of two connections keeps one session, and these differ. The check only reads. */
async function compare(client: ClientBase, config: ClientConfig): Promise<boolean> {
  const other = new Client({ ...config, query_timeout: config.connectionTimeoutMillis });
  // the next query on a lost connection fails anyway
  other.on('error', () => undefined);
  const seen = new Set<number | undefined>();
  const seenByOther = new Set<number | undefined>();
  try {
    await other.connect();
    seenByOther.add(await backendOf(other));
  } catch (error) {
    await other.end();
    throw unusable(
      config,
      `gives no session to a second connection (${messageOf(error)}), so it is not known whether connections share them. Let it have more sessions (pool_size).`,
      error,
    );
  }
  try {
    for (let round = 0; round < ROUNDS; round++) {
      seen.add(await backendOf(client)).add(await backendOf(client));
      seenByOther.add(await backendOf(other)).add(await backendOf(other));
    }
  } finally {
    await other.end();
  }
  return seen.size !== 1 || seenByOther.size !== 1 || [...seen][0] === [...seenByOther][0];
}
