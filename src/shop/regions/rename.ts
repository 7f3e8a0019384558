/** Gives a region's database to another name. */
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
 * Renames a region whose database has been moved to where that of the new name is looked for. All that it holds is sent
 * again under the new name; central keeps what it has under the old one.
 *
 * @returns where the database is, and whether there is still one under the old name
 * @throws MeridianError `usage` when both names are the same; `database` when nothing is there; `identity` when it is no database of that region; `locked` when a relay or a
 *   populate is working on it
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
    // one that is running is not waited for, just as a relay is not
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

/** In one transaction, for without its events and without the new epoch, what the region holds would never be sent. */
async function giveTo(renamed: DatabaseDeclaration, database: Database): Promise<void> {
  await withRetry(database, () =>
    database.transaction(async (em) => {
      // events name the region that they are from; the new epoch replaces them
      await new Outbox(database).restartIn(em);
      await changeIdentity(em, database.name, renamed.name);
    }),
  );
}

/**
 * Opens the database of a region. A copy of `orders`, which ships nothing, becomes the region's.
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

/** Not where both names lead to the same place. */
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
  // the new epoch gives it back
  await new Outbox(database).excludeRelays();
}
