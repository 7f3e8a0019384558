/** The status of the document store: its contents, and the queued documents for it. */
import { asError } from '../../index.ts';
import { refusedDocuments } from '../central/document-queue.ts';
import { openCentral } from '../central/reports/open.ts';
import { documentStoreIfThere, storePlace } from './open.ts';
import { readBacklog, type Waiting } from './waiting.ts';

export interface StoreStatus {
  /** The location of the store, without the password. */
  readonly place: string;
  readonly isThere: boolean;
  readonly documents: number;
  readonly componentLists: number;
  readonly waiting: Waiting;
  readonly refused: readonly RefusedDocument[];
  /** The error if the store cannot be reached, in which case its counts are unknown. */
  readonly failure: Error | undefined;
}

interface RefusedDocument {
  readonly region: string;
  readonly orderId: number;
  readonly error: string | null;
}

/** @param maxRefused the number of refused documents to list */
export async function storeStatus(maxRefused: number): Promise<StoreStatus> {
  const waiting = await readBacklog();
  const status = {
    place: await storePlace(),
    isThere: false,
    documents: 0,
    componentLists: 0,
    waiting,
    refused: waiting.refused > 0 ? await refusals(maxRefused) : [],
    failure: undefined,
  };
  try {
    const store = await documentStoreIfThere();
    try {
      return { ...status, isThere: store !== undefined, ...(await store?.count()) };
    } finally {
      await store?.close();
    }
  } catch (error) {
    return { ...status, failure: asError(error) };
  }
}

async function refusals(limit: number): Promise<RefusedDocument[]> {
  const central = await openCentral();
  try {
    const refused = await refusedDocuments(central, limit);
    return refused.map(({ region, orderId, error }) => ({ region, orderId, error }));
  } finally {
    await central.close();
  }
}
