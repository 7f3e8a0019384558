/** `meridian regions`, `meridian regions add`, `meridian regions rename` and `meridian regions remove` */
import process from 'node:process';
import type { Command } from 'commander';
import { withOutputOptions } from '../../cli/options/common-options.ts';
import { exitCodeFor, worstOf } from '../../cli/output/exit-code.ts';
import { countOf, Output, type OutputOptions, printable, renderTable } from '../../cli/output/terminal.ts';
import type { Database } from '../../database/database.ts';
import { eachDatabase } from '../../database/each-database.ts';
import { refusePending } from '../../database/migrations.ts';
import { beginEpoch } from '../../replication/outbox/epoch.ts';
import { regionOf } from '../../replication/region-name.ts';
import { newRegionDatabase, REGIONS_ARE_OFF, regionDatabase } from '../regions/databases.ts';
import { openOrTakeIn, renameRegion } from '../regions/rename.ts';
import { type RegionStatus, regionStatus } from '../regions/status.ts';
import { holdsUnpublished } from '../trading/unpublished.ts';
import { type RegionOptions, regionsOf, withRegionOption } from './region.options.ts';
import { addRegionsRemove } from './regions-remove.command.ts';

const HEAD = ['region', 'orders', 'pending', 'products', 'on hand', 'unshipped', 'lag s', 'relay', 'last error'];

export function addRegionsCommand(program: Command): void {
  const command = program
    .command('regions')
    .summary('show what each region holds and how far central is behind')
    .description(
      'Shows for each region its orders and stock, the events that have not reached central, how old the oldest of them ' +
        'is, and its relay.',
    );
  withRegionOption(command, 'only this region; may be given several times (default: all)');
  withOutputOptions(command).action(async (options: RegionOptions) => {
    process.exitCode = await show(options);
  });
  withOutputOptions(
    command
      .command('add')
      .summary('make the database of a new region')
      .description(
        'Makes the database of a region, or takes one in that is there: with orders that no event has told of, everything ' +
          'that it holds is sent to central by the next sync.',
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
        'Gives the database of a region, which has been moved to where that of the new name is looked for, to the new name. The next ' +
          'sync sends all that it holds; central keeps what it has under the old name until it is rebuilt. docs/regions.md has the steps.',
      )
      .argument('<name>', 'what the region is called so far')
      .argument('<new-name>', 'lower case letters, digits and hyphens'),
  ).action(async (name: string, newName: string, _: OutputOptions, own: Command) => {
    process.exitCode = await rename(name, newName, own.optsWithGlobals());
  });
  addRegionsRemove(command);
}

async function show(options: RegionOptions): Promise<number> {
  const output = new Output(options);
  const declarations = regionsOf(options).map((name) => regionDatabase(name));
  const results = await eachDatabase(declarations, { create: false, lock: false }, statusOf);
  const rows = results.map((result): (string | number)[] => {
    const region = regionOf(result.name);
    if ('error' in result) {
      return [region, '?', '?', '?', '?', '?', '?', 'cannot be read', ''];
    }
    return result.value === undefined
      ? [region, ...HEAD.slice(1, -2).map(() => '–'), 'no database yet', '']
      : rowOf(region, result.value);
  });
  output.say(declarations.length === 0 ? REGIONS_ARE_OFF : renderTable(HEAD, rows));
  for (const result of results) {
    if ('error' in result) {
      output.fail(result.error);
    }
  }
  output.json(
    Object.fromEntries(
      results.map((result) => [
        regionOf(result.name),
        'error' in result ? { error: result.error.message } : (result.value ?? null),
      ]),
    ),
  );
  return worstOf(results.map((result) => ('error' in result ? exitCodeFor(result.error) : 0)));
}

/** Nothing for a region without a database. */
async function statusOf(database: Database): Promise<RegionStatus | undefined> {
  if (database.isMissing) {
    return undefined;
  }
  await refusePending(database);
  return regionStatus(database);
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
  const declaration = newRegionDatabase(name);
  const database = await openOrTakeIn(declaration, (of, migrations) =>
    output.note(`${of}: applied ${migrations.join(', ')}`),
  );
  const isNew = database.isMissing;
  try {
    const { orders, products } = await regionStatus(database);
    const isUnpublished = await holdsUnpublished(database);
    if (isUnpublished) {
      await beginEpoch(database);
      output.say(
        `${name}: ${countOf(orders, 'order')} and ${countOf(products, 'product')} will be sent by the next sync.`,
      );
    } else {
      output.say(
        isNew
          ? `${name} has been made, in ${database.place}.`
          : `${name} was there already: ${countOf(orders, 'order')}, in ${database.place}.`,
      );
    }
    output.json({ region: name, orders, products, isNew, isBackfilled: isUnpublished });
    return 0;
  } finally {
    await database.close();
  }
}

async function rename(name: string, newName: string, options: OutputOptions): Promise<number> {
  const output = new Output(options);
  const [old, renamed] = [regionDatabase(name), newRegionDatabase(newName)];
  const { place, isCopy } = await renameRegion(old, renamed, (of, migrations) =>
    output.note(`${of}: applied ${migrations.join(', ')}`),
  );
  output.say(
    `${name} is ${newName} now, in ${place}. The next sync sends all that it holds; central has ${name} as well until it is rebuilt.`,
  );
  if (isCopy) {
    output.complain(
      `${old.name}: a database is still there. If it is a copy, move it away: what it holds would be counted twice.`,
    );
  }
  output.json({ region: newName, formerly: name, isCopy });
  return 0;
}
