/** Feeds the document store as part of a sync. */
import { type Database, isIdentityError } from '../../databases.ts';
import { type FeedListener, type FeedResult, feedOnce } from '../documents/feed.ts';
import type { Refusal } from '../documents/put-documents.ts';
import type { SyncOptions } from './options.ts';

/** The maximum number of refused documents that are reported; all of them are counted. */
const MAX_REFUSALS = 100;

/**
 * Feeds the document store. A failure of the store is reported, and does not affect the rest of the sync.
 *
 * @param shipAgain ships these regions again, so that their relays receive the watermarks of the store from central
 * @throws MeridianError `identity` if the store or the products database belongs to another name
 */
export async function passDocumentsOn(
  central: Database,
  options: SyncOptions,
  shipAgain: (regions: readonly string[]) => Promise<void>,
): Promise<FeedResult> {
  const listener = feedListener(options);
  const refusals: Refusal[] = [];
  const feed = () => {
    refusals.length = 0;
    const refused = (refusal: Refusal) => refusals.length < MAX_REFUSALS && refusals.push(refusal);
    return feedOnce(central, { ...options.feed, signal: options.signal, listener: { ...listener, refused } });
  };
  let result = await feed();
  if (result.withheld.size > 0 && !options.signal.aborted) {
    await shipAgain([...result.withheld.keys()]);
    const { documents, componentLists } = result;
    const second = await feed();
    result = {
      ...second,
      documents: documents + second.documents,
      componentLists: componentLists + second.componentLists,
    };
  }
  const { failure, withheld, ...fed } = result;
  for (const refusal of refusals) {
    listener.refused?.(refusal);
  }
  listener.fed?.(fed);
  if (isIdentityError(failure)) {
    throw failure;
  }
  for (const error of [...(failure === undefined ? [] : [failure]), ...withheld.values()]) {
    listener.failed?.(error);
  }
  return result;
}

export function feedListener({ listener }: SyncOptions): FeedListener {
  return {
    migrated: (database, migrations) => listener?.migrated?.(database, migrations),
    ...listener?.documents,
  };
}
