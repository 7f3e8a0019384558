/** Removes a region: its database, and its data in central and the document store. */
import { type Database, lockDatabase, openIfThere, removeDatabase } from '../../databases.ts';
import { MeridianError } from '../../index.ts';
import { isRegionName, Outbox } from '../../replication/index.ts';
import { central as centralDeclaration } from '../catalog.ts';
import { countOfRegion, forgetRegion } from '../central/forget-region.ts';
import { documentStoreIfThere, openDocumentStore } from '../documents/open.ts';
import type { DocumentStore } from '../documents/store.ts';
import { knownRegion, knownRegions, regionDatabase } from './databases.ts';
import { regionStatus } from './status.ts';

/** The data of a removed region. */
export interface RegionHoldings {
  readonly orders: number;
  /** Products in stock. */
  readonly products: number;
  /** Rows in central. */
  readonly inCentral: number;
  readonly hasDocuments: boolean;
}

interface Opened {
  readonly database: Database | undefined;
  readonly central: Database | undefined;
  readonly store: DocumentStore | undefined;
}

/**
 * Removes a region. It can be called again after an interruption.
 *
 * @param force removes the region with all of its data; otherwise, only a region without data, here and in central, is removed
 * @throws MeridianError `usage` for an unknown region; `database` if it has data; `locked` while a populate or a relay is running
 */
export async function removeRegion(region: string, force = false): Promise<RegionHoldings> {
  // central may have events with an invalid region name, for which there is no database
  const declaration = isRegionName(region) || !(await isInCentral(region)) ? regionDatabase(region) : undefined;
  const opened: { close(): Promise<void> }[] = [];
  /** Opens a resource that is closed at the end, even if a later one cannot be opened. */
  const open = async <T extends { close(): Promise<void> }>(opening: Promise<T | undefined>) => {
    const one = await opening;
    if (one !== undefined) {
      opened.push(one);
    }
    return one;
  };
  try {
    const store = await open(openStore());
    const central = await open(openIfThere(centralDeclaration));
    const database = declaration && (await open(openIfThere(declaration)));
    return await remove(region, { database, central, store }, force);
  } finally {
    await Promise.allSettled(opened.map((one) => one.close()));
  }
}

async function remove(region: string, opened: Opened, force: boolean): Promise<RegionHoldings> {
  const { database, central, store } = opened;
  const lock = database && (await lockDatabase(database));
  try {
    const holdings = await holdingsOf(region, opened);
    if (database === undefined && holdings.inCentral === 0 && !holdings.hasDocuments) {
      knownRegion(region, knownRegions());
    }
    if (!force && isHolding(holdings)) {
      throw new MeridianError('database', refusalOf(region, holdings));
    }
    if (database !== undefined) {
      await stopRelay(database);
    }
    if (central !== undefined) {
      await forgetRegion(central, region);
    }
    await store?.forgetRegion(region);
    if (database !== undefined) {
      await removeDatabase(database);
    }
    return holdings;
  } finally {
    await lock?.release();
  }
}

async function isInCentral(region: string): Promise<boolean> {
  const central = await openIfThere(centralDeclaration);
  try {
    return central !== undefined && (await countOfRegion(central, region)) > 0;
  } finally {
    await central?.close();
  }
}

async function openStore(): Promise<DocumentStore | undefined> {
  const looked = await documentStoreIfThere();
  await looked?.close();
  return looked && openDocumentStore();
}

async function holdingsOf(region: string, { database, central, store }: Opened): Promise<RegionHoldings> {
  const { orders, products } = database === undefined ? { orders: 0, products: 0 } : await regionStatus(database);
  return {
    orders,
    products,
    inCentral: central === undefined ? 0 : await countOfRegion(central, region),
    hasDocuments: store !== undefined && (await store.findDocuments({ region, limit: 1 })).length > 0,
  };
}

function isHolding({ orders, products, inCentral, hasDocuments }: RegionHoldings): boolean {
  return orders + products + inCentral > 0 || hasDocuments;
}

function refusalOf(region: string, { orders, products, inCentral, hasDocuments }: RegionHoldings): string {
  const contents = [
    `${orders} orders and ${products} products in its database`,
    `${inCentral} rows in central`,
    ...(hasDocuments ? ['documents in the document store'] : []),
  ];
  return (
    `${region} has ${contents.join(', ')}. They would be gone for good, and its sales from every report: nothing was removed. ` +
    'Remove them with --force, after a backup; or keep the region and stop its relay.'
  );
}

/** Prevents relays from shipping the data that is being deleted from central. @throws MeridianError `locked` while one is running */
async function stopRelay(database: Database): Promise<void> {
  await new Outbox(database).excludeRelays();
  await new Outbox(database).setPaused(true);
}
