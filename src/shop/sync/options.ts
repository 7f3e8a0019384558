/** The options and the listener of a sync. */
import type { DatabaseOptions } from '../../databases.ts';
import type { Batch, Failure, OpenTransport, RelaySettings } from '../../replication/index.ts';
import type { FeedListener, FeedOptions } from '../documents/feed.ts';

export interface SyncOptions {
  /** Lists region names. A continuous sync calls it repeatedly, since regions may be added. */
  readonly regions: () => readonly string[];
  /** When aborted, the batches in progress are finished. */
  readonly signal: AbortSignal;
  readonly listener?: SyncListener;
  readonly settings?: Partial<RelaySettings>;
  /** Whether a region is currently disconnected from central. */
  readonly isDisconnected?: (region: string) => boolean;
  /** Database name -> options for opening it. */
  readonly databaseOptions?: (name: string) => DatabaseOptions;
  /** Replaces the message server that the environment configures; the sync closes it. */
  readonly openTransport?: OpenTransport;
  /** Replaces the document store and the products database that the environment configures. */
  readonly feed?: Pick<FeedOptions, 'openStore' | 'openProducts' | 'settings'>;
}

export interface SyncListener {
  migrated?(database: string, migrations: readonly string[]): void;
  shipped?(region: string, events: number): void;
  failed?(region: string, error: Error, retryMilliseconds: number): void;
  info?(sentence: string): void;
  /** Called when central or the message server is open, before regions are shipped. */
  opened?(): void;
  /** Called when the relay of a region has started. */
  watched?(region: string): void;
  /** Called when central, in this process, has dead-lettered events of a batch. */
  deadLettered?(batch: Batch, failures: readonly Failure[]): void;
  /** Notified of the documents that are fed to the store. */
  readonly documents?: FeedListener;
}
