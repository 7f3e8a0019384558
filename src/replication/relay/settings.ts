/** The limits of a relay, and what a relay is given. */
import type { Database } from '../../database/database.ts';
import type { SnapshotSource } from '../outbox/snapshot-source.ts';
import type { Transport } from '../transport/transport.ts';

/** The limits of a relay. */
export interface RelaySettings {
  /** Events that are published together. */
  readonly batchEvents: number;
  /** After which another relay takes over from one that has died. */
  readonly leaseSeconds: number;
  /** How often events are looked for that another process has written. */
  readonly pollMilliseconds: number;
  /** How often an idle relay asks central for its position. */
  readonly reconcileSeconds: number;
  /** How often it asks while events are on their way that central has not confirmed. */
  readonly confirmSeconds: number;
  readonly firstBackOffMilliseconds: number;
  readonly maxBackOffMilliseconds: number;
  /** Failures in a row after which a drain gives up; a relay that runs on never does. */
  readonly drainAttempts: number;
  /** How long a drain waits for a central that takes no event. */
  readonly drainStallSeconds: number;
  /** How long events are kept that central has, so that they can be sent again. */
  readonly keepDays: number;
}

/** The settings of a relay where no others are given. */
export const RELAY_SETTINGS: RelaySettings = {
  batchEvents: 2000,
  leaseSeconds: 10,
  pollMilliseconds: 250,
  reconcileSeconds: 10,
  confirmSeconds: 1,
  firstBackOffMilliseconds: 50,
  maxBackOffMilliseconds: 30_000,
  drainAttempts: 8,
  drainStallSeconds: 30,
  keepDays: 7,
};

/** What a relay knows after it has asked central. */
export interface Confirmation {
  /** Whether central answers. */
  readonly isCentralThere: boolean;
  /** The last sequence number that is assigned, published, and arrived. */
  readonly headSeq: number;
  readonly publishedSeq: number;
  readonly ackedSeq: number;
}

export interface RelayListener {
  shipped?(events: number): void;
  /** A failure; the next attempt comes after so many milliseconds. */
  failed?(error: Error, retryMilliseconds: number): void;
  /** Central was asked, or could not be. */
  confirmed?(confirmation: Confirmation): void;
  /** A sentence for people, about the databases. */
  info?(sentence: string): void;
}

/** What a relay ships, and through which transport. */
export interface RelayOptions {
  /** A region's orders database, at its newest schema. */
  readonly database: Database;
  readonly transport: Transport;
  readonly snapshots: SnapshotSource;
  /** When aborted, the batch that is under way is finished. */
  readonly signal: AbortSignal;
  readonly settings?: Partial<RelaySettings>;
  readonly listener?: RelayListener;
}
