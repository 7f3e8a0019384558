/** How events get from a region to central: one small interface, whatever is in between. */
import { MeridianError } from '../../shared/errors.ts';
import type { EpochBase } from '../events/epoch.ts';

/** An event with its place among the others of its region and epoch. */
export interface ShippedEvent {
  readonly eventId: string;
  /** From 1, without gaps. */
  readonly seq: number;
  readonly type: string;
  readonly schemaVersion: number;
  readonly aggregate: string;
  readonly aggregateId: number;
  readonly aggregateVersion: number;
  /** The aggregate after the change, as JSON. */
  readonly payload: string;
  /** ISO 8601, UTC. */
  readonly occurredAt: string;
}

/** Events of one region and epoch, in the order of their places. */
export interface Batch {
  readonly region: string;
  readonly epoch: number;
  /** The highest place that the region has given to an event of the epoch. */
  readonly headSeq: number;
  /** What the epoch builds on; nothing when it repeats everything, or from a relay that does not say. */
  readonly base?: EpochBase | undefined;
  readonly events: readonly ShippedEvent[];
}

/** How far the document store is with the documents of a region: what its newest document comes from. */
export interface DocumentWatermark {
  readonly epoch: number;
  /** 0 when only the epoch is known. */
  readonly seq: number;
  readonly eventId: string | null;
}

/** How far central is with a region. */
export interface Position {
  readonly epoch: number;
  /** All events of the epoch up to this one are dealt with. */
  readonly seq: number;
  /** The highest place of the epoch that the region has told of. */
  readonly headSeq: number;
  /** The event that central knows in place `seq`; `null` at 0. */
  readonly eventId: string | null;
  /** Events of the region that are dead-lettered; nothing from a central that does not say. */
  readonly deadLetters?: number;
  /** The lowest sequence number of the epoch with which two different events came. */
  readonly conflictSeq?: number | undefined;
  /** Whether central had not got all that the epoch builds on when it began there. */
  readonly lacksBase?: boolean | undefined;
  /** What the document store holds of the region, as it last reported to central. */
  readonly documents?: (DocumentWatermark & { readonly isForeign: boolean }) | undefined;
}

/** Places of an epoch, in the order in which they were stored. */
export interface StoredPlaces {
  readonly firstSeq: number;
  /** Nothing when central has taken the last one before others. */
  readonly lastSeq: number | undefined;
}

/** Central cannot be asked at the moment. It says nothing of what central has. */
export class CentralAwayError extends MeridianError {
  constructor(message: string, options?: ErrorOptions) {
    super('transport', message, options);
  }
}

/** The connection to the server in between is lost, or was lost before an answer came. It is tried again until it is closed. */
export class ConnectionLostError extends MeridianError {
  constructor(message: string, options?: ErrorOptions) {
    super('transport', message, options);
  }
}

/** Deals with a batch. What it throws keeps the batch from being acknowledged, so that it comes again. */
export type BatchHandler = (batch: Batch) => Promise<unknown>;

export type IsExpected = (region: string, epoch: number) => Promise<boolean>;

export interface Transport {
  /**
   * Whether what is published has been dealt with, and not only stored. Of what is only stored, central's own position says
   * how much has arrived.
   */
  readonly acknowledgesApplied: boolean;
  /** Resolves when the batch cannot get lost any more; until then it is the region's to keep and to publish again. */
  publish(batch: Batch): Promise<void>;
  /**
   * Hands every batch to `handler`, each at least once, those of a region in the order in which they were published.
   *
   * From a server that is not connected, batches come once it is connected again.
   *
   * @param isExpected whether a region can have reached an epoch; nothing is taken of others, and the listener is notified
   */
  consume(handler: BatchHandler, isExpected?: IsExpected): Promise<void>;
  /**
   * @returns nothing for a region that central has never heard of
   * @throws CentralAwayError when central cannot be asked, which only a transport that stores may do
   */
  position(region: string): Promise<Position | undefined>;
  /**
   * Only of a transport that stores: what it holds of an epoch and central has not taken from it yet. When central is asked
   * for its position afterwards, each place is in the one or the other, unless something has been lost.
   *
   * @returns `empty` when central has taken all; nothing when there is no place for the epoch, or none any more
   * @throws CentralAwayError when only central may read it, and cannot be asked
   */
  stored?(region: string, epoch: number): Promise<StoredPlaces | 'empty' | undefined>;
  close(): Promise<void>;
}

/** What is told of the way to a server in between, and of what comes from there. */
export interface RemoteListener {
  /** The connection is lost, and tried again all the time. */
  disconnected?(server: string): void;
  reconnected?(server: string): void;
  /** The server does not allow something, and will not until its configuration changes. */
  permissionDenied?(sentence: string): void;
  /** A stream is of an epoch that its region cannot have reached: nothing is taken from it. */
  unexpectedStream?(sentence: string): void;
  /** Something was made on the server, or changed to what the settings say. */
  prepared?(sentence: string): void;
  /** A batch could not be dealt with, or nothing be taken at all, of a region or of all of them; it is tried again after so long. */
  failed?(region: string, error: Error, retryMilliseconds: number): void;
  /** What could not be taken from is being taken from again, or is gone. */
  recovered?(region: string): void;
  /** A message that is none of an event was thrown away. */
  discarded?(subject: string): void;
}

/** A transport through a server in between: regions and central are in processes of their own, and each may be away. */
export interface RemoteTransport extends Transport {
  stored(region: string, epoch: number): Promise<StoredPlaces | 'empty' | undefined>;
  readonly isConnected: boolean;
  /** Since when it is not: ISO 8601. */
  readonly lostAt: string | undefined;
  /** The server that is connected to, or was at last. */
  readonly server: string;
  /**
   * Makes what is needed on the server for a region and an epoch, if it is not there.
   *
   * @throws CentralAwayError when only central may make it, and cannot be asked
   * @throws ConnectionLostError
   */
  prepare(region: string, epoch: number): Promise<void>;
  /** Whether a central is at work somewhere. */
  isCentralThere(): Promise<boolean>;
  /**
   * Of central: answers each region that asks how far central is with it, after this has returned. Without a connection, it
   * answers once there is one again.
   */
  answer(position: (region: string) => Promise<Position | undefined>): Promise<void>;
}
