/** The document store: one interface, whatever keeps the documents. */
import type { DocumentWatermark } from '../../replication/index.ts';
import type { Condition } from './condition.ts';
import type { OrderDocument } from './model/order-document.ts';

/** A document with its version. */
export interface VersionedDocument {
  /** The smallest id of the orders of the checkout. */
  readonly orderId: number;
  readonly epoch: number;
  readonly version: number;
  /** The event that it came with, by its number and its id, where they are known. */
  readonly seq?: number | null;
  readonly eventId?: string | null;
  readonly document: OrderDocument;
}

/** A document that the store was given and has not taken. */
export interface UntakenDocument {
  readonly region: string;
  readonly orderId: number;
  /**
   * - `outdated`: the store has a newer one about the same checkout
   * - `conflict`: it has one of another checkout, as new as this one
   */
  readonly reason: 'outdated' | 'conflict';
}

/** A list in the store, without what is in it. */
export interface ListVersion {
  readonly productId: number;
  readonly version: number;
}

/** A component list that the store was given and has not taken, with what it has: a newer version, or the same with other components. */
export type UntakenList = ListVersion;

/** One product that another is made of, and how many of it. */
export interface Component {
  readonly productId: number;
  readonly quantity: number;
}

/** What a product is made of; nothing, if it has been taken back. */
export interface ComponentList {
  readonly productId: number;
  readonly version: number;
  /** By product id. */
  readonly components: readonly Component[];
}

/** All that is said has to be true of a document. */
export interface DocumentQuery {
  readonly region?: string | undefined;
  readonly userId?: number | undefined;
  /** Instants, both within. */
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
 * Errors are MeridianErrors: `document` when the store does not take what it is given, and any other code when it cannot be
 * reached or cannot do anything at the moment.
 */
export interface DocumentStore {
  /** Where it is, for people. */
  readonly place: string;
  /**
   * Of two documents about one checkout the newer stays. No checkout may come twice. Given again, they change nothing.
   *
   * @returns those that the store does not have now
   */
  putDocuments(documents: readonly VersionedDocument[]): Promise<readonly UntakenDocument[]>;
  /** Removes the documents of a region from epochs before this one. */
  forgetEarlierEpochs(region: string, epoch: number): Promise<void>;
  /** Removes all documents of a region, and its watermark: one that is made under the same name starts from nothing. */
  forgetRegion(region: string): Promise<void>;
  /** Region -> the newest event of which the store has, or has had, a document. It never goes back. */
  watermarks(): Promise<ReadonlyMap<string, DocumentWatermark>>;
  /** Of two lists of one product the newer stays. No product may come twice. @returns those that the store does not have now */
  putComponentLists(lists: readonly ComponentList[]): Promise<readonly UntakenList[]>;
  /** By product id, behind this one. */
  componentVersions(afterProductId: number, limit: number): Promise<readonly ListVersion[]>;
  /** Removes lists that still have these versions. */
  removeComponentLists(lists: readonly ListVersion[]): Promise<void>;
  /** The newest first; of those that were placed at the same instant, by region and order. */
  findDocuments(query: DocumentQuery): Promise<OrderDocument[]>;
  /** The lists of these products that there are, in no order. */
  componentListsOf(productIds: readonly number[]): Promise<ComponentList[]>;
  /** The lists in which one of these products is, in no order. */
  componentListsWith(productIds: readonly number[]): Promise<ComponentList[]>;
  count(): Promise<DocumentCounts>;
  close(): Promise<void>;
}
