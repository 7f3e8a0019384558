/** `meridian documents find`, `documents status` and `documents rebuild` */
import process from 'node:process';
import type { Command } from 'commander';
import { MeridianError } from '../../index.ts';
import {
  amountCell,
  countOf,
  exitCodeFor,
  formatNumber,
  idCell,
  ListOption,
  Output,
  type OutputOptions,
  printable,
  printableLines,
  renderTable,
  wholeNumber,
  withOutputOptions,
} from '../../module.ts';
import { formatInstant } from '../../types.ts';
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
/** The number of rejected documents that are listed with their errors. */
const MAX_LISTED_REFUSALS = 20;

const WHERE_HELP = `
Conditions, for --where:
  details.gift.wrap=true   an equal value: JSON (true, 5, null, "5"), or text
  country!=France          no equal value, or no value
  lines.quantity>=5        also > < <= ; numbers by their size, text by its
                           characters
  details.gift             has a value
  !details.gift            has no value
A path goes through lists, to each element. Documents have id, region, userId,
placedAt, country, total, totalCents, lines (orderId, productId, name, quantity,
unitPrice, unitPriceCents) and details.
Quote what the shell would interpret: --where 'totalCents>10000'.`;

export function defineDocumentsCommand(documents: Command): void {
  documents.description('The document store holds a document for each placed order, with its details.');
  withOutputOptions(
    documents
      .command('find')
      .summary('find order documents')
      .description(
        'Finds the documents of orders, as they were placed, the newest first. A document has to meet all conditions.',
      )
      .option('--region <name>', 'placed in this region')
      .option('--user <id>', 'by this user', wholeNumber)
      .option('--product <id>', 'with this product', wholeNumber)
      .addOption(new ListOption('--where <condition>', 'such as details.gift.wrap=true; may be given several times'))
      .option('--from <when>', 'leave out orders placed before: a date (UTC), or a time with a zone')
      .option('--to <when>', 'leave out orders placed after; a date counts to its end')
      .option('--limit <number>', 'how many', wholeNumber, DEFAULT_LIMIT)
      .addHelpText('after', WHERE_HELP),
    'array of whole documents',
  ).action(async (options: FindOptions) => {
    await find(options);
  });
  withOutputOptions(
    documents
      .command('status')
      .summary('show what the document store holds, and what waits for it')
      .description(
        'Shows whether the document store can be reached, what it holds, what waits for it and what it rejects. Exits 1 if it cannot be reached.',
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
        'Sends everything that the regions hold to central again, and from there the documents to the document store, with the ' +
          'component lists: for a store that was lost or restored from a backup. It is created if it does not exist.',
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
    // an invalid name is rejected before anything is opened
    regionDatabase(region);
  }
  const query = { region, userId, ...periodOf(options), conditions: conditionsOf(options), limit };
  const store = await openDocumentStoreToRead();
  try {
    if (region !== undefined) {
      await checkRegionOfDocuments(store, region);
    }
    // read before the documents, which then include those that arrive meanwhile
    const waiting = await readBacklog();
    const found = await store.findDocuments(query);
    if (found.length === 0) {
      output.say('No documents meet the conditions.');
    } else {
      output.say(renderTable(['placed at', 'region', 'user', 'key', 'total', 'lines', 'details'], found.map(rowOf)));
      if (found.length === limit) {
        output.say(`The newest ${limit} are shown; --limit shows more.`);
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
        : `There is no store yet: the next sync that has something to copy creates ${place}.`,
  );
  for (const { region, orderId, error } of refused) {
    output.say(printable(`Rejected: the document of order ${orderId} of ${region}: ${error}`, 1000));
  }
  for (const reason of waiting.unknown) {
    output.complain(printableLines(`The backlog is not fully known: ${reason}`));
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

async function rebuild(options: OutputOptions): Promise<number> {
  const output = new Output(options);
  const place = await storePlace();
  return rebuildDocuments(() => syncing(options, resendEverything), {
    started: (lists) =>
      output.note(`${countOf(lists, 'component list')} and all documents are copied to ${place} again.`),
    removed: (lists) =>
      output.note(`${countOf(lists, 'component list')} removed that the products database does not have.`),
  });
}
