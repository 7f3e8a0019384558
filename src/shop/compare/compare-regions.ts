/** Compares regions with central, sequentially. */
import { type Database, openIfThere } from '../../databases.ts';
import { asError, MeridianError } from '../../index.ts';
import { isRegionName } from '../../replication/index.ts';
import { inboxOf } from '../central/inbox.ts';
import { knownRegions, regionDatabase } from '../regions/databases.ts';
import { lostRegion } from '../sync/sync.ts';
import { type Comparison, compare } from './compare.ts';

export type ComparedRegion = { readonly region: string } & (
  | { readonly comparison: Comparison }
  | { readonly error: Error }
);

/**
 * A failure in one region does not stop the others.
 *
 * @param named the regions to compare (default: all that are known here or to central and have a database)
 */
export async function compareRegions(central: Database, named?: readonly string[]): Promise<ComparedRegion[]> {
  const heard = new Set(await inboxOf(central).regions());
  const results: ComparedRegion[] = [];
  for (const region of named ?? new Set([...knownRegions(), ...heard])) {
    try {
      const comparison = await compareRegion(central, region);
      if (comparison !== undefined) {
        results.push({ region, comparison });
      } else if (heard.has(region)) {
        throw lostRegion(region);
      } else if (named !== undefined) {
        throw withoutDatabase(region);
      }
    } catch (error) {
      results.push({ region, error: asError(error) });
    }
  }
  return results;
}

/** @returns `undefined` for a region without a database */
async function compareRegion(central: Database, region: string): Promise<Comparison | undefined> {
  if (!isRegionName(region)) {
    throw foreignRegion(region);
  }
  const database = await openIfThere(regionDatabase(region));
  try {
    return database && (await compare(central, database));
  } finally {
    await database?.close();
  }
}

/** The error for an invalid region name in central, which rejects such events now, but stored them in earlier versions. */
function foreignRegion(name: string): MeridianError {
  const quoted = JSON.stringify(name);
  return new MeridianError(
    'database',
    `Central has events of ${quoted}, which is not a valid region name: no relay of Meridian published them, and reports count them. Remove them with npx meridian regions remove --force -- ${quoted}.`,
  );
}

function withoutDatabase(region: string): MeridianError {
  return new MeridianError(
    'database',
    `${region} has no database yet, so there is nothing to compare. Make it with npx meridian regions add ${region}.`,
  );
}
