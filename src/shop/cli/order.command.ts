/** `meridian order place`, `meridian order cancel` and `meridian order list` */
import process from 'node:process';
import { type Command, Option } from 'commander';
import { MeridianError } from '../../index.ts';
import {
  amountCell,
  countOf,
  FAILED,
  idCell,
  ListOption,
  Output,
  openLog,
  printable,
  renderTable,
  wholeNumber,
} from '../../module.ts';
import { formatAmount, formatInstant } from '../../types.ts';
import { type Details, DetailsError, readDetails } from '../documents/model/details.ts';
import { MAX_PRODUCTS } from '../limits.ts';
import { ORDER_STATUSES, type OrderStatus } from '../orders/order.entity.ts';
import { knownRegion } from '../regions/databases.ts';
import { type Cancellation, cancelCheckout, cancelOrder } from '../trading/cancel-order.ts';
import { listOrders } from '../trading/list.ts';
import type { OrderItem } from '../trading/order-request.ts';
import { placeOrder } from '../trading/place-order.ts';
import type { OrderOutcome, PlacedOrder } from '../trading/placed-order.ts';
import { readItem } from './item.argument.ts';
import { ofRegion, type RegionArguments, withRegion } from './region.arguments.ts';

interface PlaceOptions extends RegionArguments {
  readonly user: number;
  readonly item: readonly OrderItem[];
  readonly country?: string;
  readonly key?: string;
  readonly details?: Details;
}

interface CancelOptions extends RegionArguments {
  readonly order?: number;
  readonly checkout?: string;
  readonly reason?: string;
}

interface ListOptions extends RegionArguments {
  readonly status?: OrderStatus;
  readonly limit: number;
}

const DEFAULT_LIMIT = 20;

export function defineOrderCommand(order: Command): void {
  order.description('Orders that are placed in a region.');
  ofRegion(
    order
      .command('place')
      .summary('place an order in a region')
      .description(
        'Takes all items from the stock of a region and writes an order for each product, or does nothing and prints why. ' +
          'Needs only the database of the region: a user or product that cannot be checked leaves the order pending. ' +
          'Pending migrations are applied first.',
      )
      .requiredOption('--user <id>', 'who orders', wholeNumber)
      .addOption(
        new ListOption(
          '--item <product x quantity>',
          `a product and how many of it, such as 3x1; once for each of up to ${MAX_PRODUCTS} products`,
          readItem,
        ).makeOptionMandatory(),
      )
      .option('--country <name>', 'where it is sold')
      .option('--key <key>', 'a repeated key places nothing and returns the first outcome')
      .option(
        '--details <json>',
        'details to store with the order, as a JSON object such as {"gift": {"wrap": true}}; up to 16 KiB',
        readDetailsOption,
      ),
    'object',
  ).action(async (options: PlaceOptions) => {
    process.exitCode = await place(options);
  });
  ofRegion(
    order
      .command('cancel')
      .summary('cancel an order, putting back what it took')
      .description(
        'Cancels an order, or all that were placed together, and puts what they took back into stock, once. To cancel what ' +
          'is cancelled changes nothing and is not an error.',
      )
      .option('--order <id>', 'which order', wholeNumber)
      .option('--checkout <key>', 'instead of --order: all orders that were placed with this key')
      .option('--reason <text>', 'written to the log'),
    'array',
  ).action(async (options: CancelOptions) => {
    await cancel(options);
  });
  ofRegion(
    order
      .command('list')
      .summary('list the orders of a region')
      .description('Lists the newest orders of a region.')
      .addOption(new Option('--status <status>', 'only those').choices(ORDER_STATUSES))
      .option('--limit <number>', 'how many', wholeNumber, DEFAULT_LIMIT),
    'array',
  ).action(async (options: ListOptions) => {
    await list(options);
  });
}

/** @throws MeridianError `usage`, with only the reason, because the details may be long */
function readDetailsOption(text: string): Details {
  try {
    return readDetails(text);
  } catch (error) {
    throw error instanceof DetailsError
      ? new MeridianError('usage', printable(`The details are not valid: ${error.message}.`, 400))
      : error;
  }
}

