/**
 * The lock of a PostgreSQL database: an advisory lock, which the server releases when the connection of its holder ends for any reason
 * (https://www.postgresql.org/docs/current/explicit-locking.html#ADVISORY-LOCKS).
 */
import { createHash } from 'node:crypto';
import { monotonic, sleep } from '../../shared/environment.ts';
import { MeridianError, messageOf } from '../../shared/errors.ts';
import { migrationSet } from '../declaration.ts';
import type { DatabaseLock, LockRequest } from '../engine.ts';
import { lockedError } from '../locked.ts';
import { explainPostgresqlError } from './errors.ts';
import { type LockSession, withLockSession } from './lock-session.ts';
import { displayPostgresql, type PostgresqlLocation } from './url.ts';

const RETRY_MILLISECONDS = 50;

export async function lockPostgresql(location: PostgresqlLocation, request: LockRequest): Promise<DatabaseLock> {
  const { database } = request;
  const key = keyOf(location, database);
  try {
    return await withLockSession(location, database, async (session, leave) => {
      if (!(await take(session, key, request.waitSeconds))) {
        throw lockedError(request, await holderOf(session, key));
      }
      return heldLock(location, database, session, async () => {
        await unlock(session, key);
        await leave();
      });
    });
  } catch (error) {
    if (error instanceof MeridianError) {
      throw error;
    }
    const explanation = explainPostgresqlError(location, error);
    const { code, sentence } = explanation ?? {
      code: 'database',
      sentence: `the lock was refused: ${messageOf(error)}.`,
    };
    throw new MeridianError(code, `${database}: ${sentence}`, { cause: error });
  }
}

function heldLock(
  location: PostgresqlLocation,
  database: string,
  session: LockSession,
  release: () => Promise<void>,
): DatabaseLock {
  let isReleased = false;
  return {
    check() {
      if (session.lost !== undefined && !isReleased) {
        throw new MeridianError(
          'locked',
          `${database}: the lock on ${displayPostgresql(location)} was lost (${messageOf(session.lost)}). Run the same command again.`,
          { cause: session.lost },
        );
      }
    },
    async release() {
      if (!isReleased) {
        isReleased = true;
        await release();
      }
    },
  };
}

/**
 * The server's locks belong to one database, so the key contains only the schema and the migration set: databases of Meridian with the same
 * ones have the same tables.
 */
function keyOf({ schema }: PostgresqlLocation, database: string): string {
  return createHash('sha256')
    .update(`meridian\0${schema}\0${migrationSet(database)}`)
    .digest()
    .readBigInt64BE()
    .toString();
}

async function take(session: LockSession, key: string, waitSeconds: number): Promise<boolean> {
  const deadline = monotonic() + waitSeconds * 1000;
  for (;;) {
    if (!session.keys.has(key) && (await ask(session, key))) {
      return true;
    }
    if (monotonic() >= deadline) {
      return false;
    }
    await sleep(RETRY_MILLISECONDS);
  }
}

/** Marks the key as requested, so that the same process does not request it twice. */
async function ask(session: LockSession, key: string): Promise<boolean> {
  const { keys } = session;
  keys.add(key);
  let isGranted = false;
  try {
    const { rows } = await session.query<{ taken: boolean }>('select pg_try_advisory_lock($1::bigint) as taken', [key]);
    isGranted = rows[0]?.taken === true;
  } finally {
    if (!isGranted) {
      keys.delete(key);
    }
  }
  return isGranted;
}

/** A lost connection holds no locks. */
async function unlock(session: LockSession, key: string): Promise<void> {
  if (session.lost === undefined) {
    await session.query('select pg_advisory_unlock($1::bigint)', [key]).catch(() => undefined);
  }
  session.keys.delete(key);
}

/** A lock session only takes and releases locks, so its last state change was about when it took this one. */
async function holderOf(session: LockSession, key: string): Promise<string> {
  const { rows } = await session.query<{ name: string; address: string | null; since: Date | null }>(
    `select application_name as name, host(client_addr) as address, state_change as since
       from pg_locks join pg_stat_activity using (pid)
      where locktype = 'advisory' and granted and objsubid = 1
        and pg_locks.database = (select oid from pg_database where datname = current_database())
        and (classid::bigint << 32) | objid::bigint = $1::bigint`,
    [key],
  );
  const [holder] = rows;
  if (holder === undefined) {
    return 'it has just finished';
  }
  const pid = / pid (?<pid>\d+)$/.exec(holder.name)?.groups?.['pid'];
  const who = pid === undefined ? holder.name : `process ${pid}`;
  const where = holder.address === null ? '' : ` on ${holder.address}`;
  // only members of pg_read_all_stats can see the time of another role's session
  return `${who}${where}${holder.since === null ? '' : `, since ${holder.since.toISOString()}`}`;
}
