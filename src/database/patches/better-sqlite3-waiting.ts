/**
 * Waits for locks of other processes between turns of the event loop. better-sqlite3 13.0.3 is synchronous by design
 * (https://github.com/WiseLibs/better-sqlite3/blob/master/docs/api.md): while it waits, the whole thread waits, including signal handlers
 * and perhaps the holder of the lock.
 */
import { CompiledQuery, type DatabaseConnection, type Dialect } from 'kysely';
import { monotonic, sleep } from '../../shared/environment.ts';

/** The driver's own wait, which ends sooner when the lock is released. */
const SHORT_WAIT_MILLISECONDS = 10;

const RETRY_MILLISECONDS = 20;

/** The driver's timeout for connections on which this module continues to wait. */
export function shortWait(waitMilliseconds: number): number {
  return Math.min(waitMilliseconds, SHORT_WAIT_MILLISECONDS);
}

/**
 * Changes a dialect so that a statement that meets a lock is retried until the wait is over. With `pragma busy_timeout = 0` the connection
 * does not wait.
 */
export function waiting<D extends Dialect>(dialect: D, waitMilliseconds: number): D {
  const patched = new WeakSet<DatabaseConnection>();
  const createDriver = dialect.createDriver.bind(dialect);
  dialect.createDriver = () => {
    const driver = createDriver();
    const acquire = driver.acquireConnection.bind(driver);
    driver.acquireConnection = async () => {
      const connection = await acquire();
      if (!patched.has(connection)) {
        patched.add(connection);
        retryWhileLocked(connection, waitMilliseconds);
      }
      return connection;
    };
    return driver;
  };
  return dialect;
}

function retryWhileLocked(connection: DatabaseConnection, waitMilliseconds: number): void {
  const execute = connection.executeQuery.bind(connection);
  const mayWait = async () => {
    const { rows } = await execute<{ timeout: number }>(CompiledQuery.raw('pragma busy_timeout'));
    return rows[0]?.timeout !== 0;
  };
  connection.executeQuery = async (query) => {
    for (let deadline: number | undefined; ; ) {
      try {
        return await execute(query);
      } catch (error) {
        if (!isLocked(error) || !(await mayWait())) {
          throw error;
        }
        deadline ??= monotonic() + waitMilliseconds;
        if (monotonic() >= deadline) {
          throw error;
        }
      }
      await sleep(RETRY_MILLISECONDS);
    }
  };
}

/** The other SQLITE_BUSY codes, such as SQLITE_BUSY_SNAPSHOT, persist however long one waits. */
function isLocked(error: unknown): boolean {
  const { code } = error as { code?: unknown };
  return code === 'SQLITE_BUSY' || code === 'SQLITE_BUSY_RECOVERY';
}
