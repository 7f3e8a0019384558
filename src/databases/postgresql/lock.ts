/**
 * The lock of a PostgreSQL database: an advisory lock, held by a connection of its own, which the server lets go of when
 * that connection ends, however it ends (https://www.postgresql.org/docs/current/explicit-locking.html#ADVISORY-LOCKS).
 */
import { createHash } from 'node:crypto';
import { Client } from 'pg';
import { MeridianError, messageOf } from '../../errors.ts';
import { migrationSet } from '../declaration.ts';
import type { DatabaseLock, LockRequest } from '../engine.ts';
import { lockedError } from '../locked.ts';
import { clientConfig } from './connection.ts';
import { explainPostgresqlError } from './errors.ts';
import { prepareSession } from './session.ts';
import { displayPostgresql, type PostgresqlLocation } from './url.ts';

const LOCK_TIMEOUT = '55P03';

export async function lockPostgresql(location: PostgresqlLocation, request: LockRequest): Promise<DatabaseLock> {
  const { database } = request;
  const config = clientConfig(location, database);
  const client = new Client(config);
  let lost: Error | undefined;
  let isReleased = false;
  client.on('error', (error) => {
    lost = error;
  });
  client.on('end', () => {
    lost ??= new Error('the connection has ended');
  });
  try {
    await client.connect();
    await prepareSession(client, location, config);
    if (!(await take(client, keyOf(location, database), request.waitSeconds))) {
      throw lockedError(request, await holderOf(client, keyOf(location, database)));
    }
  } catch (error) {
    await end(client);
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
  return {
    check() {
      if (lost !== undefined && !isReleased) {
        throw new MeridianError(
          'locked',
          `${database}: the lock on ${displayPostgresql(location)} was lost (${messageOf(lost)}). Run the same command again.`,
          { cause: lost },
        );
      }
    },
    async release() {
      isReleased = true;
      await unlock(client);
      await end(client);
    },
  };
}

/**
 * The server adds its own number of the database, so the schema and the names of the tables, which two regions have in common, are
 * enough.
 */
function keyOf({ schema }: PostgresqlLocation, database: string): string {
  return createHash('sha256')
    .update(`meridian\0${schema}\0${migrationSet(database)}`)
    .digest()
    .readBigInt64BE()
    .toString();
}

async function take(client: Client, key: string, waitSeconds: number): Promise<boolean> {
  const { rows } = await client.query<{ taken: boolean }>('select pg_try_advisory_lock($1::bigint) as taken', [key]);
  if (rows[0]?.taken || waitSeconds === 0) {
    return rows[0]?.taken === true;
  }
  await client.query("select set_config('lock_timeout', $1, false)", [`${Math.ceil(waitSeconds * 1000)}ms`]);
  try {
    await client.query('select pg_advisory_lock($1::bigint)', [key]);
    return true;
  } catch (error) {
    if ((error as { code?: string }).code === LOCK_TIMEOUT) {
      return false;
    }
    throw error;
  }
}

/** Its connection does nothing after it has taken the lock, so what it did last was that. */
async function holderOf(client: Client, key: string): Promise<string> {
  const { rows } = await client.query<{ name: string; address: string | null; since: Date | null }>(
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
  // other roles' sessions do not tell when, unless one is a member of pg_read_all_stats
  return `${who}${where}${holder.since === null ? '' : `, since ${holder.since.toISOString()}`}`;
}

/** The server itself lets go when the connection ends, a pooler perhaps later. One that is gone already holds nothing. */
async function unlock(client: Client): Promise<void> {
  await client.query('select pg_advisory_unlock_all()').catch(() => undefined);
}

/** A connection that is gone already has nothing left to end. */
async function end(client: Client): Promise<void> {
  await client.end().catch(() => undefined);
}
