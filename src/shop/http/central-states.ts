/** The states of central and of the document store, as the page shows them live. */

import { isThere, openToRead } from '../../databases.ts';
import { monotonic } from '../../types.ts';
import { central as declaration } from '../catalog.ts';
import { queueLength } from '../central/document-queue.ts';
import { inboxOf } from '../central/inbox.ts';
import { storeStatus } from '../documents/store-status.ts';

/** How far central is with a region. */
interface RegionInCentral {
  readonly epoch: number;
  /** The number of the last event of those that are applied without a gap. */
  readonly seq: number;
  /** The highest number that central knows. */
  readonly headSeq: number;
  readonly deadLetters: number;
}

interface CentralState {
  readonly isThere: boolean;
  readonly regions: Readonly<Record<string, RegionInCentral>>;
  /** Documents that wait for the document store, and those of them that it does not take. */
  readonly waitingDocuments: number;
  readonly refusedDocuments: number;
}

const ABSENT: CentralState = { isThere: false, regions: {}, waitingDocuments: 0, refusedDocuments: 0 };

/** @throws MeridianError where central cannot be read */
export async function centralState(): Promise<CentralState> {
  if (!(await isThere(declaration))) {
    return ABSENT;
  }
  const central = await openToRead(declaration);
  try {
    const inbox = inboxOf(central);
    const regions: [string, RegionInCentral][] = [];
    for (const name of await inbox.regions()) {
      const { epoch = 0, seq = 0, headSeq = 0, deadLetters = 0 } = (await inbox.position(name)) ?? {};
      regions.push([name, { epoch, seq, headSeq, deadLetters }]);
    }
    const { waiting, refused } = await queueLength(central);
    return {
      isThere: true,
      regions: Object.fromEntries(regions),
      waitingDocuments: waiting,
      refusedDocuments: refused,
    };
  } catch (error) {
    throw central.explain(error);
  } finally {
    await central.close();
  }
}

/** Documents and component lists of the store; `null` where it cannot be reached, with the reason. */
interface DocumentStoreState {
  readonly isThere: boolean;
  readonly documents: number | null;
  readonly componentLists: number | null;
  readonly error: string | null;
}

async function readDocumentStore(): Promise<DocumentStoreState> {
  const { isThere: exists, documents, componentLists, failure } = await storeStatus(0);
  return failure === undefined
    ? { isThere: exists, documents, componentLists, error: null }
    : { isThere: exists, documents: null, componentLists: null, error: failure.message };
}

/** It may be a server elsewhere, which is not asked every second. */
const DOCUMENT_STORE_MILLISECONDS = 5000;

/** Reads the state of the document store, and returns the last one in between. */
export function documentStoreReader(): () => Promise<object> {
  let last: { readonly at: number; readonly state: Promise<DocumentStoreState> } | undefined;
  return async () => {
    if (last === undefined || monotonic() - last.at >= DOCUMENT_STORE_MILLISECONDS) {
      last = { at: monotonic(), state: readDocumentStore() };
    }
    return { store: await last.state };
  };
}
