/** `meridian regions`, `meridian regions add`, `meridian regions rename` and `meridian regions remove` */
import process from 'node:process';
import type { Command } from 'commander';
import {
  countOf,
  exitCodeFor,
  Output,
  type OutputOptions,
  printable,
  renderTable,
  withOutputOptions,
  worstOf,
} from '../../module.ts';
import { addRegion } from '../regions/add-region.ts';
import { newRegionDatabase, REGIONS_ARE_OFF, regionDatabase } from '../regions/databases.ts';
import { readStatuses } from '../regions/read-regions.ts';
import { renameRegion } from '../regions/rename.ts';
import type { RegionStatus } from '../regions/status.ts';
import { type RegionOptions, regionsOf, withRegionOption } from './region.options.ts';
import { addRegionsRemove } from './regions-remove.command.ts';

const HEAD = ['region', 'orders', 'pending', 'products', 'on hand', 'unshipped', 'lag s', 'relay', 'last error'];

export function defineRegionsCommand(command: Command): void {
  command.description(
    'Shows for each region its orders and stock, the events that have not reached central, the age of the oldest of them, ' +
      'and its relay.',
  );
  withRegionOption(command, 'only this region; may be given several times (default: all)');
  withOutputOptions(command).action(async (options: RegionOptions) => {
    process.exitCode = await show(options);
  });
  withOutputOptions(
    command
      .command('add')
      .summary('create the database of a region')
      .description(
        'Creates the database of a region, or adopts an existing one: if it has orders without events, the next sync sends ' +
          'everything that it holds to central.',
      )
      .argument('<name>', 'lower case letters, digits and hyphens'),
  ).action(async (name: string, _: OutputOptions, own: Command) => {
    process.exitCode = await add(name, own.optsWithGlobals());
  });
  withOutputOptions(
    command
      .command('rename')
      .summary('rename a region whose database has been moved')
      .description(
        'Renames a region whose database has been moved to the location of the new name. The next ' +
          'sync sends everything that it holds; central keeps the rows of the old name until it is rebuilt. docs/guides/regions.md has the steps.',
      )
      .argument('<name>', 'the current name of the region')
      .argument('<new-name>', 'lower case letters, digits and hyphens'),
  ).action(async (name: string, newName: string, _: OutputOptions, own: Command) => {
    process.exitCode = await rename(name, newName, own.optsWithGlobals());
  });
  addRegionsRemove(command);
}

async function show(options: RegionOptions): Promise<number> {
  const output = new Output(options);
  const regions = regionsOf(options);
  const results = await readStatuses(regions);
  const rows = results.map((result): (string | number)[] => {
    const region = result.region;
    if ('error' in result) {
      return [region, '?', '?', '?', '?', '?', '?', 'cannot be read', ''];
    }
    return result.value === undefined
      ? [region, ...HEAD.slice(1, -2).map(() => '–'), 'no database yet', '']
      : rowOf(region, result.value);
  });
  output.say(regions.length === 0 ? REGIONS_ARE_OFF : renderTable(HEAD, rows));
  for (const result of results) {
    if ('error' in result) {
      output.fail(result.error);
    }
  }
  output.json(
    Object.fromEntries(
      results.map((result) => [
        result.region,
        'error' in result ? { error: result.error.message } : (result.value ?? null),
      ]),
    ),
  );
  return worstOf(results.map((result) => ('error' in result ? exitCodeFor(result.error) : 0)));
}

function rowOf(region: string, status: RegionStatus): (string | number)[] {
  const { orders, pending, products, onHand, unshipped, lagSeconds, relay, lastError } = status;
  return [
    region,
    orders,
    pending,
    products,
    onHand,
    unshipped,
    Math.round(lagSeconds),
    relay,
    lastError === null ? '' : printable(lastError),
  ];
}

async function add(name: string, options: OutputOptions): Promise<number> {
  const output = new Output(options);
  const { place, ...added } = await addRegion(name, (of, migrations) =>
    output.note(`${of}: applied ${migrations.join(', ')}`),
  );
  const orders = countOf(added.orders, 'order');
  if (added.isBackfilled) {
    output.say(`${name}: ${orders} and ${countOf(added.products, 'product')} will be sent by the next sync.`);
  } else {
    output.say(
      added.isNew ? `${name} has been created, in ${place}.` : `${name} exists already: ${orders}, in ${place}.`,
    );
  }
  output.json({ region: name, ...added });
  return 0;
}

async function rename(name: string, newName: string, options: OutputOptions): Promise<number> {
  const output = new Output(options);
  const [old, renamed] = [regionDatabase(name), newRegionDatabase(newName)];
  const { place, isCopy } = await renameRegion(old, renamed, (of, migrations) =>
    output.note(`${of}: applied ${migrations.join(', ')}`),
  );
  output.say(
    `${name} is ${newName} now, in ${place}. The next sync sends everything that it holds; central has ${name} as well until it is rebuilt.`,
  );
  if (isCopy) {
    output.complain(
      `${old.name}: a database still exists. If it is a copy, move it away: its orders would be counted twice.`,
    );
  }
  output.json({ region: newName, formerly: name, isCopy });
  return 0;
}
