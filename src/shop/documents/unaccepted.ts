/** Determines which documents and lists a document store has not accepted, by comparing them with the stored ones. */
import { isDeepStrictEqual } from 'node:util';
import type { DocumentWatermark } from '../../replication/index.ts';
import type { ComponentList, UnacceptedDocument, UnacceptedList, VersionedDocument } from './store.ts';

/** The identity and age of a stored document. */
export interface DocumentThere {
  readonly region: string;
  readonly orderId: number;
  readonly epoch: number;
  readonly version: number;
  /** The key of the checkout. After a restore, a customer may use it again, at another time. */
  readonly id: string;
  readonly placedAt: string;
}

/** @param there the stored documents under the keys of the given ones */
export function unacceptedDocuments(
  given: readonly VersionedDocument[],
  there: readonly DocumentThere[],
): UnacceptedDocument[] {
  const byKey = new Map(there.map((one) => [documentKey(one.region, one.orderId), one]));
  return given.flatMap(({ orderId, epoch, version, document }): UnacceptedDocument[] => {
    const { region, id, placedAt } = document;
    const other = byKey.get(documentKey(region, orderId));
    if (other === undefined) {
      return [];
    }
    if (other.epoch > epoch || (other.epoch === epoch && other.version > version)) {
      return [{ region, orderId, reason: 'outdated' }];
    }
    return other.id === id && other.placedAt === placedAt ? [] : [{ region, orderId, reason: 'conflict' }];
  });
}

/** The key of a document in a store. */
export function documentKey(region: string, orderId: number): string {
  return `${region}/${orderId}`;
}

/** @param there the stored lists of the same products */
export function unacceptedLists(given: readonly ComponentList[], there: readonly ComponentList[]): UnacceptedList[] {
  const byProduct = new Map(there.map((list) => [list.productId, list]));
  return given.flatMap(({ productId, version, components }) => {
    const other = byProduct.get(productId);
    return other === undefined || (other.version === version && isDeepStrictEqual(other.components, components))
      ? []
      : [{ productId, version: other.version }];
  });
}

/** Region -> the newest event of its documents. */
export function newestOf(documents: readonly VersionedDocument[]): ReadonlyMap<string, DocumentWatermark> {
  const newest = new Map<string, DocumentWatermark>();
  for (const { epoch, seq, eventId = null, document } of documents) {
    const { region } = document;
    const before = newest.get(region);
    const mark = { epoch, seq: seq ?? 0, eventId };
    if (before === undefined || before.epoch < epoch || (before.epoch === epoch && before.seq < mark.seq)) {
      newest.set(region, mark);
    }
  }
  return newest;
}
