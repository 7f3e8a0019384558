/** Creates the database of a region, or adopts an existing one. */
import type { OnMigrated } from '../../databases.ts';
import { Outbox } from '../../replication/index.ts';
import { holdsUnpublished } from '../trading/unpublished.ts';
import { newRegionDatabase } from './databases.ts';
import { openOrTakeIn } from './rename.ts';
import { regionStatus } from './status.ts';

export interface AddedRegion {
  readonly place: string;
  readonly orders: number;
  readonly products: number;
  readonly isNew: boolean;
  /** Whether the database had rows without events, all of which the next sync sends. */
  readonly isBackfilled: boolean;
}

/** @throws MeridianError `usage` for an invalid region name; `identity` for the database of another region */
export async function addRegion(name: string, onMigrated?: OnMigrated): Promise<AddedRegion> {
  const database = await openOrTakeIn(newRegionDatabase(name), onMigrated);
  try {
    const { orders, products } = await regionStatus(database);
    const isBackfilled = await holdsUnpublished(database);
    if (isBackfilled) {
      await new Outbox(database).beginEpoch();
    }
    return { place: database.place, orders, products, isNew: database.isMissing, isBackfilled };
  } finally {
    await database.close();
  }
}
