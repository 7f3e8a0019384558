/** `meridian regions remove` */
import process from 'node:process';
import type { Command } from 'commander';
import { countOf, Output, type OutputOptions, withOutputOptions } from '../../module.ts';
import { knownRegions } from '../regions/databases.ts';
import { removeRegion } from '../regions/remove-region.ts';

interface Options extends OutputOptions {
  readonly force?: boolean;
}

export function addRegionsRemove(regions: Command): void {
  withOutputOptions(
    regions
      .command('remove')
      .summary('remove a region, its database and what central has of it')
      .description(
        'Removes a region that was created by mistake: its database, and its rows in central and the document store. A region that ' +
          'holds orders or stock, or that central has events of, is removed only with --force. Stop its relay first.',
      )
      .argument('<name>', 'such as boston')
      .option('--force', 'remove the orders and stock of the region as well, permanently'),
    'object',
  ).action(async (name: string, _: Options, own: Command) => {
    process.exitCode = await remove(name, own.optsWithGlobals());
  });
}

async function remove(region: string, options: Options): Promise<number> {
  const output = new Output(options);
  const { orders, products, inCentral } = await removeRegion(region, options.force);
  output.say(
    `${region} is removed: ${countOf(orders, 'order')} and ${countOf(products, 'product')} in its database, ${countOf(inCentral, 'row')} in central.`,
  );
  const isKnown = knownRegions().includes(region);
  if (isKnown) {
    output.note(`${region} is still configured: REGIONS or a variable of its own names it, or REGIONS is not set.`);
  }
  output.json({ region, orders, products, inCentral, isConfigured: isKnown });
  return 0;
}
