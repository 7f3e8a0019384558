/** Runs central as a separate process, behind a message server, until it is stopped. */
import type { Database, DatabaseOptions } from '../../database/database.ts';
import type { DatabaseDeclaration } from '../../database/declaration.ts';
import { openMigrated } from '../../database/open-migrated.ts';
import { wait } from '../../shared/async/wait.ts';
import { type OpenTransport, openRemote } from '../transport/configured.ts';
import type { Batch, RemoteListener, RemoteTransport } from '../transport/transport.ts';
import type { Failure } from './dead-letters.ts';
import { Inbox } from './inbox.ts';
import type { Projection } from './projection.ts';
import { serveCentral } from './serve-central.ts';

/** Background work of central. It ends when the signal is aborted; when it throws, the whole run fails. */
type Companion = (central: Database, signal: AbortSignal) => Promise<void>;

export interface CentralRunOptions<Content> {
  /** The database with the inbox; it is created if it does not exist. */
  readonly declaration: DatabaseDeclaration;
  readonly projection: Projection<Content>;
  /** When aborted, the batches in progress are finished. */
  readonly signal: AbortSignal;
  readonly listener?: CentralRunListener;
  readonly companions?: readonly Companion[];
  /** How the database is opened. */
  readonly databaseOptions?: DatabaseOptions;
  /** Replaces the transport that the environment configures; the run closes it. */
  readonly openTransport?: OpenTransport;
}

export interface CentralRunListener extends RemoteListener {
  migrated?(database: string, migrations: readonly string[]): void;
  /** Called when both are open, which they stay until the run ends. */
  opened?(remote: RemoteTransport, central: Database): void;
  /** Called when another central is running; this one starts when that one ends. */
  waiting?(): void;
  started?(): void;
  taken?(region: string, events: number, batch: Batch): void;
  /** Called for events that could not be applied and are not retried any more. */
  deadLettered?(batch: Batch, failures: readonly Failure[]): void;
}

/** How often a waiting central checks whether the other one still responds. */
const STANDBY_MILLISECONDS = 1000;

/** @throws MeridianError when the database or the message server cannot be opened */
export async function runCentral<Content>(options: CentralRunOptions<Content>): Promise<void> {
  const { declaration, projection, signal, listener = {}, companions = [], openTransport = openRemote } = options;
  const remote = await openTransport('meridian central', listener);
  try {
    const migrated = (name: string, migrations: readonly string[]) => listener.migrated?.(name, migrations);
    const central = await openMigrated(declaration, migrated, options.databaseOptions);
    try {
      listener.opened?.(remote, central);
      await standBy(remote, signal, listener);
      if (!signal.aborted) {
        await serveCentral(remote, new Inbox(central, projection), {
          taken: (batch) => listener.taken?.(batch.region, batch.events.length, batch),
          deadLettered: (batch, failures) => listener.deadLettered?.(batch, failures),
        });
        listener.started?.();
        await beside(central, signal, companions);
      }
    } finally {
      // closing the transport finishes the batches in progress, which need the database
      await remote.close();
      await central.close();
    }
  } finally {
    await remote.close();
  }
}

/** Waits until no other central responds. */
async function standBy(remote: RemoteTransport, signal: AbortSignal, listener: CentralRunListener): Promise<void> {
  let isReported = false;
  // after a reconnect, the other central may take a moment longer to reconnect
  let isAbsenceCertain = true;
  while (!signal.aborted) {
    if (!remote.isConnected) {
      isAbsenceCertain = false;
    } else if (await remote.isCentralThere()) {
      isAbsenceCertain = true;
      if (!isReported) {
        isReported = true;
        listener.waiting?.();
      }
    } else if (isAbsenceCertain) {
      return;
    } else {
      isAbsenceCertain = true;
    }
    await wait(STANDBY_MILLISECONDS, signal);
  }
}

async function beside(central: Database, signal: AbortSignal, companions: readonly Companion[]): Promise<void> {
  const end = new AbortController();
  const both = AbortSignal.any([signal, end.signal]);
  const stopped = Promise.withResolvers<void>();
  const stop = () => stopped.resolve();
  // not a listener of `both`, which Node.js would keep alive as long as it has one
  signal.addEventListener('abort', stop, { once: true });
  if (signal.aborted) {
    stop();
  }
  const others = companions.map(async (companion) => {
    try {
      await companion(central, both);
    } catch (error) {
      end.abort();
      throw error;
    }
  });
  try {
    await Promise.all([stopped.promise, ...others]);
  } finally {
    signal.removeEventListener('abort', stop);
  }
}
