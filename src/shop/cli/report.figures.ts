/** Reads the figures of a report from central, and determines how complete they are. */
import type { Database } from '../../databases.ts';
import { type RegionCompleteness, regionCompleteness } from '../central/reports/completeness.ts';
import { checkRegion } from '../central/reports/known-region.ts';
import { lagReport } from '../central/reports/lag.ts';
import { openCentral } from '../central/reports/open.ts';
import { periodOf } from '../central/reports/period.ts';
import { productsReport } from '../central/reports/products.ts';
import { lookForBacklogs } from '../central/reports/region-backlog.ts';
import { type SalesKey, salesReport } from '../central/reports/sales.ts';
import { stockReport } from '../central/reports/stock.ts';
import { regionDatabases } from '../regions/databases.ts';
import type { Sheet } from './report.print.ts';
import { lagSheet, productsSheet, salesSheet, stockSheet } from './report.sheets.ts';
import { incompletenessOf, noteSentences } from './report.warnings.ts';

export type ReportName = 'sales' | 'products' | 'stock' | 'lag';

/** The options of all reports; each report ignores those of others. */
export interface ReportOptions {
  readonly by?: SalesKey;
  readonly from?: string;
  readonly to?: string;
  readonly region?: string;
}

interface AboutReport {
  /** Whether rows name their region, so that the incomplete ones can be marked. */
  readonly isByRegion: boolean;
  /** A line for each region whose figures are incomplete. */
  readonly incomplete: readonly string[];
  readonly notes: readonly string[];
}

type Use<T> = <Row>(sheet: Sheet<Row>, about: AboutReport) => Promise<T>;

/** @throws MeridianError `database` if central does not exist; `usage` for an unknown region or an invalid time */
export async function withReport<T>(name: ReportName, options: ReportOptions, use: Use<T>): Promise<T> {
  const period = periodOf(options);
  const central = await openCentral();
  try {
    // read before the figures, so that every missing event is reported
    const regions = await regionCompleteness(central, await lookForBacklogs(regionDatabases()));
    const touched = regions.filter(({ region }) => options.region === undefined || options.region === region);
    const about = { isByRegion: true, incomplete: incompletenessOf(touched), notes: [] };
    switch (name) {
      case 'sales':
        return await sales(central, regions, options, period, about, use);
      case 'products': {
        const { rows, ...notes } = await productsReport(central);
        return await use(productsSheet(rows), { ...about, isByRegion: false, notes: noteSentences(notes) });
      }
      case 'stock':
        return await use(stockSheet(await stockReport(central), regions), about);
      case 'lag':
        return await use(lagSheet(lagReport(regions), regions), about);
    }
  } finally {
    await central.close();
  }
}

async function sales<T>(
  central: Database,
  regions: readonly RegionCompleteness[],
  { by = 'region', region }: ReportOptions,
  period: ReturnType<typeof periodOf>,
  about: AboutReport,
  use: Use<T>,
): Promise<T> {
  if (region !== undefined) {
    await checkRegion(central, region);
  }
  const limits = { ...period, ...(region === undefined ? {} : { region }) };
  const { rows, ...notes } = await salesReport(central, { by, ...limits });
  const sheet = salesSheet(rows, by, regions, Object.keys(limits).length > 0);
  return use(sheet, { ...about, isByRegion: by === 'region', notes: noteSentences(notes) });
}
