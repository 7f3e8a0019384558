/** Reads the state of regions from their databases; nothing is created or migrated. */
import { type Database, eachDatabase, type Result, refusePending } from '../../databases.ts';
import { Outbox, regionOf } from '../../replication/index.ts';
import { regionDatabase, regionDatabases } from './databases.ts';
import { type RegionStatus, regionStatus } from './status.ts';

/** @returns for each region its status, or nothing where it has no database */
export function readStatuses(regions: readonly string[]): Promise<Result<RegionStatus | undefined>[]> {
  return readEach(regions, (database) => regionStatus(database));
}

/** @returns the current epoch of each known region, or nothing where it has no database */
export function readEpochs(): Promise<Result<number | undefined>[]> {
  const regions = regionDatabases().map(({ name }) => regionOf(name));
  return readEach(regions, async (database) => (await new Outbox(database).state()).epoch);
}

async function readEach<T>(
  regions: readonly string[],
  read: (database: Database) => Promise<T>,
): Promise<Result<T | undefined>[]> {
  const declarations = regions.map((region) => regionDatabase(region));
  const results = await eachDatabase(declarations, { create: false, lock: false }, async (database) => {
    if (database.isMissing) {
      return undefined;
    }
    await refusePending(database);
    return read(database);
  });
  return results.map((result) => ({ ...result, name: regionOf(result.name) }));
}
