/** Opens central for a sync: in this process, or behind a message server. */
import process from 'node:process';
import { type Database, isThere, openMigrated, urlVariable } from '../../databases.ts';
import { MeridianError } from '../../index.ts';
import {
  inProcessTransport,
  isRemote,
  openRemote,
  type RemoteListener,
  serveCentral,
  type Transport,
} from '../../replication/index.ts';
import { central as centralDeclaration } from '../catalog.ts';
import { applyBatch } from '../central/apply.ts';
import { inboxOf } from '../central/inbox.ts';
import { disconnectable } from './disconnection.ts';
import type { SyncListener, SyncOptions } from './options.ts';

/** @param central the database, if it is open in this process */
type Work<T> = (transport: Transport, central: Database | undefined) => Promise<T>;

/** Runs work with a central in this process, or with the running one behind a message server. */
export function withCentral<T>(options: SyncOptions, work: Work<T>): Promise<T> {
  const { isDisconnected, openTransport } = options;
  const connected: Work<T> =
    isDisconnected === undefined
      ? work
      : (transport, central) => work(disconnectable(transport, isDisconnected), central);
  return openTransport !== undefined || isRemote()
    ? withRemoteCentral(options, connected)
    : withOwnCentral(options, connected);
}

async function withOwnCentral<T>(options: SyncOptions, work: Work<T>): Promise<T> {
  const { listener } = options;
  const central = await openCentral(options);
  const transport = inProcessTransport((region) => inboxOf(central).position(region));
  try {
    await transport.consume((batch) =>
      applyBatch(central, batch, (of, failures) => listener?.deadLettered?.(of, failures)),
    );
    return await work(transport, central);
  } finally {
    await transport.close();
    await central.close();
  }
}

async function withRemoteCentral<T>(options: SyncOptions, work: Work<T>): Promise<T> {
  const { listener, openTransport = openRemote } = options;
  const remote = await openTransport('meridian sync', remoteListener(listener));
  let central: Database | undefined;
  try {
    if (!(await remote.isCentralThere())) {
      central = await openCentralHere(options);
      await serveCentral(remote, inboxOf(central), {
        deadLettered: (batch, events) => listener?.deadLettered?.(batch, events),
      });
    }
    return await work(remote, central);
  } finally {
    await remote.close();
    await central?.close();
  }
}

/** Opens central in this process. A central that is created here by mistake would receive the events of the intended one. */
async function openCentralHere(options: SyncOptions): Promise<Database> {
  const { name } = centralDeclaration;
  const isThereNow = () => isThere(centralDeclaration, options.databaseOptions?.(name));
  if (process.env[urlVariable(name)] === undefined && !(await isThereNow())) {
    throw new MeridianError(
      'database',
      'No central answers, and there is no central database here. Start npx meridian central run where it is, or is to be; then run the same command again.',
    );
  }
  return openCentral(options);
}

/** Opens central without blocking waits, since other connections of this process may write to it. */
function openCentral({ listener, databaseOptions }: SyncOptions): Promise<Database> {
  const migrated = (name: string, migrations: readonly string[]) => listener?.migrated?.(name, migrations);
  return openMigrated(centralDeclaration, migrated, {
    ...databaseOptions?.(centralDeclaration.name),
    keepsThreadFree: true,
  });
}

function remoteListener(listener: SyncListener | undefined): RemoteListener {
  return {
    disconnected: (server) => listener?.info?.(`The connection to ${server} is lost; reconnecting.`),
    reconnected: (server) => listener?.info?.(`Connected to ${server} again.`),
    permissionDenied: (sentence) => listener?.info?.(sentence),
    unexpectedStream: (sentence) => listener?.info?.(sentence),
    prepared: (sentence) => listener?.info?.(`${sentence}.`),
    failed: (region, error, milliseconds) => listener?.failed?.(region, error, milliseconds),
    discarded: (subject) => listener?.info?.(`A message of ${subject} was not an event and has been discarded.`),
  };
}
