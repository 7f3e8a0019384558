/** One populate or migration at a time may work on a database; its engine knows how to keep others away. */
import { MeridianError } from '../shared/errors.ts';
import type { Database } from './database.ts';
import { BUSY_SECONDS, type DatabaseLock } from './engine.ts';

export type { DatabaseLock };

/**
 * Waits up to five seconds for another holder to finish.
 *
 * @throws MeridianError `locked`, saying which process holds the lock and since when
 */
export async function lockDatabase(database: Database, waitSeconds = BUSY_SECONDS): Promise<DatabaseLock> {
  const { name: declared, isReadOnly } = database;
  try {
    return await database.engine.lock({ database: declared, isReadOnly, waitSeconds });
  } catch (error) {
    throw database.explain(error);
  }
}

/** Longer than a look at the lock takes, which others take as well. */
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
