/**
 * Waits for the locks of other processes between turns of the event loop. The driver is synchronous: waiting by itself, it keeps the whole
 * thread waiting, the handlers of signals and perhaps the holder of the lock included.
 */
import { setTimeout as pause } from 'node:timers/promises';
import { CompiledQuery, type DatabaseConnection, type Dialect } from 'kysely';
import { elapsedMilliseconds } from '../../shared/time/clock.ts';

/** How long the driver waits by itself, which is sooner woken. */
const SHORT_WAIT_MILLISECONDS = 10;

const RETRY_MILLISECONDS = 20;

/** What the driver is told to wait for a lock, where this module waits on after it. */
export function shortWait(waitMilliseconds: number): number {
  return Math.min(waitMilliseconds, SHORT_WAIT_MILLISECONDS);
}

/**
 * Changes a dialect so that a statement which meets a lock is tried again for as long as it may wait; not once the connection is told to
 * wait for nothing (`pragma busy_timeout = 0`).
 */
export function waiting<D extends Dialect>(dialect: D, waitMilliseconds: number): D {
  const patient = new WeakSet<DatabaseConnection>();
  const createDriver = dialect.createDriver.bind(dialect);
  dialect.createDriver = () => {
    const driver = createDriver();
    const acquire = driver.acquireConnection.bind(driver);
    driver.acquireConnection = async () => {
      const connection = await acquire();
      if (!patient.has(connection)) {
        patient.add(connection);
        makePatient(connection, waitMilliseconds);
      }
      return connection;
    };
    return driver;
  };
  return dialect;
}

function makePatient(connection: DatabaseConnection, waitMilliseconds: number): void {
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
        deadline ??= elapsedMilliseconds() + waitMilliseconds;
        if (elapsedMilliseconds() >= deadline) {
          throw error;
        }
      }
      await pause(RETRY_MILLISECONDS);
    }
  };
}

/** A transaction that has read what another one has changed since is not helped by waiting: its code says more. */
function isLocked(error: unknown): boolean {
  const { code } = error as { code?: unknown };
  return code === 'SQLITE_BUSY' || code === 'SQLITE_BUSY_RECOVERY';
}
