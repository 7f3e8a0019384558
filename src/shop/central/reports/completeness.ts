/** Determines which regions' figures are incomplete, and why, from the data of central and of the regions. */
import { sql } from 'kysely';
import type { Database } from '../../../databases.ts';
import { compareKeys } from './order.ts';
import { read } from './tables.ts';

export interface Backlog {
  /** Events that central has not acknowledged. */
  readonly unshippedEvents: number;
  /** The age of the oldest of these events; 0 if there is none. */
  readonly lagSeconds: number;
}

/** The backlog of a region; `missing` if it has no database, `unreachable` if its database cannot be read. */
export type Sight = Backlog | 'unreachable' | 'missing';

/** Region -> its backlog. A region without an entry has no known backlog. */
export type Backlogs = ReadonlyMap<string, Sight>;

/** The progress of central with a region. */
export interface RegionProgress {
  readonly epoch: number;
  /** All events of the epoch up to this one are processed. */
  readonly seq: number;
  /** The highest sequence number that the region is known to have. */
  readonly headSeq: number;
  /** When the last batch of the region arrived: ISO 8601, UTC. */
  readonly heardAt: string;
  /** When the newest applied event occurred in its region: ISO 8601, UTC. */
  readonly occurredAt: string | null;
}

export interface RegionCompleteness {
  readonly region: string;
  /** `null` when central does not know the region. */
  readonly progress: RegionProgress | null;
  /** Events that are known to exist but are not part of the figures. */
  readonly missingEvents: number;
  /** The age of the oldest of these events; `null` if it is only known to the region. */
  readonly lagSeconds: number | null;
  /** Dead-lettered events, which central could not apply. */
  readonly parkedEvents: number;
  /** Events that central could not apply and still retries. */
  readonly failingEvents: number;
  /** Whether the region's database could not be read, so that more events may be missing. */
  readonly isUnreachable: boolean;
}

/**
 * @param central connected, without pending migrations
 * @param backlogs the backlogs of the regions (default: only the data of central is used)
 * @returns all regions that central knows or that have a backlog, sorted by name
 * @throws MeridianError `database` or `locked`
 */
export async function regionCompleteness(
  central: Database,
  backlogs: Backlogs = new Map(),
): Promise<RegionCompleteness[]> {
  // read before the dead letters: an event that is dead-lettered meanwhile is then counted twice rather than not at all
  const cursors = await read(central, (tables) =>
    tables
      .selectFrom('RegionCursor')
      .select(['region', 'epoch', 'seq', 'headSeq', 'heardAt', 'occurredAt'])
      .select('lacksBase')
      .execute(),
  );
  const letters = await read(central, (tables) =>
    tables
      .selectFrom('DeadLetter')
      .select([
        'region',
        sql<number>`count(parked_at)`.as('deadLettered'),
        sql<number>`count(*) - count(parked_at)`.as('failing'),
      ])
      .groupBy('region')
      .execute(),
  );
  const known = new Map(cursors.map(({ region, lacksBase, ...progress }) => [region, progress]));
  const lacking = new Set(cursors.flatMap(({ region, lacksBase }) => (lacksBase ? [region] : [])));
  const failures = new Map(letters.map((one) => [one.region, one]));
  // a region without a database that central does not know is not incomplete
  const seen = [...backlogs].flatMap(([region, sight]) => (sight === 'missing' ? [] : [region]));
  const regions = [...new Set([...known.keys(), ...failures.keys(), ...seen])].sort(compareKeys);
  return regions.map((region) => {
    const backlog = backlogs.get(region);
    const counted = typeof backlog === 'string' ? undefined : backlog;
    const progress = known.get(region) ?? null;
    return {
      region,
      progress,
      // the two counts overlap: most events that central waits for are also unshipped in the region
      missingEvents: Math.max(
        (progress?.headSeq ?? 0) - (progress?.seq ?? 0),
        counted?.unshippedEvents ?? 0,
        // at least one event of an earlier epoch
        lacking.has(region) ? 1 : 0,
      ),
      lagSeconds: counted === undefined || counted.unshippedEvents === 0 ? null : counted.lagSeconds,
      parkedEvents: failures.get(region)?.deadLettered ?? 0,
      failingEvents: failures.get(region)?.failing ?? 0,
      isUnreachable: typeof backlog === 'string',
    };
  });
}

/** Whether the region's figures are complete, as far as is known. */
export function isComplete(region: Omit<RegionCompleteness, 'progress'>): boolean {
  const { missingEvents, parkedEvents, failingEvents, isUnreachable } = region;
  return missingEvents === 0 && parkedEvents === 0 && failingEvents === 0 && !isUnreachable;
}
