/** Which regions' figures are incomplete, and why: what central knows itself, and what the regions know. */
import { sql } from 'kysely';
import type { Database } from '../../../databases.ts';
import { compareKeys } from './order.ts';
import { read } from './tables.ts';

export interface Backlog {
  /** Events that central has not acknowledged. */
  readonly unshippedEvents: number;
  /** How long ago the oldest of them occurred; 0 if there is none. */
  readonly lagSeconds: number;
}

/** What is seen of a region: `missing` where it has no database, `unreachable` where that cannot be looked into. */
export type Sight = Backlog | 'unreachable' | 'missing';

/** Region -> what central lacks of it; of a region that is not in it, nothing is known to be missing. */
export type Backlogs = ReadonlyMap<string, Sight>;

/** How far central has got with a region. */
export interface RegionProgress {
  readonly epoch: number;
  /** All events of the epoch up to this one are dealt with. */
  readonly seq: number;
  /** The highest one that the region is known to have. */
  readonly headSeq: number;
  /** When the last batch of the region came; ISO 8601, UTC. */
  readonly heardAt: string;
  /** When the newest event that was applied occurred in its region; ISO 8601, UTC. */
  readonly occurredAt: string | null;
}

export interface RegionCompleteness {
  readonly region: string;
  /** `null` when central does not know the region. */
  readonly progress: RegionProgress | null;
  /** Events that are known to have occurred and are not in the figures. */
  readonly missingEvents: number;
  /** For how long the oldest of them has been waiting; `null` where only the region could say. */
  readonly lagSeconds: number | null;
  /** Events that central could not apply and has put aside. */
  readonly parkedEvents: number;
  /** Events that central could not apply and goes on trying. */
  readonly failingEvents: number;
  /** Whether the region's database could not be looked into, so that more may be missing. */
  readonly isUnreachable: boolean;
}

/**
 * @param central connected, at its newest schema
 * @param backlogs without it, only what central knows by itself
 * @returns every region that central knows or that has a backlog, by name
 * @throws MeridianError `database` or `locked`
 */
export async function regionCompleteness(
  central: Database,
  backlogs: Backlogs = new Map(),
): Promise<RegionCompleteness[]> {
  // before the dead letters: what is dead-lettered meanwhile is then counted twice rather than not at all
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
  // a region without a database that central does not know lacks nothing
  const seen = [...backlogs].flatMap(([region, sight]) => (sight === 'missing' ? [] : [region]));
  const regions = [...new Set([...known.keys(), ...failures.keys(), ...seen])].sort(compareKeys);
  return regions.map((region) => {
    const backlog = backlogs.get(region);
    const counted = typeof backlog === 'string' ? undefined : backlog;
    const progress = known.get(region) ?? null;
    return {
      region,
      progress,
      // most of what central waits for is also what the region has not been able to deliver
      missingEvents: Math.max(
        (progress?.headSeq ?? 0) - (progress?.seq ?? 0),
        counted?.unshippedEvents ?? 0,
        // of an earlier epoch, at least one
        lacking.has(region) ? 1 : 0,
      ),
      lagSeconds: counted === undefined || counted.unshippedEvents === 0 ? null : counted.lagSeconds,
      parkedEvents: failures.get(region)?.deadLettered ?? 0,
      failingEvents: failures.get(region)?.failing ?? 0,
      isUnreachable: typeof backlog === 'string',
    };
  });
}

/** Whether nothing speaks against the region's figures. */
export function isComplete(region: Omit<RegionCompleteness, 'progress'>): boolean {
  const { missingEvents, parkedEvents, failingEvents, isUnreachable } = region;
  return missingEvents === 0 && parkedEvents === 0 && failingEvents === 0 && !isUnreachable;
}
