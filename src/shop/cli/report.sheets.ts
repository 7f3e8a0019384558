/** The content of each report: its columns, its chart, and a sentence for an empty report. */
import { formatNumber } from '../../module.ts';
import { isComplete, type RegionCompleteness } from '../central/reports/completeness.ts';
import type { LagRow } from '../central/reports/lag.ts';
import type { ProductRow } from '../central/reports/products.ts';
import type { Sales, SalesKey, SalesRow } from '../central/reports/sales.ts';
import type { StockRow } from '../central/reports/stock.ts';
import { amount, type Column, count, formatCents, instant, label, ordinal } from './report.columns.ts';
import type { Sheet } from './report.print.ts';
import { formatSeconds } from './report.warnings.ts';

const SYNC = 'Run npx meridian sync to bring it up to date.';
const UNKNOWN = '(unknown)';

type Regions = readonly RegionCompleteness[];

/** @param isLimited whether the report is restricted to a period or a region */
export function salesSheet(
  rows: readonly SalesRow[],
  by: SalesKey,
  regions: Regions,
  isLimited: boolean,
): Sheet<SalesRow> {
  const mark = by === 'region' ? marking(regions) : () => '';
  const key = label<SalesRow>(by, (row) => row.key, { mark });
  return {
    rows,
    columns: [key, ...salesColumns<SalesRow>()],
    title: `Revenue by ${by}`,
    bar: (row) => ({ label: key.text(row), size: row.revenueCents, figure: formatCents(row.revenueCents) }),
    empty: isLimited
      ? 'No sales: the central database has no confirmed order that matches.'
      : `No sales yet: the central database has no confirmed order. ${SYNC}`,
    isChronological: by === 'day',
  };
}

export function productsSheet(rows: readonly ProductRow[]): Sheet<ProductRow> {
  return {
    rows,
    columns: [
      label('product', ({ product }) => product),
      label('name', ({ name }) => name, { none: UNKNOWN }),
      ...salesColumns<ProductRow>(),
      count('onHand', ({ onHand }) => onHand, { head: 'on hand' }),
    ],
    title: 'Revenue by product',
    bar: ({ product, name, revenueCents }) => ({
      label: name ?? `product ${product}`,
      size: revenueCents,
      figure: formatCents(revenueCents),
    }),
    empty: `No products yet: the central database has neither orders nor stock. ${SYNC}`,
  };
}

export function stockSheet(rows: readonly StockRow[], regions: Regions): Sheet<StockRow> {
  const region = label<StockRow>('region', (row) => row.region, { mark: marking(regions) });
  return {
    rows,
    columns: [
      region,
      label('product', ({ product }) => product),
      label('name', ({ name }) => name, { none: UNKNOWN }),
      count('onHand', ({ onHand }) => onHand, { head: 'on hand' }),
      amount('unitPrice', ({ unitPriceCents }) => unitPriceCents, { head: 'unit price', isSummed: false }),
      amount('value', ({ valueCents }) => valueCents),
    ],
    title: 'Value of stock by region and product',
    bar: (row) => ({
      label: `${region.text(row)} ${row.name ?? `product ${row.product}`}`,
      size: row.valueCents,
      figure: formatCents(row.valueCents),
    }),
    empty: `No stock yet: the central database has none. ${SYNC}`,
  };
}

export function lagSheet(rows: readonly LagRow[], regions: Regions): Sheet<LagRow> {
  const region = label<LagRow>('region', (row) => row.region, { mark: marking(regions) });
  const byName = new Map(regions.map((one) => [one.region, one]));
  return {
    rows,
    columns: [
      region,
      ordinal('epoch', ({ epoch }) => epoch),
      ordinal('seq', ({ seq }) => seq),
      ordinal('headSeq', ({ headSeq }) => headSeq),
      count('missingEvents', ({ missingEvents }) => missingEvents),
      count('parkedEvents', ({ parkedEvents }) => parkedEvents),
      count('failingEvents', ({ failingEvents }) => failingEvents),
      instant('heardAt', ({ heardAt }) => heardAt),
      instant('occurredAt', ({ occurredAt }) => occurredAt),
    ],
    shown: [
      region,
      count('unpublished', (row) => unpublishedOf(row, byName.get(row.region))),
      count('in transit', inTransitOf),
      label('delay', (row) => delayOf(byName.get(row.region)), { none: '–' }),
      count('dead letters', ({ parkedEvents }) => parkedEvents),
      count('retrying', ({ failingEvents }) => failingEvents),
      instant('last heard', ({ heardAt }) => heardAt, { none: 'never' }),
    ],
    title: 'Events not yet in central, by region',
    bar: (row) => ({
      label: region.text(row),
      size: BigInt(row.missingEvents),
      figure: formatNumber(row.missingEvents),
    }),
    empty: `No regions yet: the central database has no events of a region. ${SYNC}`,
  };
}

/** The number of events that central knows to exist but has not applied. */
function inTransitOf({ seq, headSeq }: LagRow): number {
  return Math.max((headSeq ?? 0) - (seq ?? 0), 0);
}

/** Further events of the region; `null` if its database cannot be read. */
function unpublishedOf(row: LagRow, region: RegionCompleteness | undefined): number | null {
  return region?.isUnreachable ? null : Math.max(row.missingEvents - inTransitOf(row), 0);
}

/** The age of the oldest event that central does not have; `null` if it is only known to the region. */
function delayOf(region: RegionCompleteness | undefined): string | null {
  return region?.lagSeconds == null ? null : formatSeconds(region.lagSeconds);
}

function salesColumns<Row extends Sales>(): Column<Row>[] {
  return [
    count('orders', ({ orders }) => orders),
    count('units', ({ units }) => units),
    amount('revenue', ({ revenueCents }) => revenueCents),
  ];
}

/** " *" after the name of a region whose figures are incomplete. */
function marking(regions: Regions): (region: string) => string {
  const incomplete = new Set(regions.filter((one) => !isComplete(one)).map(({ region }) => region));
  return (region) => (incomplete.has(region) ? ' *' : '');
}
