/** `meridian compare` */
import process from 'node:process';
import type { Command } from 'commander';
import {
  amountCell,
  type Cell,
  countOf,
  exitCodeFor,
  FAILED,
  formatNumber,
  Output,
  printable,
  renderTable,
  withOutputOptions,
  worstOf,
} from '../../module.ts';
import { fromCents } from '../../types.ts';
import type { Comparison, TableComparison } from '../compare/compare.ts';
import { type ComparedRegion, compareRegions } from '../compare/compare-regions.ts';
import { areRegionsOff, REGIONS_ARE_OFF } from '../regions/databases.ts';
import { withCentral } from '../regions/with-database.ts';
import { type RegionOptions, regionsOf, withRegionOption } from './region.options.ts';

/** The number of shown characters of a SHA-256 hash; --json has the whole hash. */
const SHOWN_HASH = 12;

export function defineCompareCommand(command: Command): void {
  command.description(
    'Compares each region with central row by row, up to the last event that central has applied; later changes are ' +
      'left out. Prints counts, sums and a hash over ids and versions, names the differences, and exits 1 if there are any.',
  );
  withRegionOption(command, 'only this region; may be given several times (default: all that have a database)');
  withOutputOptions(command).action(async (options: RegionOptions) => {
    process.exitCode = await run(options);
  });
}

async function run(options: RegionOptions): Promise<number> {
  const output = new Output(options);
  const regions = regionsOf(options);
  const results = await withCentral((central) => compareRegions(central, options.region && regions));
  printResult(output, results);
  return worstOf(
    results.map((one) => ('error' in one ? exitCodeFor(one.error) : one.comparison.differences > 0 ? FAILED : 0)),
  );
}

function printResult(output: Output, results: readonly ComparedRegion[]): void {
  const rows: Cell[][] = [];
  for (const one of results) {
    if ('error' in one) {
      output.fail(one.error);
      continue;
    }
    const { region, comparison } = one;
    for (const example of comparison.examples) {
      output.complain(printable(`${region}: ${example}`, 1000));
    }
    const more = comparison.differences - comparison.examples.length;
    if (more > 0) {
      output.complain(`${region}: and ${formatNumber(more)} more`);
    }
    rows.push(...comparison.tables.flatMap((table) => rowsOf(region, table)));
  }
  if (results.length === 0) {
    output.say(areRegionsOff() ? REGIONS_ARE_OFF : 'No region has a database yet, so there is nothing to compare.');
  } else if (rows.length > 0) {
    output.say(renderTable(['region', 'of', 'in', 'rows', 'pieces', 'value', 'ids and versions'], rows));
  }
  for (const one of results) {
    if ('comparison' in one) {
      output.say(verdictOf(one.region, one.comparison), one.comparison.differences === 0 ? 'success' : 'error');
    }
  }
  output.json(
    Object.fromEntries(
      results.map((one) => [
        one.region,
        'error' in one ? { error: one.error.message } : comparisonJson(one.comparison),
      ]),
    ),
  );
}

function rowsOf(name: string, { aggregate, region, central }: TableComparison): Cell[][] {
  const what = aggregate === 'order' ? 'orders' : 'stock';
  return (
    [
      [name, region],
      ['central', central],
    ] as const
  ).map(([place, { rows, pieces, valueCents, hash }]) => [
    name,
    what,
    place,
    rows,
    pieces,
    amountCell(fromCents(valueCents)),
    hash.slice(0, SHOWN_HASH),
  ]);
}

function verdictOf(region: string, { watermark, leftOut, differences }: Comparison): string {
  const upTo =
    watermark === undefined
      ? 'central has received nothing from it'
      : `up to event ${watermark.seq} of epoch ${watermark.epoch}`;
  const rest = leftOut > 0 ? `; ${countOf(leftOut, 'change')} in transit left out` : '';
  return differences === 0
    ? `${region}: equal, ${upTo}${rest}`
    : `${region}: ${countOf(differences, 'difference')}, ${upTo}${rest}. Fix it with npx meridian resend --region ${region}`;
}

/** The JSON result. */
export function comparisonJson({ watermark, tables, ...rest }: Comparison): object {
  const totals = ({ pieces, valueCents, ...others }: TableComparison['region']) => ({
    ...others,
    pieces: String(pieces),
    value: fromCents(valueCents),
  });
  return {
    ...rest,
    watermark: watermark ?? null,
    tables: Object.fromEntries(
      tables.map(({ aggregate, region, central }) => [aggregate, { region: totals(region), central: totals(central) }]),
    ),
  };
}
