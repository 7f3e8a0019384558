/** What waits in central for the document store goes there as part of a sync. */
import type { Database } from '../databases/database.ts';
import { isIdentityError } from '../databases/identity.ts';
import { type FeedListener, type FeedResult, feedOnce } from '../documents/feed.ts';
import type { SyncOptions } from './sync.ts';

/**
 * That the document store is down is told, and keeps nothing else up.
 *
 * @throws MeridianError `identity` when the store, or the products database, is another's
 */
export async function passDocumentsOn(central: Database, options: SyncOptions): Promise<FeedResult> {
  const listener = feedListener(options);
  const result = await feedOnce(central, { signal: options.signal, listener });
  const { failure, ...fed } = result;
  listener.fed?.(fed);
  if (isIdentityError(failure)) {
    throw failure;
  }
  if (failure !== undefined) {
    listener.failed?.(failure);
  }
  return result;
}

export function feedListener({ listener }: SyncOptions): FeedListener {
  return {
    migrated: (database, migrations) => listener?.migrated?.(database, migrations),
    ...listener?.documents,
  };
}
