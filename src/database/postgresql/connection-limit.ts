/**
 * Keeps this process from using up the connections of a server: every database has a pool of its own. Where a pool
 * needs another connection and too many are open, one that is idle in another pool is closed, or one that is busy is waited for.
 */
import type { Pool, PoolClient } from 'pg';
import { monotonic, sleep } from '../../shared/environment.ts';
import { BUSY_SECONDS } from '../engine.ts';
import type { PostgresqlLocation } from './url.ts';

/**
 * Connections to one server, in all pools together. PostgreSQL accepts 100 by default (max_connections).
 *
 * @internal exported for tests
 */
export const SERVER_CONNECTIONS = 20;

/** How often it is looked whether a server has room that others had taken. */
const RETRY_MILLISECONDS = 100;

/** The server has no connection left (https://www.postgresql.org/docs/current/errcodes-appendix.html). */
const TOO_MANY_CONNECTIONS = '53300';

interface Limited {
  readonly pool: Pool;
  /** As the pool itself does it. */
  connect(): Promise<PoolClient>;
}

const servers = new Map<string, Set<Limited>>();

/** Changes a pool that has just been made. Its `connect` is then for promises only, as Kysely uses it. */
export function limitConnections(pool: Pool, { host, port }: PostgresqlLocation): void {
  const key = `${host}:${port}`;
  const server = servers.get(key) ?? new Set();
  servers.set(key, server);
  const limited: Limited = { pool, connect: pool.connect.bind(pool) as Limited['connect'] };
  server.add(limited);
  pool.connect = (() => connect(limited, server)) as typeof pool.connect;
  const end = pool.end.bind(pool) as () => Promise<void>;
  pool.end = (async () => {
    await end();
    server.delete(limited);
  }) as typeof pool.end;
}

/** Waits for room for some time, and no longer: what is busy may be waiting for this very connection. */
async function connect(limited: Limited, server: ReadonlySet<Limited>): Promise<PoolClient> {
  const { connectionTimeoutMillis = Number.POSITIVE_INFINITY } = limited.pool.options;
  const deadline = monotonic() + Math.min(BUSY_SECONDS * 1000, connectionTimeoutMillis);
  for (;;) {
    while (needsAnother(limited) && isFull(server) && monotonic() < deadline) {
      await makeRoom(limited, server);
    }
    try {
      return await limited.connect();
    } catch (error) {
      if ((error as { code?: unknown }).code !== TOO_MANY_CONNECTIONS || monotonic() >= deadline) {
        throw error;
      }
      await makeRoom(limited, server);
    }
  }
}

function needsAnother({ pool }: Limited): boolean {
  return pool.idleCount === 0 && pool.totalCount < pool.options.max;
}

function isFull(server: ReadonlySet<Limited>): boolean {
  let open = 0;
  for (const { pool } of server) {
    open += pool.totalCount;
  }
  return open >= SERVER_CONNECTIONS;
}

/** The idle ones of the pools that were made last go first, so that many pools do not keep reconnecting. */
async function makeRoom(limited: Limited, server: ReadonlySet<Limited>): Promise<void> {
  const idle = [...server].findLast((one) => one !== limited && one.pool.idleCount > 0 && !one.pool.ending);
  try {
    const client = await idle?.connect();
    client?.release(true);
  } catch {
    // the other pool was quicker and needs it itself
  }
  if (idle === undefined) {
    await sleep(RETRY_MILLISECONDS);
  }
}
