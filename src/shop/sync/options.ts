/** What a sync is given, and what it reports while it runs. */
import type { Batch, Failure, RelaySettings } from '../../replication/index.ts';
import type { FeedListener } from '../documents/feed.ts';

export interface SyncOptions {
  /** Names of regions; asked for again and again by a sync that runs on, for regions come up. */
  readonly regions: () => readonly string[];
  /** When aborted, the batches that are under way are finished. */
  readonly signal: AbortSignal;
  readonly listener?: SyncListener;
  readonly settings?: Partial<RelaySettings>;
  /** Whether nothing of a region gets through to central at the moment. */
  readonly isDisconnected?: (region: string) => boolean;
}

export interface SyncListener {
  migrated?(database: string, migrations: readonly string[]): void;
  shipped?(region: string, events: number): void;
  failed?(region: string, error: Error, retryMilliseconds: number): void;
  info?(sentence: string): void;
  /** Central, or the message server, is open: from here on, regions are shipped. */
  opened?(): void;
  /** A relay has begun. */
  watched?(region: string): void;
  /** Central, where it is in this process, has dead-lettered events of a batch. */
  deadLettered?(batch: Batch, failures: readonly Failure[]): void;
  /** What becomes of the documents that central passes on. */
  readonly documents?: FeedListener;
}
