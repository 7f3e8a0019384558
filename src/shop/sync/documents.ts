/** What waits in central for the document store goes there as part of a sync. */
import { type Database, isIdentityError } from '../../databases.ts';
import { type FeedListener, type FeedResult, feedOnce } from '../documents/feed.ts';
import type { Refusal } from '../documents/put-documents.ts';
import type { SyncOptions } from './options.ts';

/** Refused documents that are kept to be reported; all of them are counted. */
const MAX_REFUSALS = 100;

/**
 * A document store that is down is reported, and delays nothing else.
 *
 * @param shipAgain ships from these regions once more: their relays then learn from central what the store has of them
 * @throws MeridianError `identity` when the store, or the products database, is another's
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
