/** `meridian stock receive` and `meridian stock list` */
import process from 'node:process';
import type { Command } from 'commander';
import { asError } from '../../index.ts';
import {
  amountCell,
  countOf,
  exitCodeFor,
  idCell,
  Output,
  type OutputOptions,
  printable,
  renderTable,
  wholeNumber,
  withOutputOptions,
} from '../../module.ts';
import { regionOf } from '../../replication/index.ts';
import { formatAmount } from '../../types.ts';
import { areRegionsOff, knownRegion, REGIONS_ARE_OFF, regionDatabases } from '../regions/databases.ts';
import { listStock } from '../trading/list.ts';
import { receiveStock } from '../trading/receive-stock.ts';
import type { Stock } from '../trading/stock.entity.ts';
import { quantityNumber } from './quantity.argument.ts';
import { ofRegion, type RegionArguments, withRegion } from './region.arguments.ts';

interface ReceiveOptions extends RegionArguments {
  readonly product: number;
  readonly quantity: number;
  readonly price?: string;
  readonly key?: string;
}

interface ListOptions extends OutputOptions {
  readonly region?: string;
}

export function defineStockCommand(stock: Command): void {
  stock.description('The stock of a region.');
  ofRegion(
    stock
      .command('receive')
      .summary('add a delivery to the stock of a region')
      .description(
        'Adds a delivery to the stock of a region. Name and price of a product that is new there come from the products ' +
          'database; while that cannot be reached, --price is needed. Pending migrations are applied first.',
      )
      .requiredOption('--product <id>', 'which product', wholeNumber)
      .requiredOption('--quantity <n>', 'how many pieces, from 1', quantityNumber)
      .option('--price <amount>', 'the new unit price, such as 9.99')
      .option('--key <key>', 'a repeated key changes nothing and returns the first outcome'),
    'object',
  ).action(async (options: ReceiveOptions) => {
    await receive(options);
  });
  withOutputOptions(
    stock
      .command('list')
      .summary('list the stock of regions')
      .description('Lists the stock of one region, or of all regions.')
      .option('--region <name>', 'which region; all if none is named'),
    'array',
  ).action(async (options: ListOptions) => {
    process.exitCode = await list(options);
  });
}

async function receive(options: ReceiveOptions): Promise<void> {
  const output = new Output(options);
  const { product: productId, quantity, price, key } = options;
  const received = await withRegion(options, output, (region) =>
    receiveStock(region, { productId, quantity, price, key }),
  );
  if (received.isRepeated) {
    output.say(
      `The key ${printable(received.key)} was used before, so nothing was received now. The first outcome was:`,
    );
  }
  output.say(
    `Received ${countOf(received.received, 'piece')} of product ${productText(received)} in ${options.region}: ` +
      `${countOf(received.onHand, 'piece')} on hand at ${formatAmount(received.unitPrice)}.`,
    'success',
  );
  output.json({ region: options.region, ...received });
}

function productText({ productId, name }: Stock): string {
  return name === null ? String(productId) : `${productId} (${printable(name)})`;
}

async function list(options: ListOptions): Promise<number> {
  const output = new Output(options);
  const names =
    options.region === undefined ? regionDatabases().map(({ name }) => regionOf(name)) : [knownRegion(options.region)];
  const found: (Stock & { readonly region: string })[] = [];
  let code = 0;
  for (const region of names) {
    try {
      for (const stock of await listStock(region)) {
        found.push({ region, ...stock });
      }
    } catch (error) {
      // a failure in one region does not hide the others
      code = Math.max(code, exitCodeFor(error));
      output.fail(asError(error));
    }
  }
  if (found.length === 0) {
    output.say(areRegionsOff() ? REGIONS_ARE_OFF : 'No stock yet: add some with npx meridian stock receive.');
  } else {
    output.say(
      renderTable(
        ['region', 'product', 'on hand', 'unit price', 'name'],
        found.map((one) => [
          one.region,
          idCell(one.productId),
          one.onHand,
          amountCell(one.unitPrice),
          printable(one.name ?? ''),
        ]),
      ),
    );
  }
  output.json(found);
  return code;
}
