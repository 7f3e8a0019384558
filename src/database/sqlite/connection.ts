/** Opens SQLite files and configures their connections. */
import { mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import { CompiledQuery, type DatabaseConnection } from 'kysely';
import { monotonic, sleep } from '../../shared/environment.ts';
import { BUSY_SECONDS, type ConnectionOptions } from '../engine.ts';
import { checkAccess } from './access.ts';
import { isSqliteLocked } from './errors.ts';
import { refuseHardLinks } from './real-path.ts';
import { MEMORY } from './url.ts';

/** Pages of 4 KiB in the write-ahead log that trigger a checkpoint. */
const CHECKPOINT_PAGES = 16_384;

/**
 * Page cache of a connection in KiB. A transaction of a load changes more pages; with a cache twice the size, it writes some 5 % less, and
 * each database that is loaded takes 8 MB more.
 */
const CACHE_KIB = 8000;

/** Interval of retries for a lock that SQLite does not wait for. */
const RETRY_MILLISECONDS = 50;

/**
 * The driver calls this just before it opens the file. The directory is created and permissions are checked only then, so that reading a
 * config file creates nothing.
 *
 * @param name the path as the user specified it
 * @throws MeridianError `database` for a file that cannot be safely opened
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
 * Configures a connection: a write-ahead log, so that readers and the writer do not block each other, and a sync at every commit, so that
 * reported results survive a power failure.
 */
export async function prepareSqliteConnection(connection: unknown, waitSeconds = BUSY_SECONDS): Promise<void> {
  // MikroORM types the connection as unknown; it is Kysely's
  const kysely = connection as DatabaseConnection;
  await useWriteAheadLog(kysely, waitSeconds);
  await kysely.executeQuery(CompiledQuery.raw('pragma synchronous = full'));
  await kysely.executeQuery(CompiledQuery.raw(`pragma cache_size = -${CACHE_KIB}`));
  // with a short log, frequent checkpoints would write the pages of an index with random inserts again and again
  await kysely.executeQuery(CompiledQuery.raw(`pragma wal_autocheckpoint = ${CHECKPOINT_PAGES}`));
}

/** SQLite does not wait for this lock: the statement fails at once if the file is in use and not in WAL mode yet. */
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
