/** Passes the statements of connections through the environment's {@link Disk}, if it has one. */
import type { DatabaseConnection, Dialect } from 'kysely';
import type { Disk, DiskConnection } from '../../shared/environment.ts';

/** Changes a dialect whose connection is `native`. */
export function throughDisk<D extends Dialect>(dialect: D, disk: Disk, native: DiskConnection): D {
  const passing = new WeakSet<DatabaseConnection>();
  const createDriver = dialect.createDriver.bind(dialect);
  dialect.createDriver = () => {
    const driver = createDriver();
    const acquire = driver.acquireConnection.bind(driver);
    driver.acquireConnection = async () => {
      const connection = await acquire();
      if (!passing.has(connection)) {
        passing.add(connection);
        const execute = connection.executeQuery.bind(connection);
        connection.executeQuery = (query) => disk.execute(native, query.sql, () => execute(query));
      }
      return connection;
    };
    return driver;
  };
  return dialect;
}
