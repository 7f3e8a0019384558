/** Warnings that a report prints with its figures. */
import { countOf } from '../../module.ts';
import { isComplete, type RegionCompleteness } from '../central/reports/completeness.ts';
import type { SalesNotes } from '../central/reports/sales.ts';

/** "boston: 12 events not yet in central (oldest 40 s)": a line for each region whose figures are incomplete. */
export function incompletenessOf(regions: readonly RegionCompleteness[]): string[] {
  return regions.filter((region) => !isComplete(region)).map((one) => `${one.region}: ${reasonsOf(one).join('; ')}`);
}

function reasonsOf(region: RegionCompleteness): string[] {
  const { missingEvents, lagSeconds, parkedEvents, failingEvents, isUnreachable } = region;
  const oldest = lagSeconds === null ? '' : ` (oldest ${formatSeconds(lagSeconds)})`;
  return [
    ...(missingEvents > 0 ? [`${countOf(missingEvents, 'event')} not yet in central${oldest}`] : []),
    ...(parkedEvents > 0 ? [`${countOf(parkedEvents, 'dead letter')}: npx meridian dead-letters list`] : []),
    ...(failingEvents > 0
      ? [`${countOf(failingEvents, 'event')} that cannot be applied, retrying: npx meridian dead-letters list`]
      : []),
    ...(isUnreachable ? ['its database cannot be read, so more may be missing'] : []),
  ];
}

export function noteSentences({ pendingOrders, unpricedOrders, undatedOrders }: SalesNotes): string[] {
  return [
    ...(pendingOrders > 0
      ? [
          `Not counted: ${countOf(pendingOrders, 'pending order')}: npx meridian verify --repair confirms or cancels what is pending.`,
        ]
      : []),
    ...(unpricedOrders > 0
      ? [`Without a unit price: ${countOf(unpricedOrders, 'order')}, counted with their units, without revenue.`]
      : []),
    ...(undatedOrders > 0
      ? [`Left out: ${countOf(undatedOrders, 'order')} without a time, which --from and --to cannot place.`]
      : []),
  ];
}

const UNITS = [
  { seconds: 86_400, sign: 'd' },
  { seconds: 3600, sign: 'h' },
  { seconds: 60, sign: 'min' },
] as const;

/** "40 s", "5 min", "3 h": rounded down to the largest unit that gives at least 2. */
export function formatSeconds(seconds: number): string {
  const unit = UNITS.find((one) => seconds >= 2 * one.seconds);
  return unit === undefined ? `${seconds} s` : `${Math.floor(seconds / unit.seconds)} ${unit.sign}`;
}
