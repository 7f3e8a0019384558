/** The options of populate that load orders into the databases of regions. */
import { type Command, Option } from 'commander';
import { MeridianError } from '../../index.ts';
import type { PopulateExtension, PopulatePlan } from '../../module.ts';
import { regionNameOf } from '../../replication/index.ts';
import { orders, ordersOf } from '../catalog.ts';
import { newRegionDatabase, refuseRegionsOff } from '../regions/databases.ts';
import type { RegionMap } from '../regions/region-map.ts';

interface RegionArguments {
  readonly region?: string;
  readonly regionBy?: string;
  readonly regionMap?: string;
}

const NO_MAP: RegionMap = new Map();

export const regionalPopulate: PopulateExtension = { addOptions: addRegionOptions, plan: toRegions };

function addRegionOptions(command: Command): void {
  command
    .option(
      '--region <name>',
      'load orders into the database of this region, which is created if it is new: lower case letters, digits and hyphens',
    )
    .option(
      '--region-by <column>',
      'spread orders over regions by what they hold in this column: each value, such as United Kingdom, becomes a region, ' +
        'such as united-kingdom; if two values would become the same region, nothing is loaded, unless --region-map names them; ' +
        'records without a value are rejected, in the rejects file of the first region',
    )
    .addOption(
      new Option(
        '--region-map <file>',
        'with --region-by: maps values to regions: CSV or TSV with the columns value and region, or JSON such as ' +
          '{"United Kingdom":"uk"}; other values become regions as they are',
      ),
    );
}

async function toRegions(
  { region, regionBy, regionMap }: RegionArguments,
  plan: PopulatePlan,
  files: readonly string[],
): Promise<PopulatePlan> {
  if (regionMap !== undefined && regionBy === undefined) {
    throw new MeridianError('usage', '--region-map needs --region-by.');
  }
  if (region !== undefined && regionBy !== undefined) {
    throw new MeridianError('usage', '--region loads into one region and --region-by into many: give one of them.');
  }
  if (regionBy !== undefined) {
    return { ...plan, spread: await spreadBy(regionBy, regionMap, files.includes(orders.name)) };
  }
  if (region === undefined) {
    return plan;
  }
  const database = newRegionDatabase(region);
  if (plan.sources[orders.name] === undefined) {
    throw new MeridianError('usage', `--region ${region} needs --orders <file>.`);
  }
  return {
    catalog: plan.catalog.map((one) => (one.name === orders.name ? database : one)),
    sources: renamed(plan.sources, database.name),
    columns: renamed(plan.columns, database.name),
    values: renamed(plan.values, database.name),
  };
}

async function spreadBy(
  column: string,
  mapFile: string | undefined,
  hasOrdersFile: boolean,
): Promise<NonNullable<PopulatePlan['spread']>> {
  if (column.trim() === '') {
    throw new MeridianError('usage', '--region-by needs the name of a column.');
  }
  refuseRegionsOff();
  if (!hasOrdersFile) {
    throw new MeridianError('usage', `--region-by ${column} needs --orders <file>.`);
  }
  const map = mapFile === undefined ? NO_MAP : await (await import('../regions/region-map.ts')).readRegionMap(mapFile);
  return {
    database: orders.name,
    column: column.trim(),
    noun: 'region',
    databaseOf(value) {
      const name = map.get(value) ?? regionNameOf(value);
      return name === undefined ? undefined : ordersOf(name);
    },
    isMapped: (value) => map.has(value),
  };
}

/** Replaces the name `orders` by the name of the region's database. */
function renamed<T>(given: Readonly<Record<string, T>>, database: string): Record<string, T> {
  return Object.fromEntries(Object.entries(given).map(([name, one]) => [name === orders.name ? database : name, one]));
}