async function place(options: PlaceOptions): Promise<number> {
  const output = new Output(options);
  const { region: name, user: userId, item: items, country, key, details } = options;
  const outcome = await withRegion(options, output, (region) =>
    placeOrder(region, { userId, items, country, key, details }),
  );
  if (outcome.isRepeated) {
    output.say(`The key ${printable(outcome.key)} was used before, so nothing was placed now. The first outcome was:`);
  }
  if (outcome.result === 'placed') {
    reportPlaced(output, name, outcome);
  } else {
    output.complain(
      `Rejected, and nothing was taken: ${outcome.reasons.map(({ message }) => message).join('; ')}.`,
      'error',
    );
  }
  output.json({ region: name, ...outcome });
  return exitCodeOf(outcome);
}

function exitCodeOf({ result }: OrderOutcome): number {
  return result === 'placed' ? 0 : FAILED;
}

function reportPlaced(output: Output, region: string, { orders, total, key, status }: PlacedOrder): void {
  output.say(
    renderTable(
      ['order', 'product', 'quantity', 'unit price'],
      orders.map((order) => [idCell(order.id), idCell(order.productId), order.quantity, amountCell(order.unitPrice)]),
    ),
  );
  output.say(
    `Placed in ${region} with the key ${printable(key)}: ${formatAmount(total)} in all, ${status}.`,
    status === 'pending' ? 'warning' : 'success',
  );
  if (status === 'pending') {
    output.say(
      'The user or a product could not be checked. When it can be, npx meridian verify --repair confirms or cancels.',
    );
  }
}

async function cancel(options: CancelOptions): Promise<void> {
  const output = new Output(options);
  const { region: name, order, checkout, reason } = options;
  if ((order === undefined) === (checkout === undefined)) {
    throw new MeridianError('usage', 'Name what to cancel with either --order <id> or --checkout <key>.');
  }
  const log = openLog((sentence) => output.complain(sentence));
  try {
    const cancellations = await withRegion(options, output, async (region) =>
      order === undefined ? cancelCheckout(region, checkout ?? '') : [await cancelOrder(region, order)],
    );
    for (const one of cancellations) {
      output.say(cancellationSentence(name, one), one.isCancelledNow ? 'success' : undefined);
      if (one.isCancelledNow) {
        log.logger.info({ region: name, ...one, reason }, cancellationSentence(name, one));
      }
    }
    output.json(cancellations.map((one) => ({ region: name, ...one })));
  } finally {
    log.close();
  }
}

function cancellationSentence(region: string, { orderId, productId, isCancelledNow, returned }: Cancellation): string {
  if (!isCancelledNow) {
    return `Order ${orderId} in ${region} is already cancelled: nothing was changed.`;
  }
  const what =
    returned === 0
      ? 'it had taken nothing from stock'
      : `${countOf(returned, 'piece')} of product ${productId} ${returned === 1 ? 'is' : 'are'} on hand again`;
  return `Cancelled order ${orderId} in ${region}: ${what}.`;
}

async function list(options: ListOptions): Promise<void> {
  const output = new Output(options);
  const { status, limit } = options;
  const region = knownRegion(options.region);
  const orders = await listOrders(region, { status, limit });
  if (orders.length === 0) {
    output.say(`No ${status === undefined ? '' : `${status} `}orders in ${region}.`);
  } else {
    output.say(
      renderTable(
        ['order', 'user', 'product', 'quantity', 'unit price', 'status', 'placed at', 'country', 'checkout'],
        orders.map((one) => [
          idCell(one.id),
          idCell(one.userId),
          idCell(one.productId),
          one.quantity,
          amountCell(one.unitPrice),
          one.status ?? '',
          formatInstant(one.placedAt ?? ''),
          printable(one.country ?? ''),
          printable(one.checkoutId ?? ''),
        ]),
      ),
    );
    if (orders.length === limit) {
      output.say(`The newest ${limit} are shown; --limit shows more.`);
    }
  }
  output.json(orders.map((one) => ({ region, ...one })));
}
