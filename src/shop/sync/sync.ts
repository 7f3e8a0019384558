/**
 * Syncs regions with central: one relay per region, and central in this process unless a message server is configured.
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
  /** The dead letters of the region, from this and earlier syncs; `undefined` if they are unknown. */
  readonly deadLetters: DeadLetters | undefined;
  /** The error that prevented its events from arriving. */
  readonly failure: Error | undefined;
}

export interface DeadLetters {
  readonly count: number;
  /** Sentences about the first dead letters; none if central is in another process. */
  readonly examples: readonly string[];
}

export interface SyncResult {
  readonly regions: ReadonlyMap<string, RegionSync>;
  /** The result of the document feed; `undefined` if central is in another process. */
  readonly documents: FeedResult | undefined;
}

/** The interval between polls of two regions in a continuous sync. */
const REGION_POLL_MILLISECONDS = 25;

/** How often a continuous sync looks for new regions, and for those that can be opened again. */
const DISCOVERY_MILLISECONDS = 2000;

const MAX_EXAMPLES = 5;

/**
 * Ships all pending events. Regions without a database are skipped.
 *
 * @throws MeridianError if central or the message server cannot be opened; the failure of a region is part of its result
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
    // in the order of the regions, not in the order of completion
    const inOrder = regions.flatMap((region) => {
      const result = results.get(region);
      return result === undefined ? [] : [[region, result] as const];
    });
    return { regions: new Map(inOrder), documents };
  });
}

/** @returns `undefined` for a region without a database that central does not know */
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
      // fail immediately, without the retries of a drain
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

/** Joins the results of a region that was shipped twice. */
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
  // a region that has not sent anything is unknown to central
  const { deadLetters: count } = position ?? { deadLetters: 0 };
  if (count === undefined || count === 0 || central === undefined) {
    return count === undefined ? undefined : { count, examples: [] };
  }
  return { count, examples: await inboxOf(central).deadLetterExamples(region, MAX_EXAMPLES) };
}

/** The error for a region without a database that has events in central. */
export function lostRegion(region: string): MeridianError {
  const { name } = regionDatabase(region);
  return new MeridianError(
    'database',
    `${region} has no database, and central has events of it. Restore it from a backup, or say where it is with ${urlVariable(name)}.`,
  );
}

/** Ships continuously until `signal` is aborted. @throws MeridianError if central cannot be opened */
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
      // central stays open until all relays have ended
      end.abort();
      await Promise.all([...watched.values(), feeding]);
    }
  });
}

/** The polling interval per region, which grows with the number of regions, so that the total load of polling stays the same. */
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

/** @returns whether the relay is paused; `undefined` for a region without a database */
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
