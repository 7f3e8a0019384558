/** Sends data of regions to central again: everything, or the events from a sequence number on. */
import { openIfThere } from '../../databases.ts';
import { asError } from '../../index.ts';
import { Outbox } from '../../replication/index.ts';
import { knownRegions, regionDatabase } from '../regions/databases.ts';
import { regionStatus } from '../regions/status.ts';
import { withRegionDatabase } from '../regions/with-database.ts';
import type { SyncOptions } from './options.ts';
import { type RegionSync, type SyncResult, syncOnce } from './sync.ts';

type Options = Omit<SyncOptions, 'regions'>;

/**
 * @param fromSeq the sequence number, in the current epoch, of the first event to send (default: everything is sent)
 * @throws MeridianError `database` if a region has no database; `purged` or `usage` if the events are not available
 */
export async function resend(
  regions: readonly string[],
  fromSeq: number | undefined,
  options: Options,
): Promise<SyncResult> {
  for (const region of regions) {
    if (fromSeq === undefined) {
      await withRegionDatabase(region, (database) => new Outbox(database).beginEpoch());
    } else if (!(await isNewEpochSynced(region, options))) {
      await withRegionDatabase(region, (database) => new Outbox(database).beginEpoch({ fromSeq }));
    }
  }
  return syncOnce({ ...options, regions: () => regions });
}

/**
 * Syncs the region first. If it was restored from a backup, its relay begins a new epoch and sends everything, so that sequence numbers of
 * the previous epoch are obsolete.
 */
async function isNewEpochSynced(region: string, options: Options): Promise<boolean> {
  const epochOf = () => withRegionDatabase(region, async (database) => (await regionStatus(database)).epoch);
  const before = await epochOf();
  await syncOnce({ ...options, regions: () => [region] });
  return (await epochOf()) !== before;
}

/** Sends all data of all regions. The results include failures of regions that cannot be opened. */
export async function resendEverything(options: Options): Promise<SyncResult> {
  const failures = new Map<string, RegionSync>();
  for (const region of knownRegions()) {
    try {
      await beginEpochIfThere(region);
    } catch (error) {
      failures.set(region, { shipped: 0, seconds: 0, paused: false, deadLetters: undefined, failure: asError(error) });
    }
  }
  const reachable = knownRegions().filter((region) => !failures.has(region));
  const { regions, documents } = await syncOnce({ ...options, regions: () => reachable });
  return { regions: new Map([...regions, ...failures]), documents };
}

async function beginEpochIfThere(region: string): Promise<void> {
  const database = await openIfThere(regionDatabase(region));
  try {
    await (database && new Outbox(database).beginEpoch());
  } finally {
    await database?.close();
  }
}
