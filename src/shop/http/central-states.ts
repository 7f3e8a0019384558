/** The live states of central and of the document store. */

import { isThere, openToRead } from '../../databases.ts';
import { monotonic } from '../../types.ts';
import { central as declaration } from '../catalog.ts';
import { queueLength } from '../central/document-queue.ts';
import { inboxOf } from '../central/inbox.ts';
import { storeStatus } from '../documents/store-status.ts';

/** The position of central with a region. */
interface RegionInCentral {
  readonly epoch: number;
  /** All events up to this sequence number are processed. */
  readonly seq: number;
  /** The highest sequence number that central knows. */
  readonly headSeq: number;
  readonly deadLetters: number;
}

interface CentralState {
  readonly isThere: boolean;
  readonly regions: Readonly<Record<string, RegionInCentral>>;
  /** Documents that wait for the document store, and those of them that it has refused. */
  readonly waitingDocuments: number;
  readonly refusedDocuments: number;
}

const ABSENT: CentralState = { isThere: false, regions: {}, waitingDocuments: 0, refusedDocuments: 0 };

/** @throws MeridianError if central cannot be read */
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

/** The numbers of documents and component lists in the store; `null`, with a reason, if it cannot be reached. */
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

/** The polling interval of the document store, which may be a remote server. */
const DOCUMENT_STORE_MILLISECONDS = 5000;

/** Returns a function that reads the state of the document store at this interval, and returns the last one in between. */
export function documentStoreReader(): () => Promise<object> {
  let last: { readonly at: number; readonly state: Promise<DocumentStoreState> } | undefined;
  return async () => {
    if (last === undefined || monotonic() - last.at >= DOCUMENT_STORE_MILLISECONDS) {
      last = { at: monotonic(), state: readDocumentStore() };
    }
    return { store: await last.state };
  };
}
