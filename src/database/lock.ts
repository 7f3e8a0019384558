/** Locks a database, so that only one populate or migration runs on it at a time. */
import { MeridianError } from '../shared/errors.ts';
import type { Database } from './database.ts';
import { BUSY_SECONDS, type DatabaseLock } from './engine.ts';

export type { DatabaseLock };

/**
 * Waits up to five seconds for another holder of the lock.
 *
 * @throws MeridianError `locked`, with the process that holds the lock and since when
 */
export async function lockDatabase(database: Database, waitSeconds = BUSY_SECONDS): Promise<DatabaseLock> {
  const { name: declared, isReadOnly } = database;
  try {
    return await database.engine.lock({ database: declared, isReadOnly, waitSeconds });
  } catch (error) {
    throw database.explain(error);
  }
}

/** Longer than other processes hold the lock for this check. */
const LOOK_SECONDS = 0.25;

/** Whether a populate or a migration is running on the database now. */
export async function isLocked(database: Database): Promise<boolean> {
  try {
    const lock = await lockDatabase(database, LOOK_SECONDS);
    await lock.release();
    return false;
  } catch (error) {
    if (error instanceof MeridianError && error.code === 'locked') {
      return true;
    }
    throw error;
  }
}
