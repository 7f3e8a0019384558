/**
 * Gives connections back that Kysely would keep for ever: when `begin` fails (https://github.com/kysely-org/kysely/issues/1990)
 * or `rollback` does, it never releases the connection, so the next use of a database with one connection, or its closing, hangs.
 */
import type { ControlledTransaction, DatabaseConnection, Dialect } from 'kysely';

const failedBegins = new WeakMap<DatabaseConnection, { readonly error: unknown }>();

/** Changes a dialect so that its drivers report a failed `begin` to {@link begun} instead of throwing. */
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
      } catch {
        // there is nothing left to undo: the engine has ended the transaction itself, or the connection is gone and
        // the transaction with it, which the next statement on that connection says
      }
    };
    return driver;
  };
  return dialect;
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
