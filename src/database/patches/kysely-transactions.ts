/**
 * Keeps connections usable after a failed transaction of Kysely 0.29.6. If `begin` (https://github.com/kysely-org/kysely/issues/1990) or
 * `rollback` fails, Kysely never releases the connection: with a single connection, the next use of the database, or closing it, hangs. A
 * connection that is released inside an open transaction would run later statements in that transaction.
 */
import type { ControlledTransaction, DatabaseConnection, Dialect, Driver } from 'kysely';
import { messageOf } from '../../shared/errors.ts';

const failedBegins = new WeakMap<DatabaseConnection, { readonly error: unknown }>();

/** Changes a dialect so that its drivers report a failed `begin` to {@link begun}, and survive a failed `rollback`. */
export function releasing<D extends Dialect>(dialect: D): D {
  const createDriver = dialect.createDriver.bind(dialect);
  dialect.createDriver = () => {
    const driver = createDriver();
    const begin = driver.beginTransaction.bind(driver);
    driver.beginTransaction = async (connection, settings) => {
      try {
        await begin(connection, settings);
      } catch (error) {
        failedBegins.set(connection, { error });
      }
    };
    const rollback = driver.rollbackTransaction.bind(driver);
    driver.rollbackTransaction = async (connection) => {
      try {
        await rollback(connection);
      } catch (error) {
        if (!isOver(error)) {
          await rollBackLater(connection, rollback);
        }
      }
    };
    return driver;
  };
  return dialect;
}

/** Whether there is nothing to roll back, because the engine has ended the transaction itself. */
function isOver(error: unknown): boolean {
  return messageOf(error).includes('no transaction is active');
}

/**
 * Retries at once, since an open transaction blocks others, and then before each statement on this connection, which fails as long as the
 * rollback does.
 */
async function rollBackLater(connection: DatabaseConnection, rollback: Driver['rollbackTransaction']): Promise<void> {
  const { executeQuery } = connection;
  const end = async () => {
    connection.executeQuery = executeQuery;
    try {
      await rollback(connection);
    } catch (error) {
      if (!isOver(error)) {
        connection.executeQuery = endFirst;
        throw error;
      }
    }
  };
  const endFirst: typeof executeQuery = async (...given) => {
    await end();
    return executeQuery.apply(connection, given) as never;
  };
  try {
    await end();
  } catch {
    // the next statement rolls back first
  }
}

/** @throws the error of the `begin` that should have started this transaction; its connection is already released */
export async function begun<T extends ControlledTransaction<unknown, never>>(transaction: T): Promise<T> {
  const failure = await transaction.getExecutor().provideConnection(async (connection) => {
    const failed = failedBegins.get(connection);
    failedBegins.delete(connection);
    return failed;
  });
  if (failure === undefined) {
    return transaction;
  }
  await transaction.rollback().execute();
  throw failure.error;
}
