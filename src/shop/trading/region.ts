/** A region that trades: its orders database, and the way to those that it asks while they can be reached. */
import { type Database, type DatabaseOptions, type OnMigrated, openMigrated } from '../../databases.ts';
import { products, users } from '../catalog.ts';
import { regionDatabase } from '../regions/databases.ts';
import { ReferredDatabase } from './referred.ts';

export interface Region {
  readonly name: string;
  /** Its own, with orders, stock and outbox. */
  readonly database: Database;
  readonly users: ReferredDatabase;
  readonly products: ReferredDatabase;
  /** How long a transaction is tried again that another one is in the way of, or whose connection breaks; by itself a minute. */
  readonly retrySeconds: number | undefined;
  close(): Promise<void>;
}

export interface RegionOptions {
  /** Where databases are, by their names (`orders.boston`, `users`, `products`), instead of where the environment says. */
  readonly databaseOptions?: (name: string) => DatabaseOptions;
  /** Orders that are placed at the same time, where a server can do that. */
  readonly connections?: number;
  /** Called with the migrations that were applied to the region's database. */
  readonly migrated?: OnMigrated;
  readonly retrySeconds?: number;
}

/**
 * Opens a region and brings its database to the newest schema; makes it when it is not there. Nothing else need be there:
 * users and products are looked for when they are asked for the first time, and again when they were not to be reached.
 *
 * ```ts
 * const region = await openRegion('boston');
 * await receiveStock(region, { productId: 1, quantity: 50, price: '9.99' });
 * const outcome = await placeOrder(region, { userId: 1, items: [{ productId: 1, quantity: 2 }] });
 * await region.close();
 * ```
 *
 * @throws MeridianError `usage` for what cannot be the name of a region; `database`, `locked` or `migration` when its
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
    // the relay of this very process may hold what a transaction would be waiting for
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
