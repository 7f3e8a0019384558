/** Central as a process of its own, behind a server in between, until it is told to stop. */
import type { Database } from '../../database/database.ts';
import { openMigrated } from '../../database/open-migrated.ts';
import type { Failure } from '../../replication/inbox/dead-letters.ts';
import { openRemote } from '../../replication/transport/configured.ts';
import type { Batch, RemoteListener, RemoteTransport } from '../../replication/transport/transport.ts';
import { pauseFor } from '../../shared/async/pause.ts';
import { central as centralDeclaration } from '../catalog.ts';
import { serveCentral } from './serve-central.ts';

/** What goes on beside it, for as long as it runs. It ends when the signal is aborted; if it throws, so does all. */
export type Companion = (central: Database, signal: AbortSignal) => Promise<void>;

export interface CentralRunOptions {
  /** When aborted, the batches that are under way are finished. */
  readonly signal: AbortSignal;
  readonly listener?: CentralRunListener;
  readonly companions?: readonly Companion[];
}

export interface CentralRunListener extends RemoteListener {
  migrated?(database: string, migrations: readonly string[]): void;
  /** Both are open from now on, until the run has ended. */
  opened?(remote: RemoteTransport, central: Database): void;
  /** Another central is at work; this one begins when that one has gone. */
  waiting?(): void;
  started?(): void;
  taken?(region: string, events: number, batch: Batch): void;
  /** Events could not be applied, and are tried no more. */
  deadLettered?(batch: Batch, failures: readonly Failure[]): void;
}

/** How often one that waits looks whether the other central is still there. */
const STANDBY_MILLISECONDS = 1000;

/** @throws MeridianError when the database or the server in between cannot be opened */
export async function runCentral({ signal, listener = {}, companions = [] }: CentralRunOptions): Promise<void> {
  const remote = await openRemote('meridian central', listener);
  try {
    const central = await openMigrated(centralDeclaration, (name, migrations) => listener.migrated?.(name, migrations));
    try {
      listener.opened?.(remote, central);
      await standBy(remote, signal, listener);
      if (!signal.aborted) {
        await serveCentral(remote, central, {
          taken: (batch) => listener.taken?.(batch.region, batch.events.length, batch),
          deadLettered: (batch, failures) => listener.deadLettered?.(batch, failures),
        });
        listener.started?.();
        await beside(central, signal, companions);
      }
    } finally {
      // what is under way is still written
      await remote.close();
      await central.close();
    }
  } finally {
    await remote.close();
  }
}

/** Until no other central answers. */
async function standBy(remote: RemoteTransport, signal: AbortSignal, listener: CentralRunListener): Promise<void> {
  let isTold = false;
  // after the connection was lost, the other one may be a moment later in finding it again
  let isNobodyBelieved = true;
  while (!signal.aborted) {
    if (!remote.isConnected) {
      isNobodyBelieved = false;
    } else if (await remote.isCentralThere()) {
      isNobodyBelieved = true;
      if (!isTold) {
        isTold = true;
        listener.waiting?.();
      }
    } else if (isNobodyBelieved) {
      return;
    } else {
      isNobodyBelieved = true;
    }
    await pauseFor(STANDBY_MILLISECONDS, signal);
  }
}

async function beside(central: Database, signal: AbortSignal, companions: readonly Companion[]): Promise<void> {
  const end = new AbortController();
  const both = AbortSignal.any([signal, end.signal]);
  const stopped = new Promise<void>((resolve) => {
    both.addEventListener('abort', () => resolve(), { once: true });
    if (both.aborted) {
      resolve();
    }
  });
  const others = companions.map(async (companion) => {
    try {
      await companion(central, both);
    } catch (error) {
      end.abort();
      throw error;
    }
  });
  await Promise.all([stopped, ...others]);
}
