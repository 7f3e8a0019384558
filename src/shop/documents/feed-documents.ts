/** One pass over the queued documents in central: they are written to the store, or the reason why not is recorded. */
import { type Database } from '../../databases.ts';
import { MeridianError } from '../../index.ts';
import { type DocumentWatermark } from '../../replication/index.ts';
import {
  forgettings,
  isAnythingQueued,
  nextDocuments,
  noteRefusal,
  unqueue,
  type WantedDocuments,
} from '../central/document-queue.ts';
import type { QueuedDocument } from '../central/facts/document-queue.entity.ts';
import { inboxOf } from '../central/inbox.ts';
import { explained } from './explained.ts';
import { type Put, putDocuments, type Refusal } from './put-documents.ts';
import type { DocumentStore } from './store.ts';

export interface Feeding extends Pick<WantedDocuments, 'withRefused'> {
  readonly central: Database;
  /** When aborted, the current page is finished. */
  readonly signal: AbortSignal;
  /** @returns `undefined` if the store is not needed, and its watermarks need not be read */
  openStore(options: { readonly isNeeded: boolean }): Promise<DocumentStore | undefined>;
  refused(refusal: Refusal): void;
  readonly progress: Progress;
}

/** The progress of a pass, which is valid even if something fails afterwards. */
export interface Progress {
  documents: number;
  refused: number;
  /** Region -> why its documents wait: the store has some that central does not know. */
  readonly withheld: Map<string, Error>;
}

export async function feedDocuments(feeding: Feeding): Promise<void> {
  const { central, signal, withRefused, progress } = feeding;
  // 1. read the deletions before the documents, so that a deletion never precedes documents that were sent again: more of either may be
  // queued during the pass
  const { forgotten, isNeeded } = await explained(central, async () => {
    const isAny = await isAnythingQueued(central, { withRefused });
    return { forgotten: isAny ? await forgettings(central) : [], isNeeded: isAny };
  });
  const store = await feeding.openStore({ isNeeded });
  if (store === undefined) {
    return;
  }
  // 2. read the watermarks of the store before central: central had all of their events before the store
  const watermarks = await store.watermarks();
  for (const [region, mark] of await explained(central, () => inboxOf(central).noteStoreWatermarks(watermarks))) {
    progress.withheld.set(region, aheadError(store, region, mark));
  }
  // 3. write documents page by page
  await putPages(feeding, store);
  // 4. delete documents that no longer exist in the regions
  for (const one of signal.aborted ? [] : forgotten.filter(({ region }) => !progress.withheld.has(region))) {
    await store.forgetEarlierEpochs(one.region, one.epoch);
    await explained(central, () => unqueue(central, [one]));
  }
}

async function putPages(feeding: Feeding, store: DocumentStore): Promise<void> {
  const { central, signal, withRefused, progress } = feeding;
  let after: QueuedDocument | undefined;
  while (!signal.aborted) {
    const wanted = { withRefused, except: [...progress.withheld.keys()] };
    const page = await explained(central, () => nextDocuments(central, after, wanted));
    after = page.at(-1);
    if (after === undefined) {
      return;
    }
    const put = await putDocuments(store, page);
    await explained(central, () => record(central, put));
    for (const document of put.conflicting) {
      progress.withheld.set(document.region, conflictError(store, document));
    }
    for (const refusal of put.refused) {
      feeding.refused(refusal);
    }
    progress.documents += put.accepted.length;
    progress.refused += put.refused.length;
  }
}

async function record(central: Database, { accepted, outdated, conflicting, refused }: Put): Promise<void> {
  await unqueue(central, [...accepted, ...outdated]);
  for (const { region } of conflicting) {
    await inboxOf(central).noteForeignDocument(region);
  }
  for (const { document, reason } of refused) {
    await noteRefusal(central, document, reason);
  }
}

function aheadError(store: DocumentStore, region: string, { epoch, seq }: DocumentWatermark): MeridianError {
  const upTo = seq === 0 ? `epoch ${epoch}` : `event ${seq} of epoch ${epoch}`;
  return withheldError(
    region,
    `the document store, ${store.place}, has documents up to ${upTo} that are not of the events which central knows`,
  );
}

function conflictError(store: DocumentStore, { region, orderId, epoch }: QueuedDocument): MeridianError {
  return withheldError(
    region,
    `the document store, ${store.place}, has the document of another checkout for order ${orderId} in epoch ${epoch}`,
  );
}

function withheldError(region: string, reason: string): MeridianError {
  return new MeridianError(
    'document',
    `${region}: ${reason}, so one of them was restored from a backup. Further documents of ${region} wait in central until its relay has compared ` +
      `itself with the store: run npx meridian sync where the database of ${region} can be reached.`,
  );
}
