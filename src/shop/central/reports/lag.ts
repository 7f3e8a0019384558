/** The lag report: the progress of central with each region. */
import type { RegionCompleteness, RegionProgress } from './completeness.ts';

/** The progress of central with a region. Values are `null` if central does not know the region. */
export type LagRow = { readonly [property in keyof RegionProgress]: RegionProgress[property] | null } & Pick<
  RegionCompleteness,
  'region' | 'missingEvents' | 'parkedEvents' | 'failingEvents'
>;

/**
 * @param regions the result of `regionCompleteness`
 * @returns one row for each of the regions, in their order
 */
export function lagReport(regions: readonly RegionCompleteness[]): LagRow[] {
  return regions.map(({ region, progress, missingEvents, parkedEvents, failingEvents }) => ({
    region,
    epoch: progress?.epoch ?? null,
    seq: progress?.seq ?? null,
    headSeq: progress?.headSeq ?? null,
    missingEvents,
    parkedEvents,
    failingEvents,
    heardAt: progress?.heardAt ?? null,
    occurredAt: progress?.occurredAt ?? null,
  }));
}
