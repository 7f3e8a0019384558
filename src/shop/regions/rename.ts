/** Renames a region. */
import {
  changeIdentity,
  type Database,
  type DatabaseDeclaration,
  isIdentityError,
  isThere,
  lockDatabase,
  type OnMigrated,
  openIfThere,
  openMigrated,
  placeOf,
  urlVariable,
  withRetry,
} from '../../databases.ts';
import { MeridianError } from '../../index.ts';
import { Outbox, regionOf } from '../../replication/index.ts';
import { orders } from '../catalog.ts';
import { regionStatus } from './status.ts';

/**
 * Renames a region whose database was moved to the location for the new name. All of its data is sent again under the new name; central
 * keeps the data under the old one.
 *
 * @returns the location of the database, and whether there is still one under the old name
 * @throws MeridianError `usage` if both names are the same; `database` if there is no database; `identity` if it is not the database of
 *   that region; `locked` while a relay or a populate is running
 */
export async function renameRegion(
  old: DatabaseDeclaration,
  renamed: DatabaseDeclaration,
  onMigrated?: OnMigrated,
): Promise<{ readonly place: string; readonly isCopy: boolean }> {
  if (old.name === renamed.name) {
    throw new MeridianError('usage', `Region ${regionOf(old.name)} is called so already. Name another one.`);
  }
  const database = await openIfThere(old, onMigrated, { location: (await placeOf(renamed)).location });
  if (database === undefined) {
    throw new MeridianError(
      'database',
      `${renamed.name}: there is no database yet. Move that of ${old.name} there, or say where it is with ${urlVariable(renamed.name)}; then run the same command again.`,
    );
  }
  try {
    // do not wait for a running populate, just like for a relay
    const lock = await lockDatabase(database, 0);
    try {
      await refuseBusy(database);
      await giveTo(renamed, database);
    } finally {
      await lock.release();
    }
    return { place: database.place, isCopy: await isStillThere(old) };
  } catch (error) {
    throw database.explain(error);
  } finally {
    await database.close();
  }
}

/** Assigns the database to the new name and begins an epoch, in one transaction: without the epoch, the data would never be sent. */
async function giveTo(renamed: DatabaseDeclaration, database: Database): Promise<void> {
  await withRetry(database, () =>
    database.transaction(async (em) => {
      // events contain the name of their region; the new epoch replaces them
      await new Outbox(database).restartIn(em);
      await changeIdentity(em, database.name, renamed.name);
    }),
  );
}

/**
 * Opens the database of a region. A copy of `orders`, which does not ship events, is adopted.
 *
 * @throws MeridianError `identity` when it is the database of another region, or `orders` itself
 */
export async function openOrTakeIn(declaration: DatabaseDeclaration, onMigrated?: OnMigrated): Promise<Database> {
  try {
    return await openMigrated(declaration, onMigrated);
  } catch (error) {
    if (!(isIdentityError(error) && error.owner === orders.name) || (await isPlaceOfOrders(declaration))) {
      throw error;
    }
  }
  const database = await openMigrated(orders, onMigrated, { location: (await placeOf(declaration)).location });
  try {
    await changeIdentity(database.fork(), orders.name, declaration.name);
  } catch (error) {
    throw database.explain(error);
  } finally {
    await database.close();
  }
  return openMigrated(declaration, onMigrated);
}

/** Whether there is a database under the old name, in another location than the new one. */
async function isStillThere(old: DatabaseDeclaration): Promise<boolean> {
  try {
    return await isThere(old);
  } catch (error) {
    if (isIdentityError(error)) {
      return false;
    }
    throw error;
  }
}

async function isPlaceOfOrders(declaration: DatabaseDeclaration): Promise<boolean> {
  return (await placeOf(declaration)).isSameAs(await placeOf(orders));
}

async function refuseBusy(database: Database): Promise<void> {
  const { held } = await regionStatus(database);
  if (held > 0) {
    throw new MeridianError(
      'locked',
      `${database.name}: a populate of ${regionOf(database.name)} is not finished. Move the database back, let the populate finish, and start again.`,
    );
  }
  // the new epoch releases the lease
  await new Outbox(database).excludeRelays();
}
