/** `meridian report sales`, `report products`, `report stock` and `report lag` */
import { type Command, Option } from 'commander';
import { Output, type OutputOptions } from '../../module.ts';
import { SALES_KEYS, type SalesKey } from '../central/reports/sales.ts';
import { type ReportName, withReport } from './report.figures.ts';
import { type FormOptions, printSheet } from './report.print.ts';

interface Options extends OutputOptions, FormOptions {
  readonly by?: SalesKey;
  readonly from?: string;
  readonly to?: string;
  readonly region?: string;
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
  ]).action((options: Options) => run('sales', options));
  addReport(report, 'products', 'the sales of each product, and its stock over all regions').action(
    (options: Options) => run('products', options),
  );
  addReport(report, 'stock', 'the stock of each region by product, and its value').action((options: Options) =>
    run('stock', options),
  );
  addReport(report, 'lag', 'the backlog of each region: unpublished events, events in transit, delay').action(
    (options: Options) => run('lag', options),
  );
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

async function run(name: ReportName, options: Options): Promise<void> {
  const output = new Output(options);
  await withReport(name, options, async (sheet, { isByRegion, incomplete, notes }) => {
    const sign = isByRegion && !options.json && !options.csv ? '* ' : 'Incomplete: ';
    await printSheet(
      output,
      options,
      sheet,
      incomplete.map((line) => sign + line),
    );
    for (const note of notes) {
      output.note(note);
    }
  });
}
