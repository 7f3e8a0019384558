/**
 * Keeps this process from exhausting a server's connections: every database has its own pool. If a pool needs another connection while too
 * many are open, an idle one of another pool is closed, or the pool waits.
 */
import type { Pool, PoolClient } from 'pg';
import { monotonic, sleep } from '../../shared/environment.ts';
import { BUSY_SECONDS } from '../engine.ts';
import type { PostgresqlLocation } from './url.ts';

/**
 * Maximum number of connections to one server, across all pools. PostgreSQL accepts 100 by default (max_connections).
 *
 * @internal exported for tests
 */
export const SERVER_CONNECTIONS = 20;

/** How often to check again whether the server accepts a connection. */
const RETRY_MILLISECONDS = 100;

/** Code of the error for a server without free connections (https://www.postgresql.org/docs/current/errcodes-appendix.html). */
const TOO_MANY_CONNECTIONS = '53300';

interface Limited {
  readonly pool: Pool;
  /** The pool's original method. */
  connect(): Promise<PoolClient>;
}

const servers = new Map<string, Set<Limited>>();

/** Limits a new pool. Afterwards, its `connect` only supports promises, as Kysely uses it. */
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

/** Waits for room for a limited time: a busy connection may be waiting for this very one. */
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

/** Closes an idle connection. It takes one of the newest pool, so that many pools do not keep reconnecting. */
async function makeRoom(limited: Limited, server: ReadonlySet<Limited>): Promise<void> {
  const idle = [...server].findLast((one) => one !== limited && one.pool.idleCount > 0 && !one.pool.ending);
  try {
    const client = await idle?.connect();
    client?.release(true);
  } catch {
    // the other pool has taken the connection meanwhile
  }
  if (idle === undefined) {
    await sleep(RETRY_MILLISECONDS);
  }
}
