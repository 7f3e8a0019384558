/**
 * Keeps connections usable whatever becomes of their transactions. When `begin` fails
 * (https://github.com/kysely-org/kysely/issues/1990) or `rollback` does, Kysely never releases the connection, so the next use of a
 * database with one connection, or its closing, hangs. And a connection that is released inside a transaction that is still open would
 * take what comes next into that transaction.
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

/** Whether there is nothing to roll back, for the engine has ended the transaction itself; where that is no error, it says nothing. */
function isOver(error: unknown): boolean {
  return messageOf(error).includes('no transaction is active');
}

/**
 * Tries once more at once, for an open transaction keeps others waiting, then before each statement that is to run on this connection: as
 * long as that fails, so does the statement.
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
    // it stays as it is until the next statement
  }
}

/** @throws the error of the `begin` that should have started this transaction; its connection is free again by then */
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
