/** The interface of transports, which deliver events from regions to central. */
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
  /** The span in which the change was made, as W3C Trace Context; `undefined` if none was recorded. */
  readonly traceparent?: string;
}

/** Events of one region and epoch, in the order of their sequence numbers. */
export interface Batch {
  readonly region: string;
  readonly epoch: number;
  /** The highest sequence number that the region has assigned in the epoch. */
  readonly headSeq: number;
  /** The base of the epoch; `undefined` when it repeats everything, or from a relay that does not send it. */
  readonly base?: EpochBase | undefined;
  readonly events: readonly ShippedEvent[];
}

/** The watermark of the document store for a region: the event that produced its newest document. */
export interface DocumentWatermark {
  readonly epoch: number;
  /** 0 when only the epoch is known. */
  readonly seq: number;
  readonly eventId: string | null;
}

/** The position of central with a region. */
export interface Position {
  readonly epoch: number;
  /** All events of the epoch up to this one are processed. */
  readonly seq: number;
  /** The highest sequence number of the epoch that the region has reported. */
  readonly headSeq: number;
  /** The id of central's event with the sequence number `seq`; `null` at 0. */
  readonly eventId: string | null;
  /** The number of dead letters of the region; `undefined` from a central that does not send it. */
  readonly deadLetters?: number;
  /** The lowest sequence number of the epoch that two different events have. */
  readonly conflictSeq?: number | undefined;
  /** Whether central lacked events that the epoch builds on when it began the epoch. */
  readonly lacksBase?: boolean | undefined;
  /** The watermark of the document store for the region, as last reported to central. */
  readonly documents?: (DocumentWatermark & { readonly isForeign: boolean }) | undefined;
}

/** Sequence numbers of an epoch, in the order in which they were stored. */
export interface StoredRange {
  readonly firstSeq: number;
  /** `undefined` if central has received the last event before others. */
  readonly lastSeq: number | undefined;
}

/** Central does not respond at the moment, so its position is unknown. */
export class CentralAwayError extends MeridianError {
  constructor(message: string, options?: ErrorOptions) {
    super('transport', message, options);
  }
}

/** The connection to the message server is lost, or was lost before the response. The client reconnects until it is closed. */
export class ConnectionLostError extends MeridianError {
  constructor(message: string, options?: ErrorOptions) {
    super('transport', message, options);
  }
}

/** Handles a batch. When it throws, the batch is not acknowledged, and is delivered again. */
export type BatchHandler = (batch: Batch) => Promise<unknown>;

export type IsExpected = (region: string, epoch: number) => Promise<boolean>;

/** Delivers events from regions to central. */
export interface Transport {
  /**
   * Whether an acknowledgement means that central has processed the events, rather than that they are stored. A relay then queries the
   * position of central immediately, which shows whether it has applied them; for stored events, it does so periodically.
   */
  readonly acknowledgesApplied: boolean;
  /** Publishes a batch. Resolves when the batch is durable; until then, the region keeps it, to publish it again. */
  publish(batch: Batch): Promise<void>;
  /**
   * Passes every batch to `handler` at least once, and those of a region in the order in which they were published.
   *
   * While the server is not connected, no batches arrive.
   *
   * @param isExpected whether a region can have reached an epoch; events of others are not received, and the listener is notified
   */
  consume(handler: BatchHandler, isExpected?: IsExpected): Promise<void>;
  /**
   * @returns `undefined` for a region that central does not know
   * @throws CentralAwayError when central does not respond; only from a transport that stores events
   */
  position(region: string): Promise<Position | undefined>;
  /**
   * The events of an epoch that are stored and that central has not received yet; only in transports that store events. If the position of
   * central is queried afterwards, each published event is in one of the two, unless it was lost.
   *
   * @returns `empty` if central has received all; `undefined` if the stream of the epoch does not exist
   * @throws CentralAwayError when only central may read the stream, and does not respond
   */
  stored?(region: string, epoch: number): Promise<StoredRange | 'empty' | undefined>;
  close(): Promise<void>;
}

/** Notified of changes of the connection to the message server, and of the streams there. */
export interface RemoteListener {
  /** Called when the connection is lost; the client keeps reconnecting. */
  disconnected?(server: string): void;
  reconnected?(server: string): void;
  /** Called when the server denies a permission, which it does until its configuration changes. */
  permissionDenied?(sentence: string): void;
  /** Called for a stream of an epoch that its region cannot have reached; its events are not received. */
  unexpectedStream?(sentence: string): void;
  /** Called when something was created on the server, or updated to the settings. */
  prepared?(sentence: string): void;
  /**
   * Called when a batch of a region could not be applied, or receiving from one or all regions failed. The next attempt follows after the
   * delay.
   */
  failed?(region: string, error: Error, retryMilliseconds: number): void;
  /** Called when events are received again after a failure, or their stream was deleted. */
  recovered?(region: string): void;
  /** Called when a message that is not an event was discarded. */
  discarded?(subject: string): void;
}

/** A transport through a message server: regions and central run in separate processes, and each may be down. */
export interface RemoteTransport extends Transport {
  stored(region: string, epoch: number): Promise<StoredRange | 'empty' | undefined>;
  readonly isConnected: boolean;
  /** When the connection was lost: ISO 8601. */
  readonly lostAt: string | undefined;
  /** The server of the current connection, or of the last one. */
  readonly server: string;
  /**
   * Creates the stream of a region and an epoch on the server, unless it exists.
   *
   * @throws CentralAwayError when only central may create it, and does not respond
   * @throws ConnectionLostError
   */
  prepare(region: string, epoch: number): Promise<void>;
  /** Whether a central is running somewhere. */
  isCentralThere(): Promise<boolean>;
  /**
   * Starts to answer requests of regions for the position of central. Without a connection, it does so once it is connected again.
   */
  answer(position: (region: string) => Promise<Position | undefined>): Promise<void>;
}
