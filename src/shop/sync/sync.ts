/**
 * Syncs regions with central: one relay a region, and central in this process unless one is running behind a message server.
 */
import { type Database, openIfThere, urlVariable } from '../../databases.ts';
import { asError, MeridianError } from '../../index.ts';
import {
  drain,
  type Position,
  RELAY_SETTINGS,
  Relay,
  type RelayOptions,
  type Transport,
} from '../../replication/index.ts';
import { monotonic, wait } from '../../types.ts';
import { inboxOf } from '../central/inbox.ts';
import { type FeedResult, feedOn } from '../documents/feed.ts';
import { regionDatabase } from '../regions/databases.ts';
import { regionSnapshots } from '../trading/snapshot.ts';
import { disconnected } from './disconnection.ts';
import { feedListener, passDocumentsOn } from './documents.ts';
import type { SyncOptions } from './options.ts';
import { withCentral } from './with-central.ts';

export interface RegionSync {
  /** Events that arrived in central. */
  readonly shipped: number;
  readonly seconds: number;
  readonly paused: boolean;
  /** Events of the region that central could not apply, from this sync and from before; nothing when that is not known. */
  readonly deadLetters: DeadLetters | undefined;
  /** What kept its events from arriving. */
  readonly failure: Error | undefined;
}

export interface DeadLetters {
  readonly count: number;
  /** The first of them, a sentence each; none where central is elsewhere. */
  readonly examples: readonly string[];
}

export interface SyncResult {
  readonly regions: ReadonlyMap<string, RegionSync>;
  /** What became of the documents that waited in central; nothing where central is elsewhere. */
  readonly documents: FeedResult | undefined;
}

/** A sync that runs on looks so long after one region for what the next one has to ship. */
const REGION_POLL_MILLISECONDS = 25;

/** How often a sync that runs on looks for regions that have come up, or can be opened again. */
const DISCOVERY_MILLISECONDS = 2000;

const MAX_EXAMPLES = 5;

/**
 * Ships whatever there is. Regions whose database does not exist have nothing to ship, and are left out.
 *
 * @throws MeridianError when central, or the message server, cannot be opened; the failure of a region is in its result
 */
export async function syncOnce(options: SyncOptions): Promise<SyncResult> {
  return withCentral(options, async (transport, central) => {
    const regions = options.regions();
    const results = new Map<string, RegionSync>();
    const ship = async (region: string) => {
      const result = await syncRegion(region, { transport, central }, options);
      if (result !== undefined) {
        results.set(region, joined(results.get(region), result));
      }
    };
    const shipAll = async (names: readonly string[]) => {
      await Promise.all(names.map(ship));
    };
    await shipAll(regions);
    const documents =
      central &&
      (await passDocumentsOn(central, options, (names) => shipAll(names.filter((name) => results.has(name)))));
    // in the order of the regions, not in that in which they have ended
    const inOrder = regions.flatMap((region) => {
      const result = results.get(region);
      return result === undefined ? [] : [[region, result] as const];
    });
    return { regions: new Map(inOrder), documents };
  });
}

/** @returns nothing for a region that is not there, and that central does not know */
async function syncRegion(
  region: string,
  { transport, central }: { readonly transport: Transport; readonly central: Database | undefined },
  options: SyncOptions,
): Promise<RegionSync | undefined> {
  const startedAt = monotonic();
  const counts = { shipped: 0 };
  const rest = () => ({ ...counts, seconds: (monotonic() - startedAt) / 1000 });
  try {
    if (options.isDisconnected?.(region)) {
      // without the attempts that a drain makes
      throw disconnected(region);
    }
    const paused = await drainRegion(region, transport, options, counts);
    const position = await transport.position(region);
    if (paused !== undefined) {
      return { ...rest(), paused, deadLetters: await deadLettersOf(region, position, central), failure: undefined };
    }
    if (position !== undefined) {
      throw lostRegion(region);
    }
    return undefined;
  } catch (error) {
    return { ...rest(), paused: false, deadLetters: undefined, failure: asError(error) };
  }
}

/** Of a region that was shipped twice. */
function joined(first: RegionSync | undefined, second: RegionSync): RegionSync {
  return first === undefined
    ? second
    : { ...second, shipped: first.shipped + second.shipped, seconds: first.seconds + second.seconds };
}

