/** The limits of a relay, and what a relay is given. */
import type { Database } from '../../database/database.ts';
import type { Clocks } from '../../shared/time/clock.ts';
import type { SnapshotSource } from '../outbox/snapshot-source.ts';
import type { Transport } from '../transport/transport.ts';

export interface RelaySettings {
  /** Events that are published together. */
  readonly batchEvents: number;
  /** How long another relay waits for one that has died. */
  readonly leaseSeconds: number;
  /** How soon events are found that another process has written. */
  readonly pollMilliseconds: number;
  /** How often an idle relay asks where central is. */
  readonly reconcileSeconds: number;
  /** How often it asks while something is on its way that central has not confirmed. */
  readonly confirmSeconds: number;
  readonly firstBackOffMilliseconds: number;
  readonly maxBackOffMilliseconds: number;
  /** Failures in a row after which a drain gives up; a relay that runs on never does. */
  readonly drainAttempts: number;
  /** How long a drain waits for a central that takes nothing of what is stored on the way. */
  readonly drainStallSeconds: number;
  /** How long events that central has are kept, to be sent again from there. */
  readonly keepDays: number;
}

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

/** What a relay finds when it asks central. */
export interface Confirmation {
  /** Central could be asked. */
  readonly isCentralThere: boolean;
  /** Places that have been given, that have been published, and that have arrived. */
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
  /** Something about the databases that people should know. */
  info?(sentence: string): void;
}

export interface RelayOptions {
  /** A region's orders database, at its newest schema. */
  readonly database: Database;
  readonly transport: Transport;
  readonly snapshots: SnapshotSource;
  /** When aborted, the batch that is under way is finished. */
  readonly signal: AbortSignal;
  readonly settings?: Partial<RelaySettings>;
  readonly listener?: RelayListener;
  readonly now?: Clocks['now'];
  readonly elapsed?: Clocks['elapsed'];
  /** From 0 up to 1. */
  readonly random?: () => number;
}
