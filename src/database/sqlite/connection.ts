/** How an SQLite file is opened, and what a connection to it is set to. */
import { mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import { CompiledQuery, type DatabaseConnection } from 'kysely';
import { monotonic, sleep } from '../../shared/environment.ts';
import { BUSY_SECONDS, type ConnectionOptions } from '../engine.ts';
import { checkAccess } from './access.ts';
import { isSqliteLocked } from './errors.ts';
import { refuseHardLinks } from './real-path.ts';
import { MEMORY } from './url.ts';

/** Pages of 4 KiB that the write-ahead log holds before they are brought into the database file. */
const CHECKPOINT_PAGES = 16_384;

/**
 * Kibibytes of pages that a connection keeps in memory. A transaction of a load changes more; with twice as many, it writes some 5 % less,
 * and each database that is loaded takes 8 MB more.
 */
const CACHE_KIB = 8000;

/** How often a lock is asked for that SQLite does not wait for. */
const RETRY_MILLISECONDS = 50;

/**
 * The driver calls this just before it opens the file. The directory is made and permissions are checked only then, so that
 * reading a config file creates nothing.
 *
 * @param name what the user calls the file
 * @throws MeridianError `database` for a file that cannot be opened without harm
 */
export function sqliteDriverOptions(
  file: string,
  { readOnly = false, answerSeconds = BUSY_SECONDS }: ConnectionOptions,
  name = file,
): { timeout: number } {
  if (file !== MEMORY) {
    mkdirSync(dirname(file), { recursive: true });
    refuseHardLinks(file, name);
    checkAccess(file, { isReadOnly: readOnly, name });
  }
  return { timeout: answerSeconds * 1000 };
}

/**
 * Sets what a connection to a file does not have by itself: a write-ahead log, so that readers and one writer do
 * not wait for each other, and a sync at every commit, so that what was reported survives a power cut.
 */
export async function prepareSqliteConnection(connection: unknown, waitSeconds = BUSY_SECONDS): Promise<void> {
  // MikroORM types the connection as unknown; what it hands over is Kysely's
  const kysely = connection as DatabaseConnection;
  await useWriteAheadLog(kysely, waitSeconds);
  await kysely.executeQuery(CompiledQuery.raw('pragma synchronous = full'));
  await kysely.executeQuery(CompiledQuery.raw(`pragma cache_size = -${CACHE_KIB}`));
  // the pages of an index that is met at random are brought home again and again where the log is short
  await kysely.executeQuery(CompiledQuery.raw(`pragma wal_autocheckpoint = ${CHECKPOINT_PAGES}`));
}

/** SQLite itself waits for no lock here: where a file is not in this mode yet and is in use, the statement fails at once. */
async function useWriteAheadLog(connection: DatabaseConnection, waitSeconds: number): Promise<void> {
  const deadline = monotonic() + waitSeconds * 1000;
  for (;;) {
    try {
      await connection.executeQuery(CompiledQuery.raw('pragma journal_mode = wal'));
      return;
    } catch (error) {
      if (!isSqliteLocked(error) || monotonic() >= deadline) {
        throw error;
      }
    }
    await sleep(RETRY_MILLISECONDS);
  }
}
