/** Settles the pending orders of all regions that have a database. */
import { isThere } from '../../databases.ts';
import { MeridianError } from '../../index.ts';
import { knownRegions, regionDatabase } from '../regions/databases.ts';
import { openRegion } from './region.ts';
import { type Settlement, settlePending } from './settle-pending.ts';

export interface SettleListener {
  migrated?(database: string, migrations: readonly string[]): void;
  settled?(region: string, settlement: Settlement): void;
  failed?(region: string, error: MeridianError): void;
}

/** Settles all regions; a failure in one does not stop the others. @returns the result of each region */
export async function settleRegions(
  listener: SettleListener = {},
): Promise<Record<string, Settlement | MeridianError>> {
  const results: Record<string, Settlement | MeridianError> = {};
  for (const name of knownRegions()) {
    try {
      if (await isThere(regionDatabase(name))) {
        const settlement = await settleRegion(name, listener);
        results[name] = settlement;
        listener.settled?.(name, settlement);
      }
    } catch (error) {
      if (!(error instanceof MeridianError)) {
        throw error;
      }
      results[name] = error;
      listener.failed?.(name, error);
    }
  }
  return results;
}

async function settleRegion(name: string, { migrated }: SettleListener): Promise<Settlement> {
  const region = await openRegion(name, migrated === undefined ? {} : { migrated });
  try {
    return await settlePending(region);
  } finally {
    await region.close();
  }
}
