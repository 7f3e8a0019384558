/** How far central has got with each region. */
import type { Database } from '../../databases/database.ts';
import type { RegionCompleteness } from './completeness.ts';
import { read } from './tables.ts';

/** What is `null` is not known, for central has never heard of the region. */
export interface LagRow {
  readonly region: string;
  readonly epoch: number | null;
  /** All events of the epoch up to this one are dealt with. */
  readonly seq: number | null;
  /** The highest one that the region is known to have. */
  readonly headSeq: number | null;
  /** Events that are known to have occurred and are not in the figures. */
  readonly missingEvents: number;
  readonly parkedEvents: number;
  readonly failingEvents: number;
  /** When central last heard of the region; ISO 8601, UTC. */
  readonly heardAt: string | null;
  /** When the newest event that was applied occurred in its region; ISO 8601, UTC. */
  readonly occurredAt: string | null;
}

/**
 * @param central connected, at its newest schema
 * @param regions what `regionCompleteness` says
 * @returns one row for each of the regions, in their order
 * @throws MeridianError `database` or `locked`
 */
export async function lagReport(central: Database, regions: readonly RegionCompleteness[]): Promise<LagRow[]> {
  const cursors = await read(central, (tables) =>
    tables
      .selectFrom('region_cursor')
      .select(['region', 'epoch', 'seq', 'head_seq', 'occurred_at', 'heard_at'])
      .execute(),
  );
  const known = new Map(cursors.map((cursor) => [cursor.region, cursor]));
  return regions.map(({ region, missingEvents, parkedEvents, failingEvents }) => {
    const cursor = known.get(region);
    return {
      region,
      epoch: cursor?.epoch ?? null,
      seq: cursor?.seq ?? null,
      headSeq: cursor?.head_seq ?? null,
      missingEvents,
      parkedEvents,
      failingEvents,
      heardAt: cursor?.heard_at ?? null,
      occurredAt: cursor?.occurred_at ?? null,
    };
  });
}
