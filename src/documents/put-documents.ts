/** Gives waiting documents to the store, and finds out which of them it does not take. */
import { DocumentError, parseOrderDocument } from '../document-model/order-document.ts';
import { MeridianError, messageOf } from '../errors.ts';
import type { QueuedDocument } from '../facts/document-queue.entity.ts';
import type { DocumentStore, VersionedDocument } from './store.ts';

export interface Refusal {
  readonly document: QueuedDocument;
  readonly reason: string;
}

export interface Put {
  readonly taken: QueuedDocument[];
  readonly refused: Refusal[];
}

/** Where the store refuses some, the others still go in. */
export async function putDocuments(store: DocumentStore, page: readonly QueuedDocument[]): Promise<Put> {
  try {
    await store.putDocuments(page.map(versioned));
    return { taken: [...page], refused: [] };
  } catch (error) {
    if (!isOfDocument(error)) {
      throw error;
    }
    const [first] = page;
    if (page.length === 1 && first !== undefined) {
      return { taken: [], refused: [{ document: first, reason: messageOf(error) }] };
    }
    const half = Math.ceil(page.length / 2);
    const [left, right] = [await putDocuments(store, page.slice(0, half)), await putDocuments(store, page.slice(half))];
    return { taken: [...left.taken, ...right.taken], refused: [...left.refused, ...right.refused] };
  }
}

/** Whether it is a document that cannot be read or stored, and nothing that another document would meet as well. */
function isOfDocument(error: unknown): boolean {
  return (error instanceof MeridianError && error.code === 'document') || error instanceof DocumentError;
}

/** @throws DocumentError for one that is no longer what central has put into the queue */
function versioned({ orderId, epoch, version, payload }: QueuedDocument): VersionedDocument {
  return { orderId, epoch, version, document: parseOrderDocument(payload) };
}
