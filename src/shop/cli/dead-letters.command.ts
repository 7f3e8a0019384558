/** `meridian dead-letters list`, `show`, `retry` and `discard` */
import process from 'node:process';
import type { Command } from 'commander';
import type { Database } from '../../databases.ts';
import { MeridianError } from '../../index.ts';
import {
  countOf,
  FAILED,
  formatNumber,
  idCell,
  Output,
  type OutputOptions,
  printable,
  printableLines,
  renderTable,
  wholeNumber,
  withOutputOptions,
} from '../../module.ts';
import { type DeadLetter, type ShippedEvent } from '../../replication/index.ts';
import { parseJson } from '../../types.ts';
import { inboxOf } from '../central/inbox.ts';
import { checkRegion } from '../central/reports/known-region.ts';
import { regionDatabase } from '../regions/databases.ts';
import { withCentral } from '../regions/with-database.ts';

interface ListOptions extends OutputOptions {
  readonly region?: string;
  readonly limit: number;
}

/** The default limit, since each event may be long. */
const DEFAULT_LIMIT = 1000;

interface ChosenOptions extends OutputOptions {
  readonly all?: boolean;
}

export function defineDeadLettersCommand(letters: Command): void {
  letters.description(
    'Events that central could not apply. Until they are resolved, the figures of their regions are incomplete.',
  );
  withOutputOptions(
    letters
      .command('list')
      .summary('list them, the oldest first')
      .description('Lists the events that central could not apply, the oldest first.')
      .option('--region <name>', 'only those of this region')
      .option('--limit <number>', 'how many', wholeNumber, DEFAULT_LIMIT),
  ).action(async (options: ListOptions) => {
    process.exitCode = await list(options);
  });
  withOutputOptions(
    letters
      .command('show')
      .summary('show one of them in full')
      .description('Shows an event that central could not apply in full, with the error.')
      .argument('<id>', 'as the list shows it', wholeNumber),
  ).action(async (id: number, options: OutputOptions) => {
    process.exitCode = await show(id, options);
  });
  const chosen = (name: string, summary: string, description: string) =>
    withOutputOptions(
      letters
        .command(name)
        .summary(summary)
        .description(description)
        .argument('[ids...]', 'as the list shows them', (text: string, before: readonly number[] = []) => [
          ...before,
          wholeNumber(text),
        ])
        .option('--all', 'all of them'),
    );
  chosen(
    'retry',
    'apply them again',
    'Applies events again, for example after an upgrade of central. Exits 1 if one is not applied.',
  ).action(async (ids: readonly number[] | undefined, options: ChosenOptions) => {
    process.exitCode = await retry(ids ?? [], options);
  });
  chosen(
    'discard',
    'discard them',
    'Discards events permanently. Central lacks their changes until a newer event of the same row arrives, or the region is sent again.',
  ).action(async (ids: readonly number[] | undefined, options: ChosenOptions) => {
    process.exitCode = await discard(ids ?? [], options);
  });
}

async function list(options: ListOptions): Promise<number> {
  const output = new Output(options);
  const { region, limit } = options;
  if (region !== undefined) {
    // an invalid name is rejected before anything is opened
    regionDatabase(region);
  }
  const letters = await withCentral(async (central) => {
    if (region !== undefined) {
      await checkRegion(central, region);
    }
    return inboxOf(central).deadLetters(region, limit);
  });
  if (letters.length === 0) {
    output.say(`There are no dead letters${region === undefined ? '' : ` of ${region}`}.`);
  } else {
    output.say(
      renderTable(
        ['id', 'region', 'epoch:seq', 'event', 'attempts', 'state', 'error'],
        letters.map((letter) => [
          idCell(letter.id),
          letter.region,
          `${letter.epoch}:${letter.seq}`,
          printable(subjectOf(letter)),
          letter.attempts,
          letter.parkedAt === null ? 'retrying' : 'dead-lettered',
          printable(letter.error),
        ]),
      ),
    );
    if (letters.length === limit) {
      output.say(`The oldest ${formatNumber(limit)} are shown; --limit shows more.`);
    }
  }
  output.json(letters.map(deadLetterJson));
  return 0;
}

async function show(id: number, options: OutputOptions): Promise<number> {
  const output = new Output(options);
  const letter = await withCentral((central) => inboxOf(central).deadLetter(id));
  const { payload, ...event } = parseJson(letter.event) as ShippedEvent;
  output.say(`${letter.region}, epoch ${letter.epoch}, seq ${letter.seq}: ${printable(letter.error, 1000)}`);
  output.say(
    letter.parkedAt === null
      ? `Tried ${countOf(letter.attempts, 'time')} so far.`
      : `Dead-lettered on ${letter.parkedAt} after ${countOf(letter.attempts, 'attempt')}.`,
  );
  output.say(printableLines(JSON.stringify(event, null, 2)));
  output.say(`payload: ${printable(payload, 10_000)}`);
  output.json(deadLetterJson(letter));
  return 0;
}

const GONE =
  'it no longer exists: another process has applied or discarded it, or its region has sent everything again.';

async function retry(ids: readonly number[], options: ChosenOptions): Promise<number> {
  const output = new Output(options);
  return withCentral(async (central) => {
    const results: Record<string, string> = {};
    for (const id of await chosenOf(central, ids, options)) {
      const retried = await inboxOf(central).retry(id);
      results[id] = retried.result === 'refused' ? retried.reason : retried.result;
      if (retried.result === 'applied') {
        output.say(`${id}: applied`, 'success');
      } else {
        output.complain(`${id}: ${retried.result === 'gone' ? GONE : printable(retried.reason, 1000)}`);
      }
    }
    reportNone(output, results);
    output.json(results);
    return Object.values(results).every((result) => result === 'applied') ? 0 : FAILED;
  });
}

async function discard(ids: readonly number[], options: ChosenOptions): Promise<number> {
  const output = new Output(options);
  return withCentral(async (central) => {
    const results: Record<string, string> = {};
    for (const id of await chosenOf(central, ids, options)) {
      const letter = await inboxOf(central).discard(id);
      results[id] = 'discarded';
      output.say(`${id}: discarded ${printable(subjectOf(letter))} of ${letter.region}`);
    }
    reportNone(output, results);
    output.json(results);
    return 0;
  });
}

function reportNone(output: Output, results: object): void {
  if (Object.keys(results).length === 0) {
    output.say('There are no dead letters.');
  }
}

async function chosenOf(
  central: Database,
  ids: readonly number[],
  { all = false }: ChosenOptions,
): Promise<readonly number[]> {
  if (all === ids.length > 0) {
    throw new MeridianError('usage', 'Name ids that npx meridian dead-letters list shows, or give --all.');
  }
  if (all) {
    return inboxOf(central).deadLetterIds();
  }
  // a wrong id is rejected before anything is done
  for (const id of ids) {
    await inboxOf(central).deadLetter(id);
  }
  return [...new Set(ids)];
}

function subjectOf({ event }: DeadLetter): string {
  const { aggregate, aggregateId, aggregateVersion, type } = parseJson(event) as ShippedEvent;
  return `${aggregate} ${aggregateId} ${type} (version ${aggregateVersion})`;
}

/** The JSON result. */
export function deadLetterJson({
  id,
  region,
  epoch,
  seq,
  eventId,
  error,
  attempts,
  parkedAt,
  event,
}: DeadLetter): object {
  return { id, region, epoch, seq, eventId, error, attempts, parkedAt, event: parseJson(event) as unknown };
}
