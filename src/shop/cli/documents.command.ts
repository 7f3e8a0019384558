/** `meridian documents find`, `documents status` and `documents rebuild` */
import process from 'node:process';
import type { Command } from 'commander';
import { withOutputOptions } from '../../cli/options/common-options.ts';
import { ListOption } from '../../cli/options/list.option.ts';
import { wholeNumber } from '../../cli/options/whole-number.ts';
import { exitCodeFor } from '../../cli/output/exit-code.ts';
import { countOf, formatInstant, formatNumber } from '../../cli/output/format.ts';
import { printable, printableLines } from '../../cli/output/printable.ts';
import { amountCell, idCell, renderTable } from '../../cli/output/table.ts';
import { Output, type OutputOptions } from '../../cli/output/terminal.ts';
import { MeridianError } from '../../shared/errors.ts';
import { periodOf } from '../central/reports/period.ts';
import { type Condition, MAX_CONDITIONS, readCondition } from '../documents/condition.ts';
import { checkRegionOfDocuments } from '../documents/known-region.ts';
import type { OrderDocument } from '../documents/model/order-document.ts';
import { openDocumentStoreToRead, storePlace } from '../documents/open.ts';
import { rebuildDocuments } from '../documents/rebuild.ts';
import { storeStatus } from '../documents/store-status.ts';
import { readBacklog } from '../documents/waiting.ts';
import { regionDatabase } from '../regions/databases.ts';
import { resendEverything } from '../sync/resend.ts';
import { backlogSentences } from './documents.wording.ts';
import { syncing } from './resend.command.ts';

interface FindOptions extends OutputOptions {
  readonly region?: string;
  readonly user?: number;
  readonly product?: number;
  readonly where?: readonly string[];
  readonly from?: string;
  readonly to?: string;
  readonly limit: number;
}

const DEFAULT_LIMIT = 20;
const MAX_LIMIT = 100_000;
/** Refused documents that are told with their reasons. */
const MAX_LISTED_REFUSALS = 20;

const WHERE_HELP = `
Conditions, for --where:
  details.gift.wrap=true   a value that is equal: JSON (true, 5, null, "5"), or
                           else text
  country!=France          no value that is equal, or none at all
  lines.quantity>=5        also > < <= ; numbers by their size, text by its
                           characters
  details.gift             there is something
  !details.gift            there is nothing
A path goes through lists, to each element. Documents have id, region, userId,
placedAt, country, total, totalCents, lines (orderId, productId, name, quantity,
unitPrice, unitPriceCents) and details.
Quote what the shell would take for its own: --where 'totalCents>10000'.`;

export function addDocumentsCommands(program: Command): void {
  const documents = program
    .command('documents')
    .summary('find order documents; look after the document store')
    .description('The document store: a document for each order that was placed, with whatever details it was given.');
  withOutputOptions(
    documents
      .command('find')
      .summary('find order documents')
      .description(
        'Finds the documents of orders, as they were placed: the newest first. All that is asked has to be true of them.',
      )
      .option('--region <name>', 'placed in this region')
      .option('--user <id>', 'by this user', wholeNumber)
      .option('--product <id>', 'with this product', wholeNumber)
      .addOption(new ListOption('--where <condition>', 'such as details.gift.wrap=true; may be given several times'))
      .option('--from <when>', 'leave out what was placed before: a date (UTC), or a time with a zone')
      .option('--to <when>', 'leave out what was placed after; a date counts to its end')
      .option('--limit <number>', 'how many', wholeNumber, DEFAULT_LIMIT)
      .addHelpText('after', WHERE_HELP),
    'array of whole documents',
  ).action(async (options: FindOptions) => {
    await find(options);
  });
  withOutputOptions(
    documents
      .command('status')
      .summary('tell what the document store holds, and what waits for it')
      .description(
        'Tells whether the document store can be reached, what it holds, what waits for it and what it does not take. Exits 1 if it cannot be reached.',
      ),
    'object',
  ).action(async (options: OutputOptions) => {
    process.exitCode = await status(options);
  });
  withOutputOptions(
    documents
      .command('rebuild')
      .summary('fill the document store again')
      .description(
        'Sends everything that the regions hold to central again, and from there the documents to the document store, with what ' +
          'products are made of: for a store that was lost, or restored from a backup. It is made if it is not there.',
      ),
    'object',
  ).action(async (options: OutputOptions) => {
    process.exitCode = await rebuild(options);
  });
}

