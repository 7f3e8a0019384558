/** Runs the relay of one region as a separate process, with a message server between it and central, until it is stopped. */
import type { Database, DatabaseOptions } from '../../database/database.ts';
import type { DatabaseDeclaration } from '../../database/declaration.ts';
import { openIfThere } from '../../database/open-migrated.ts';
import { MeridianError } from '../../shared/errors.ts';
import type { SnapshotSource } from '../outbox/snapshot-source.ts';
import { regionOf } from '../region-name.ts';
import { type OpenTransport, openRemote } from '../transport/configured.ts';
import {
  CentralAwayError,
  ConnectionLostError,
  type RemoteListener,
  type RemoteTransport,
} from '../transport/transport.ts';
import { Relay } from './relay.ts';
import { readRelay } from './relay-row.ts';
import type { Confirmation, RelaySettings } from './settings.ts';

export interface RelayRunOptions {
  /** The database of the region. */
  readonly declaration: DatabaseDeclaration;
  readonly snapshots: SnapshotSource;
  /** When aborted, the current batch is finished. */
  readonly signal: AbortSignal;
  readonly listener?: RelayRunListener;
  readonly settings?: Partial<RelaySettings>;
  /** How the database is opened. */
  readonly databaseOptions?: DatabaseOptions;
  /** Replaces the transport that the environment configures; the run closes it. */
  readonly openTransport?: OpenTransport;
}

export interface RelayRunListener extends Omit<RemoteListener, 'failed'> {
  migrated?(database: string, migrations: readonly string[]): void;
  /** Called when both are open, which they stay until the run ends. */
  opened?(remote: RemoteTransport, region: Database): void;
  shipped?(events: number): void;
  failed?(error: Error, retryMilliseconds: number): void;
  info?(sentence: string): void;
  confirmed?(confirmation: Confirmation): void;
}

/** The polling interval, which is short because other processes write the events and cannot wake this one. */
const POLL_MILLISECONDS = 40;

/** @throws MeridianError when the region has no database, or the message server cannot be reached */
export async function runRelay(options: RelayRunOptions): Promise<void> {
  const { declaration, snapshots, signal, settings = {}, listener = {}, openTransport = openRemote } = options;
  const region = regionOf(declaration.name);
  const { failed, ...ofRemote } = listener;
  const transport = await openTransport(`meridian relay ${region}`, ofRemote);
  try {
    const migrated = (name: string, migrations: readonly string[]) => listener.migrated?.(name, migrations);
    const database = await openIfThere(declaration, migrated, options.databaseOptions);
    if (database === undefined) {
      throw new MeridianError(
        'database',
        `${region} has no database yet. Make it with npx meridian regions add ${region}.`,
      );
    }
    try {
      listener.opened?.(transport, database);
      const { epoch } = await readRelay(database, database.fork());
      try {
        await transport.prepare(region, epoch);
      } catch (error) {
        // publishing the first events prepares the stream again
        if (!(error instanceof CentralAwayError || error instanceof ConnectionLostError)) {
          throw error;
        }
        listener.info?.(`${region}: ${error.message}`);
      }
      const relay = new Relay({
        database,
        transport,
        snapshots,
        signal,
        settings: { pollMilliseconds: POLL_MILLISECONDS, ...settings },
        listener,
      });
      await relay.run();
    } finally {
      await database.close();
    }
  } finally {
    await transport.close();
  }
}
