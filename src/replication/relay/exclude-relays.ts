/** Keeps relays from shipping while a region's database is changed. */
import type { Database } from '../../database/database.ts';
import { MeridianError } from '../../shared/errors.ts';
import { takeLease } from './relay-row.ts';
import { RELAY_SETTINGS } from './settings.ts';

/**
 * Acquires the lease, so that no relay starts before it expires, not even one that is paused or waits after a failure.
 *
 * @throws MeridianError `locked` while a relay holds the lease
 */
export async function excludeRelays(database: Database): Promise<void> {
  if ((await takeLease(database, RELAY_SETTINGS.leaseSeconds)) === undefined) {
    throw new MeridianError(
      'locked',
      `${database.name}: a relay ships its events, that of an npx meridian relay run or of a sync --watch. Stop it, and run the same command again.`,
    );
  }
}
