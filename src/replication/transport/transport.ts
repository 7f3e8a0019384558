/** The interface through which events get from a region to central. */
import { MeridianError } from '../../shared/errors.ts';
import type { EpochBase } from '../events/epoch.ts';

/** An event with its sequence number in its region and epoch. */
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
  /** The span in which the change was made, as W3C Trace Context writes it; missing where none was recorded. */
  readonly traceparent?: string;
}

/** Events of one region and epoch, in the order of their sequence numbers. */
export interface Batch {
  readonly region: string;
  readonly epoch: number;
  /** The highest sequence number that the region has assigned in the epoch. */
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
  /** The highest sequence number of the epoch that the region has reported. */
  readonly headSeq: number;
  /** The id of the event that central knows with the sequence number `seq`; `null` at 0. */
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

/** Sequence numbers of an epoch, in the order in which they were stored. */
export interface StoredRange {
  readonly firstSeq: number;
  /** Nothing when central has taken the last event before others. */
  readonly lastSeq: number | undefined;
}

/** Central does not answer at the moment. What central has is then unknown. */
export class CentralAwayError extends MeridianError {
  constructor(message: string, options?: ErrorOptions) {
    super('transport', message, options);
  }
}

/** The connection to the message server is lost, or was lost before an answer came. The client reconnects until it is closed. */
export class ConnectionLostError extends MeridianError {
  constructor(message: string, options?: ErrorOptions) {
    super('transport', message, options);
  }
}

/** Handles a batch. When it throws, the batch is not acknowledged and comes again. */
export type BatchHandler = (batch: Batch) => Promise<unknown>;

export type IsExpected = (region: string, epoch: number) => Promise<boolean>;

/** Brings events from regions to central. */
export interface Transport {
  /**
   * Whether central has dealt with published events, and they are not only stored. A relay then asks for central's position at once, which says
   * whether it has applied them; of events that are only stored, it asks from time to time.
   */
  readonly acknowledgesApplied: boolean;
  /** Resolves when the batch cannot get lost any more. Until then the region keeps it, to publish it again. */
  publish(batch: Batch): Promise<void>;
  /**
   * Passes every batch to `handler` at least once, and those of a region in the order in which they were published.
   *
   * From a server that is not connected, batches come once it is connected again.
   *
   * @param isExpected whether a region can have reached an epoch; nothing is taken of others, and the listener is notified
   */
  consume(handler: BatchHandler, isExpected?: IsExpected): Promise<void>;
  /**
   * @returns nothing for a region that central does not know
   * @throws CentralAwayError when central does not answer; only from a transport that stores
   */
  position(region: string): Promise<Position | undefined>;
  /**
   * Only of a transport that stores: what it holds of an epoch and central has not taken from it yet. When central is asked
   * for its position afterwards, each event is in the one or the other, unless it has been lost.
   *
   * @returns `empty` when central has taken all; nothing when the epoch has no stream, or none any more
   * @throws CentralAwayError when only central may read it, and cannot be asked
   */
  stored?(region: string, epoch: number): Promise<StoredRange | 'empty' | undefined>;
  close(): Promise<void>;
}

/** Called for changes of the connection to the message server, and of what comes from there. */
export interface RemoteListener {
  /** The connection is lost; the client keeps reconnecting. */
  disconnected?(server: string): void;
  reconnected?(server: string): void;
  /** The server does not allow something, and will not until its configuration changes. */
  permissionDenied?(sentence: string): void;
  /** A stream is of an epoch that its region cannot have reached: nothing is taken from it. */
  unexpectedStream?(sentence: string): void;
  /** Something was created on the server, or changed to what the settings say. */
  prepared?(sentence: string): void;
  /** A batch of a region could not be applied, or nothing could be taken from one region or from all; the next attempt follows after the delay. */
  failed?(region: string, error: Error, retryMilliseconds: number): void;
  /** Events are taken again after a failure, or their stream is gone. */
  recovered?(region: string): void;
  /** A message that is not an event was discarded. */
  discarded?(subject: string): void;
}

/** A transport through a message server: regions and central run in processes of their own, and each may be down. */
export interface RemoteTransport extends Transport {
  stored(region: string, epoch: number): Promise<StoredRange | 'empty' | undefined>;
  readonly isConnected: boolean;
  /** Since when it is not: ISO 8601. */
  readonly lostAt: string | undefined;
  /** The server of the current connection, or of the last one. */
  readonly server: string;
  /**
   * Creates what a region and an epoch need on the server, unless it exists.
   *
   * @throws CentralAwayError when only central may create it, and does not answer
   * @throws ConnectionLostError
   */
  prepare(region: string, epoch: number): Promise<void>;
  /** Whether a central is running somewhere. */
  isCentralThere(): Promise<boolean>;
  /**
   * Starts to answer regions that ask for the position of central. Without a connection, it answers once it is connected again.
   */
  answer(position: (region: string) => Promise<Position | undefined>): Promise<void>;
}