/** @param central if it is open in this process */
async function deadLettersOf(
  region: string,
  position: Position | undefined,
  central: Database | undefined,
): Promise<DeadLetters | undefined> {
  // central does not know a region that has not sent anything
  const { deadLetters: count } = position ?? { deadLetters: 0 };
  if (count === undefined || count === 0 || central === undefined) {
    return count === undefined ? undefined : { count, examples: [] };
  }
  return { count, examples: await inboxOf(central).deadLetterExamples(region, MAX_EXAMPLES) };
}

/** The error for a region without a database of which central has events. */
export function lostRegion(region: string): MeridianError {
  const { name } = regionDatabase(region);
  return new MeridianError(
    'database',
    `${region} has no database, and central has events of it. Restore it from a backup, or say where it is with ${urlVariable(name)}.`,
  );
}

/** Ships whatever there is and whatever comes, until `signal` is aborted. @throws MeridianError when central cannot be opened */
export async function syncOn(options: SyncOptions): Promise<void> {
  const { listener } = options;
  const end = new AbortController();
  const signal = AbortSignal.any([options.signal, end.signal]);
  const watched = new Map<string, Promise<void>>();
  const watchAll = async (transport: Transport) => {
    while (!signal.aborted) {
      const regions = options.regions();
      const settings = { pollMilliseconds: pollMillisecondsFor(regions.length), ...options.settings };
      for (const region of regions.filter((name) => !watched.has(name))) {
        const relay = await relayOf(region, transport, { ...options, signal, settings });
        if (relay !== undefined) {
          listener?.watched?.(region);
          watched.set(
            region,
            relay.relay.run().finally(() => relay.database.close()),
          );
        }
      }
      await wait(DISCOVERY_MILLISECONDS, signal);
    }
  };
  await withCentral(options, async (transport, central) => {
    listener?.opened?.();
    const feeding = central && feedOn(central, { ...options.feed, signal, listener: feedListener(options) });
    try {
      await watchAll(transport);
    } finally {
      // central stays open until the last of them has ended
      end.abort();
      await Promise.all([...watched.values(), feeding]);
    }
  });
}

/** Many regions are looked at less often, so that looking takes no more of this machine and of their servers. */
function pollMillisecondsFor(regions: number): number {
  const { pollMilliseconds } = RELAY_SETTINGS;
  return Math.min(Math.max(pollMilliseconds, regions * REGION_POLL_MILLISECONDS), DISCOVERY_MILLISECONDS);
}

async function relayOf(region: string, transport: Transport, options: SyncOptions) {
  try {
    const database = await openRegion(region, options);
    return database && { database, relay: new Relay(relayOptions(region, database, transport, options)) };
  } catch (error) {
    options.listener?.failed?.(region, asError(error), DISCOVERY_MILLISECONDS);
    return undefined;
  }
}

/** @returns whether it is paused; nothing for a region that is not there */
async function drainRegion(
  region: string,
  transport: Transport,
  options: SyncOptions,
  counts: { shipped: number },
): Promise<boolean | undefined> {
  const database = await openRegion(region, options);
  if (database === undefined) {
    return undefined;
  }
  try {
    return (await drain(relayOptions(region, database, transport, options, counts), { untilArrived: true })).paused;
  } finally {
    await database.close();
  }
}

function relayOptions(
  region: string,
  database: Database,
  transport: Transport,
  { signal, settings, listener }: SyncOptions,
  counts = { shipped: 0 },
): RelayOptions {
  return {
    database,
    transport,
    snapshots: regionSnapshots,
    signal,
    ...(settings ? { settings } : {}),
    listener: {
      shipped(events) {
        counts.shipped += events;
        listener?.shipped?.(region, events);
      },
      failed: (error, milliseconds) => listener?.failed?.(region, error, milliseconds),
      info: (sentence) => listener?.info?.(sentence),
    },
  };
}

function openRegion(region: string, { listener, databaseOptions }: SyncOptions): Promise<Database | undefined> {
  const declaration = regionDatabase(region);
  const migrated = (name: string, migrations: readonly string[]) => listener?.migrated?.(name, migrations);
  return openIfThere(declaration, migrated, databaseOptions?.(declaration.name));
}
