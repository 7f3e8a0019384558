/** The settings and options of a relay. */
import type { Database } from '../../database/database.ts';
import type { SnapshotSource } from '../outbox/snapshot-source.ts';
import type { Transport } from '../transport/transport.ts';

/** The limits and intervals of a relay. */
export interface RelaySettings {
  /** Events per batch. */
  readonly batchEvents: number;
  /** The duration of the lease, after which another relay takes over from one that has died. */
  readonly leaseSeconds: number;
  /** How often a relay polls for events that other processes have written. */
  readonly pollMilliseconds: number;
  /** How often an idle relay queries the position of central. */
  readonly reconcileSeconds: number;
  /** How often it does so while events are in transit that central has not confirmed. */
  readonly confirmSeconds: number;
  readonly firstBackOffMilliseconds: number;
  readonly maxBackOffMilliseconds: number;
  /** Consecutive failures after which a drain gives up; a running relay never does. */
  readonly drainAttempts: number;
  /** How long a drain waits for a central that does not receive events. */
  readonly drainStallSeconds: number;
  /** How long events that central has are kept, so that they can be sent again. */
  readonly keepDays: number;
}

/** The default settings of a relay. */
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

/** The state of a relay after it has queried central. */
export interface Confirmation {
  /** Whether central responds. */
  readonly isCentralThere: boolean;
  /** The last sequence numbers that are assigned, published and arrived. */
  readonly headSeq: number;
  readonly publishedSeq: number;
  readonly ackedSeq: number;
}

export interface RelayListener {
  shipped?(events: number): void;
  /** Called after a failure; the next attempt follows after the delay. */
  failed?(error: Error, retryMilliseconds: number): void;
  /** Called when central was queried, or did not respond. */
  confirmed?(confirmation: Confirmation): void;
  /** Called with a message about the databases. */
  info?(sentence: string): void;
}

/** The database and transport of a relay. */
export interface RelayOptions {
  /** The database of a region, without pending migrations. */
  readonly database: Database;
  readonly transport: Transport;
  readonly snapshots: SnapshotSource;
  /** When aborted, the current batch is finished. */
  readonly signal: AbortSignal;
  readonly settings?: Partial<RelaySettings>;
  readonly listener?: RelayListener;
}
