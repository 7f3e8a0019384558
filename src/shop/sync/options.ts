/** What a sync is given, and what it reports while it runs. */
import type { DatabaseOptions } from '../../databases.ts';
import type { Batch, Failure, OpenTransport, RelaySettings } from '../../replication/index.ts';
import type { FeedListener, FeedOptions } from '../documents/feed.ts';

export interface SyncOptions {
  /** Names of regions; asked for again and again by a sync that runs on, for regions come up. */
  readonly regions: () => readonly string[];
  /** When aborted, the batches that are under way are finished. */
  readonly signal: AbortSignal;
  readonly listener?: SyncListener;
  readonly settings?: Partial<RelaySettings>;
  /** Whether nothing of a region gets through to central at the moment. */
  readonly isDisconnected?: (region: string) => boolean;
  /** How a database is opened, by its name. */
  readonly databaseOptions?: (name: string) => DatabaseOptions;
  /** Instead of the message server that the environment configures, if any; the sync closes it. */
  readonly openTransport?: OpenTransport;
  /** Instead of the document store and the products database that the environment configures. */
  readonly feed?: Pick<FeedOptions, 'openStore' | 'openProducts' | 'settings'>;
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
