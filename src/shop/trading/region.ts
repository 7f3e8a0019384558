/** A trading region: its orders database, and access to the users and products databases while they are reachable. */
import { type Database, type DatabaseOptions, type OnMigrated, openMigrated } from '../../databases.ts';
import { products, users } from '../catalog.ts';
import { regionDatabase } from '../regions/databases.ts';
import { ReferredDatabase } from './referred.ts';

export interface Region {
  readonly name: string;
  /** The region's own database, with orders, stock and outbox. */
  readonly database: Database;
  readonly users: ReferredDatabase;
  readonly products: ReferredDatabase;
  /** How long a transaction is retried after conflicts or lost connections (default: one minute). */
  readonly retrySeconds: number | undefined;
  close(): Promise<void>;
}

export interface RegionOptions {
  /** Database name (`orders.boston`, `users`, `products`) -> options that override the environment. */
  readonly databaseOptions?: (name: string) => DatabaseOptions;
  /** The maximum number of concurrent transactions, on a database server. */
  readonly connections?: number;
  /** Called with the migrations that were applied to the region's database. */
  readonly migrated?: OnMigrated;
  readonly retrySeconds?: number;
}

/**
 * Opens a region and migrates its database, which is created if it does not exist. The users and products databases need not exist: they
 * are opened on first use, and again after they were unreachable.
 *
 * ```ts
 * const region = await openRegion('boston');
 * await receiveStock(region, { productId: 1, quantity: 50, price: '9.99' });
 * const outcome = await placeOrder(region, { userId: 1, items: [{ productId: 1, quantity: 2 }] });
 * await region.close();
 * ```
 *
 * @throws MeridianError `usage` for an invalid region name; `database`, `locked` or `migration` when its
 *   database cannot be opened or migrated
 */
export async function openRegion(name: string, options: RegionOptions = {}): Promise<Region> {
  const { databaseOptions = () => ({}), connections, migrated, retrySeconds } = options;
  const declaration = regionDatabase(name);
  const database = await openMigrated(declaration, migrated, {
    ...(connections === undefined ? {} : { connections }),
    ...databaseOptions(declaration.name),
  });
  try {
    // the relay of this process may hold the lock that a transaction would wait for
    await database.neverBlock();
    const [ofUsers, ofProducts] = await Promise.all([
      ReferredDatabase.at(users, databaseOptions(users.name)),
      ReferredDatabase.at(products, databaseOptions(products.name)),
    ]);
    return {
      name,
      database,
      users: ofUsers,
      products: ofProducts,
      retrySeconds,
      async close() {
        await Promise.all([database.close(), ofUsers.close(), ofProducts.close()]);
      },
    };
  } catch (error) {
    await database.close();
    throw database.explain(error);
  }
}
