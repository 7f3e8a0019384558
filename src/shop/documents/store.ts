/** The interface of document stores. */
import type { DocumentWatermark } from '../../replication/index.ts';
import type { Condition } from './condition.ts';
import type { OrderDocument } from './model/order-document.ts';

/** A document with its version. */
export interface VersionedDocument {
  /** The smallest order id of the checkout. */
  readonly orderId: number;
  readonly epoch: number;
  readonly version: number;
  /** The sequence number and id of its event, if they are known. */
  readonly seq?: number | null;
  readonly eventId?: string | null;
  readonly document: OrderDocument;
}

/** A document that the store has not accepted. */
export interface UnacceptedDocument {
  readonly region: string;
  readonly orderId: number;
  /**
   * - `outdated`: the store has a newer document of the same checkout
   * - `conflict`: the store has a document of another checkout with the same key and age
   */
  readonly reason: 'outdated' | 'conflict';
}

/** The version of a component list in the store. */
export interface ListVersion {
  readonly productId: number;
  readonly version: number;
}

/** A component list that the store has not accepted, with the stored version: a newer one, or the same one with other components. */
export type UnacceptedList = ListVersion;

/** A component of a product, with its quantity. */
export interface Component {
  readonly productId: number;
  readonly quantity: number;
}

/** The components of a product; empty if the list was cleared. */
export interface ComponentList {
  readonly productId: number;
  readonly version: number;
  /** The components, sorted by product id. */
  readonly components: readonly Component[];
}

/** A query for documents, which must satisfy all criteria. */
export interface DocumentQuery {
  readonly region?: string | undefined;
  readonly userId?: number | undefined;
  /** Instants, both inclusive. */
  readonly from?: string | undefined;
  readonly to?: string | undefined;
  readonly conditions?: readonly Condition[];
  readonly limit: number;
}

interface DocumentCounts {
  readonly documents: number;
  readonly componentLists: number;
}

/**
 * A document store. Its errors are MeridianErrors: `document` if it refuses a document, and any other code if it is unavailable.
 */
export interface DocumentStore {
  /** The location, for people. */
  readonly place: string;
  /**
   * Writes documents, idempotently. Of two documents of a checkout, the newer one wins. A checkout must not occur twice.
   *
   * @returns the documents that the store has not accepted
   */
  putDocuments(documents: readonly VersionedDocument[]): Promise<readonly UnacceptedDocument[]>;
  /** Deletes the documents of a region from epochs before this one. */
  forgetEarlierEpochs(region: string, epoch: number): Promise<void>;
  /** Deletes all documents of a region and its watermark, so that a new region of the same name starts empty. */
  forgetRegion(region: string): Promise<void>;
  /** Region -> the newest event of which the store has or had a document. Watermarks never decrease. */
  watermarks(): Promise<ReadonlyMap<string, DocumentWatermark>>;
  /**
   * Writes component lists. Of two lists of a product, the newer one wins. A product must not occur twice. @returns the lists that the
   * store has not accepted
   */
  putComponentLists(lists: readonly ComponentList[]): Promise<readonly UnacceptedList[]>;
  /** The versions of the lists after this product, sorted by product id. */
  componentVersions(afterProductId: number, limit: number): Promise<readonly ListVersion[]>;
  /** Deletes lists that still have these versions. */
  removeComponentLists(lists: readonly ListVersion[]): Promise<void>;
  /** Finds documents, the newest first; those of the same instant are sorted by region and order. */
  findDocuments(query: DocumentQuery): Promise<OrderDocument[]>;
  /** The existing lists of these products, in no particular order. */
  componentListsOf(productIds: readonly number[]): Promise<ComponentList[]>;
  /** The lists that contain any of these products, in no particular order. */
  componentListsWith(productIds: readonly number[]): Promise<ComponentList[]>;
  count(): Promise<DocumentCounts>;
  close(): Promise<void>;
}
