/** The document store: one interface, whatever keeps the documents. */
import type { OrderDocument } from '../document-model/order-document.ts';
import type { Condition } from './condition.ts';

/** A document with what tells which of two about the same checkout is the newer one. */
export interface VersionedDocument {
  /** The smallest id of the orders of the checkout. */
  readonly orderId: number;
  readonly epoch: number;
  readonly version: number;
  readonly document: OrderDocument;
}

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

export interface DocumentCounts {
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
  /** Of two documents about one checkout the newer stays. No checkout may come twice. Given again, they change nothing. */
  putDocuments(documents: readonly VersionedDocument[]): Promise<void>;
  /** Removes what a region has told in epochs before this one. */
  forgetEarlierEpochs(region: string, epoch: number): Promise<void>;
  /** Of two lists of one product the newer stays. No product may come twice. */
  putComponentLists(lists: readonly ComponentList[]): Promise<void>;
  /** The newest first; of those that were placed at the same instant, by region and order. */
  findDocuments(query: DocumentQuery): Promise<OrderDocument[]>;
  /** The lists of these products that there are, in no order. */
  componentListsOf(productIds: readonly number[]): Promise<ComponentList[]>;
  /** The lists in which one of these products is, in no order. */
  componentListsWith(productIds: readonly number[]): Promise<ComponentList[]>;
  count(): Promise<DocumentCounts>;
  close(): Promise<void>;
}