async function find(options: FindOptions): Promise<void> {
  const output = new Output(options);
  const { region, user: userId, limit } = options;
  if (limit > MAX_LIMIT) {
    throw new MeridianError(
      'usage',
      `--limit can be at most ${MAX_LIMIT}. Narrow the search with --from and --to instead.`,
    );
  }
  if (region !== undefined) {
    // a name that cannot be one is told before anything is opened
    regionDatabase(region);
  }
  const query = { region, userId, ...periodOf(options), conditions: conditionsOf(options), limit };
  const store = await openDocumentStoreToRead();
  try {
    if (region !== undefined) {
      await checkRegionOfDocuments(store, region);
    }
    // asked for before the documents: what arrives meanwhile is among them
    const waiting = await readBacklog();
    const found = await store.findDocuments(query);
    if (found.length === 0) {
      output.say('No documents are like that.');
    } else {
      output.say(renderTable(['placed at', 'region', 'user', 'key', 'total', 'lines', 'details'], found.map(rowOf)));
      if (found.length === limit) {
        output.say(`The newest ${limit}; --limit shows more.`);
      }
    }
    for (const line of backlogSentences(waiting)) {
      output.note(printableLines(line));
    }
    output.json(found);
  } finally {
    await store.close();
  }
}

function conditionsOf({ where = [], product }: FindOptions): Condition[] {
  if (where.length > MAX_CONDITIONS) {
    throw new MeridianError('usage', `--where can be given at most ${MAX_CONDITIONS} times.`);
  }
  return [
    ...where.map(readCondition),
    ...(product === undefined
      ? []
      : [{ kind: 'compare', path: ['lines', 'productId'], operator: '=', value: product } as const]),
  ];
}

const MAX_SHOWN_LINES = 5;

function rowOf({ placedAt, region, userId, id, total, lines, details }: OrderDocument) {
  const shown = lines
    .slice(0, MAX_SHOWN_LINES)
    .map(({ quantity, name, productId }) => `${formatNumber(quantity)} of ${name ?? `product ${productId}`}`);
  const more = lines.length > MAX_SHOWN_LINES ? [`${lines.length - MAX_SHOWN_LINES} more`] : [];
  const detailsText = Object.keys(details).length === 0 ? '' : JSON.stringify(details);
  return [
    formatInstant(placedAt),
    printable(region),
    idCell(userId),
    printable(id),
    amountCell(total),
    printable([...shown, ...more].join(', ')),
    printable(detailsText),
  ];
}

async function status(options: OutputOptions): Promise<number> {
  const output = new Output(options);
  const { place, isThere, documents, componentLists, waiting, refused, failure } =
    await storeStatus(MAX_LISTED_REFUSALS);
  output.say(
    renderTable(
      ['', 'in the store', 'waiting'],
      [
        ['order documents', failure ? '?' : documents, waiting.documents],
        ['component lists', failure ? '?' : componentLists, waiting.componentLists],
      ],
    ),
  );
  output.say(
    failure
      ? `The store, ${place}, cannot be reached.`
      : isThere
        ? `The store is ${place}.`
        : `There is no store yet: ${place} is made by the next sync that brings something.`,
  );
  for (const { region, orderId, error } of refused) {
    output.say(printable(`Not taken: the document of order ${orderId} of ${region}: ${error}`, 1000));
  }
  for (const reason of waiting.unknown) {
    output.complain(printableLines(`What waits is not wholly known: ${reason}`));
  }
  if (failure !== undefined) {
    output.fail(failure);
  }
  const { unknown, ...counted } = waiting;
  output.json({
    store: { place, isThere, documents, componentLists, error: failure?.message ?? null },
    waiting: { ...counted, unknown },
    refused,
  });
  return failure === undefined ? 0 : exitCodeFor(failure);
}

function rebuild(options: OutputOptions): Promise<number> {
  const output = new Output(options);
  return rebuildDocuments(() => syncing(options, resendEverything), {
    started: (lists) =>
      output.note(`${countOf(lists, 'component list')} and all documents are brought to ${storePlace()} again.`),
    removed: (lists) =>
      output.note(`${countOf(lists, 'component list')} removed that the products database does not have.`),
  });
}
