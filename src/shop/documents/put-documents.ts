/** Writes queued documents to the store, and determines which of them it refuses. */
import { MeridianError, messageOf } from '../../index.ts';
import type { QueuedDocument } from '../central/facts/document-queue.entity.ts';
import { DocumentError, parseOrderDocument } from './model/order-document.ts';
import type { DocumentStore, UnacceptedDocument, VersionedDocument } from './store.ts';
import { documentKey } from './unaccepted.ts';

export interface Refusal {
  readonly document: QueuedDocument;
  readonly reason: string;
}

export interface Put {
  readonly accepted: readonly QueuedDocument[];
  /** Documents of which the store has newer versions. */
  readonly outdated: readonly QueuedDocument[];
  /** Documents under whose keys the store has documents of other checkouts. */
  readonly conflicting: readonly QueuedDocument[];
  readonly refused: readonly Refusal[];
}

const NONE: Put = { accepted: [], outdated: [], conflicting: [], refused: [] };

/** Writes a page of documents. If the store refuses some, the others are still written. */
export async function putDocuments(store: DocumentStore, page: readonly QueuedDocument[]): Promise<Put> {
  try {
    const unaccepted = await store.putDocuments(page.map(versioned));
    const reasons = new Map(unaccepted.map(({ region, orderId, reason }) => [documentKey(region, orderId), reason]));
    const of = (wanted: UnacceptedDocument['reason'] | undefined) =>
      page.filter(({ region, orderId }) => reasons.get(documentKey(region, orderId)) === wanted);
    return { ...NONE, accepted: of(undefined), outdated: of('outdated'), conflicting: of('conflict') };
  } catch (error) {
    if (!isOfDocument(error)) {
      throw error;
    }
    const [first] = page;
    if (page.length === 1 && first !== undefined) {
      return { ...NONE, refused: [{ document: first, reason: messageOf(error) }] };
    }
    const half = Math.ceil(page.length / 2);
    const [left, right] = [await putDocuments(store, page.slice(0, half)), await putDocuments(store, page.slice(half))];
    return {
      accepted: [...left.accepted, ...right.accepted],
      outdated: [...left.outdated, ...right.outdated],
      conflicting: [...left.conflicting, ...right.conflicting],
      refused: [...left.refused, ...right.refused],
    };
  }
}

/** Whether an error concerns a single document rather than the store. */
function isOfDocument(error: unknown): boolean {
  return (error instanceof MeridianError && error.code === 'document') || error instanceof DocumentError;
}

/** @throws DocumentError for a queued document that was changed by another program */
function versioned({ orderId, epoch, version, seq, eventId, payload }: QueuedDocument): VersionedDocument {
  return { orderId, epoch, version, seq, eventId, document: parseOrderDocument(payload) };
}
