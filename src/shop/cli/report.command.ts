/** `meridian report sales`, `report products`, `report stock` and `report lag` */
import { type Command, Option } from 'commander';
import type { Database } from '../../databases.ts';
import { Output, type OutputOptions } from '../../module.ts';
import { type RegionCompleteness, regionCompleteness } from '../central/reports/completeness.ts';
import { checkRegion } from '../central/reports/known-region.ts';
import { lagReport } from '../central/reports/lag.ts';
import { openCentral } from '../central/reports/open.ts';
import { periodOf } from '../central/reports/period.ts';
import { productsReport } from '../central/reports/products.ts';
import { lookForBacklogs } from '../central/reports/region-backlog.ts';
import { SALES_KEYS, type SalesKey, salesReport } from '../central/reports/sales.ts';
import { stockReport } from '../central/reports/stock.ts';
import { regionDatabases } from '../regions/databases.ts';
import { type FormOptions, printSheet, type Sheet } from './report.print.ts';
import { lagSheet, productsSheet, salesSheet, stockSheet } from './report.sheets.ts';
import { incompletenessOf, noteSentences } from './report.warnings.ts';

type Options = OutputOptions & FormOptions;

interface SalesCommandOptions extends Options {
  readonly by: SalesKey;
  readonly from?: string;
  readonly to?: string;
  readonly region?: string;
}

/** The result of a report: the sheet, and notes to print beside it. */
interface Result<Row> {
  readonly sheet: Sheet<Row>;
  readonly notes?: readonly string[];
  /** Whether rows name their region, so that the incomplete ones are marked. */
  readonly isByRegion: boolean;
}

const FOOTNOTE = `
Figures include the events that the central database has applied. A region that
is behind or has dead letters is named below the figures, and marked with *
where rows name regions; with --json and --csv it is named on standard error.`;

export function defineReportCommand(report: Command): void {
  report.description(
    'Reports from the central database, which holds what npx meridian sync has brought from the regions.',
  );

  addReport(report, 'sales', 'sales: confirmed orders, their units and revenue', [
    new Option('--by <what>', 'what to group by').choices(SALES_KEYS).default('region'),
    new Option('--from <when>', 'leave out orders placed before: a date (UTC), or a time with a zone'),
    new Option('--to <when>', 'leave out orders placed after; a date counts to its end'),
    new Option('--region <name>', 'only the sales of this region'),
  ]).action(sales);
  addReport(report, 'products', 'the sales of each product, and its stock over all regions').action(products);
  addReport(report, 'stock', 'the stock of each region by product, and its value').action(stock);
  addReport(report, 'lag', 'the backlog of each region: unpublished events, events in transit, delay').action(lag);
}

function addReport(report: Command, name: string, summary: string, own: readonly Option[] = []): Command {
  const [json, csv, chart] = [
    new Option('--json', 'print a JSON array on standard output, all else on standard error'),
    new Option('--csv', 'print CSV with a header row on standard output, all else on standard error'),
    new Option('--chart', 'draw bars instead of a table'),
  ];
  const command = report.command(name).summary(summary).description(`Shows ${summary}.`);
  for (const option of own) {
    command.addOption(option);
  }
  return command
    .addOption(json.conflicts(['csv', 'chart']))
    .addOption(csv.conflicts('chart'))
    .addOption(chart)
    .option('--quiet', 'print nothing but errors (and JSON or CSV)')
    .option('--verbose', 'print the stack trace of an error')
    .addHelpText('after', FOOTNOTE);
}

async function sales(options: SalesCommandOptions): Promise<void> {
  const { by, region } = options;
  const limits = { ...periodOf(options), ...(region === undefined ? {} : { region }) };
  await run(options, async (central, regions) => {
    if (region !== undefined) {
      await checkRegion(central, region);
    }
    const { rows, ...notes } = await salesReport(central, { by, ...limits });
    const sheet = salesSheet(rows, by, regions, Object.keys(limits).length > 0);
    return { sheet, notes: noteSentences(notes), isByRegion: by === 'region' };
  });
}

async function products(options: Options): Promise<void> {
  await run(options, async (central) => {
    const { rows, ...notes } = await productsReport(central);
    return { sheet: productsSheet(rows), notes: noteSentences(notes), isByRegion: false };
  });
}

async function stock(options: Options): Promise<void> {
  await run(options, async (central, regions) => ({
    sheet: stockSheet(await stockReport(central), regions),
    isByRegion: true,
  }));
}

async function lag(options: Options): Promise<void> {
  await run(options, (_, regions) => ({ sheet: lagSheet(lagReport(regions), regions), isByRegion: true }));
}

async function run<Row>(
  options: Options & { readonly region?: string },
  report: (central: Database, regions: readonly RegionCompleteness[]) => Promise<Result<Row>> | Result<Row>,
): Promise<void> {
  const output = new Output(options);
  const central = await openCentral();
  try {
    // read before the figures, so that every event that they lack is reported
    const regions = await regionCompleteness(central, await lookForBacklogs(regionDatabases()));
    const { sheet, notes = [], isByRegion } = await report(central, regions);
    const touched = regions.filter(({ region }) => options.region === undefined || options.region === region);
    const sign = isByRegion && !options.json && !options.csv ? '* ' : 'Incomplete: ';
    await printSheet(
      output,
      options,
      sheet,
      incompletenessOf(touched).map((line) => sign + line),
    );
    for (const note of notes) {
      output.note(note);
    }
  } finally {
    await central.close();
  }
}
