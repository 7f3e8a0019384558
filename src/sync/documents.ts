/** What waits in central for the document store goes there as part of a sync. */
import type { Database } from '../databases/database.ts';
import { type FeedListener, type FeedResult, feedOnce } from '../documents/feed.ts';
import type { SyncOptions } from './sync.ts';

/** Whatever becomes of them: that the document store is down is told, and keeps nothing else up. */
export async function passDocumentsOn(central: Database, options: SyncOptions): Promise<FeedResult> {
  const listener = feedListener(options);
  const result = await feedOnce(central, { signal: options.signal, listener });
  const { failure, ...fed } = result;
  listener.fed?.(fed);
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
