/** Reads the state of regions from their databases, without creating or migrating them. */
import { type Database, type DatabaseDeclaration, openToRead } from '../../databases.ts';
import { asError } from '../../index.ts';
import { Outbox, regionOf } from '../../replication/index.ts';
import { regionDatabase, regionDatabases } from './databases.ts';
import { type RegionStatus, regionStatus } from './status.ts';

/** The result of reading a region. */
export type RegionResult<T> = { readonly region: string } & ({ readonly value: T } | { readonly error: Error });

/** @returns the status of each region; `undefined` for one without a database */
export function readStatuses(regions: readonly string[]): Promise<RegionResult<RegionStatus | undefined>[]> {
  return readEach(regions, (database) => regionStatus(database));
}

/** @returns the current epoch of each known region; `undefined` for one without a database */
export function readEpochs(): Promise<RegionResult<number | undefined>[]> {
  const regions = regionDatabases().map(({ name }) => regionOf(name));
  return readEach(regions, async (database) => (await new Outbox(database).state()).epoch);
}

async function readEach<T>(
  regions: readonly string[],
  read: (database: Database) => Promise<T>,
): Promise<RegionResult<T | undefined>[]> {
  return Promise.all(
    regions.map(async (region) => {
      try {
        return { region, value: await readOne(regionDatabase(region), read) };
      } catch (error) {
        return { region, error: asError(error) };
      }
    }),
  );
}

async function readOne<T>(
  declaration: DatabaseDeclaration,
  read: (database: Database) => Promise<T>,
): Promise<T | undefined> {
  const database = await openToRead(declaration);
  try {
    return database.isMissing ? undefined : await read(database);
  } finally {
    await database.close();
  }
}
