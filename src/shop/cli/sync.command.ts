/** `meridian sync` */
import process from 'node:process';
import type { Command } from 'commander';
import { messageOf } from '../../index.ts';
import {
  exitCodeFor,
  FAILED,
  formatNumber,
  INTERRUPTED,
  Output,
  printable,
  printableLines,
  renderTable,
  type ServiceOutput,
  startTally,
  untilInterrupted,
  withOutputOptions,
  worstOf,
} from '../../module.ts';
import { type Batch, describeFailure, type Failure } from '../../replication/index.ts';
import type { FeedResult } from '../documents/feed.ts';
import { areRegionsOff, REGIONS_ARE_OFF, regionDatabase } from '../regions/databases.ts';
import { type SyncListener } from '../sync/options.ts';
import { type DeadLetters, type RegionSync, type SyncResult, syncOn, syncOnce } from '../sync/sync.ts';
import { feedListener } from './documents.wording.ts';
import { type RegionOptions, regionsOf, withRegionOption } from './region.options.ts';

/** The maximum number of shown characters of a failed event with its error. */
const MAX_SHOWN = 1000;

interface Options extends RegionOptions {
  readonly watch?: boolean;
}

export function defineSyncCommand(command: Command): void {
  command
    .description(
      'Ships the events in the outboxes of the regions to the central database, each event once, and ends when nothing ' +
        'is left; with --watch it runs until it is stopped. Creates the central database if it does not exist. Where NATS_URL names a ' +
        'server, events go through it: to the running central, or else to the central database here. Exits 1 if a region ' +
        'could not be shipped, if central has dead letters, or if documents did not reach the document store.',
    )
    .option('--watch', 'run until stopped; SIGTERM or Ctrl-C finishes the current batches');
  withRegionOption(command, 'only this region; may be given several times (default: all)');
  withOutputOptions(command).action(async (options: Options) => {
    process.exitCode = await (options.watch ? watch(options) : once(options));
  });
}

/** A listener that prints the events of a sync. */
export function syncListener(output: ServiceOutput): SyncListener {
  return {
    migrated: (database, migrations) => output.note(`${database}: applied ${migrations.join(', ')}`),
    failed: (region, error, retryMilliseconds) => output.retrying(failureSentence(region, error), retryMilliseconds),
    info: (sentence) => output.note(printableLines(sentence)),
    documents: feedListener(output),
  };
}

async function once(options: Options): Promise<number> {
  const output = new Output(options);
  const regions = regionsOf(options);
  return untilInterrupted(
    () => output.note('Stopping after the current batches.'),
    async (signal) => {
      const result = await syncOnce({ regions: () => regions, signal, listener: syncListener(output) });
      const { regions: synced } = result;
      // if no region has a database, that is reported below
      const isSaid = options.region === undefined || synced.size === 0;
      for (const region of isSaid ? [] : regions.filter((name) => !synced.has(name))) {
        output.note(`${region} has no database yet. Make it with npx meridian regions add ${region}.`);
      }
      return reportSync(output, result) || (signal.aborted ? INTERRUPTED : 0);
    },
  );
}

/** Reports the result of a sync, without documents, which the listener has reported. @returns the exit code */
export function reportSync(output: Output, { regions: results, documents }: SyncResult): number {
  if (results.size === 0) {
    output.say(
      areRegionsOff()
        ? REGIONS_ARE_OFF
        : 'There is nothing to ship, because no region has a database yet. Make one with npx meridian regions add <name>, or load orders with npx meridian populate --region <name> --orders <file>.',
    );
  } else {
    output.say(
      renderTable(
        ['region', 'events', 'seconds', 'state'],
        [...results].map(([region, one]) => [region, one.shipped, one.seconds.toFixed(2), stateOf(one)]),
      ),
    );
  }
  const failures = [...results].flatMap(([region, { failure }]) => (failure ? [{ region, failure }] : []));
  for (const { region, failure } of failures) {
    output.fail(failure, failureSentence(region, failure));
  }
  let isComplete = documents === undefined || isFed(documents);
  for (const [region, { deadLetters }] of results) {
    if (deadLetters !== undefined && deadLetters.count > 0) {
      isComplete = false;
      reportDeadLetters(output, region, deadLetters);
    }
  }
  output.json(Object.fromEntries([...results].map(([region, one]) => [region, regionSyncJson(one)])));
  return worstOf([isComplete ? 0 : FAILED, ...failures.map(({ failure }) => exitCodeFor(failure))]);
}

function isFed({ failure, refused, withheld }: FeedResult): boolean {
  return failure === undefined && refused === 0 && withheld.size === 0;
}

function reportDeadLetters(output: Output, region: string, { count, examples }: DeadLetters): void {
  for (const example of examples) {
    output.complain(printable(`${region}: ${example}`, MAX_SHOWN));
  }
  output.complain(
    `${region}: ${count === 1 ? '1 event is' : `${formatNumber(count)} events are`} dead-lettered in central, which is incomplete without them. ` +
      'npx meridian dead-letters list shows why; retry them when the cause is fixed, or discard them.',
  );
}

/** The JSON result. */
export function regionSyncJson({ failure, deadLetters, ...rest }: RegionSync): object {
  return failure === undefined
    ? { ...rest, deadLetters: deadLetters?.count ?? null }
    : { ...rest, error: failure.message };
}

/** Errors of the region's database already name it. */
function failureSentence(region: string, error: Error): string {
  const message = messageOf(error);
  return message.startsWith(`${regionDatabase(region).name}:`) ? message : `${region}: ${message}`;
}

function stateOf({ paused, failure, deadLetters }: RegionSync): string {
  if (failure !== undefined) {
    return 'failed';
  }
  const isWhole = deadLetters === undefined || deadLetters.count === 0;
  return paused ? 'paused' : isWhole ? 'up to date' : `${formatNumber(deadLetters.count)} dead-lettered`;
}

async function watch(options: Options): Promise<number> {
  const output = new Output(options);
  // an invalid name is rejected before anything is opened
  if (regionsOf(options).length === 0) {
    output.note(REGIONS_ARE_OFF);
  }
  const tally = startTally(output, 'shipped');
  const listener = syncListener(output);
  let isComplete = true;
  try {
    await untilInterrupted(
      () => output.note('Stopping after the current batches.'),
      (signal) =>
        syncOn({
          regions: () => regionsOf(options),
          signal,
          listener: {
            ...listener,
            watched: (region) => output.note(`${region}: watched`),
            shipped: (region, events) => tally.add(region, events),
            deadLettered(batch, failures) {
              isComplete = false;
              reportNewDeadLetters(output, batch, failures);
            },
            documents: {
              ...listener.documents,
              refused(refusal) {
                isComplete = false;
                listener.documents?.refused?.(refusal);
              },
            },
          },
        }),
    );
  } finally {
    tally.end();
  }
  return isComplete ? 0 : FAILED;
}

/** Reports events when they are dead-lettered. */
export function reportNewDeadLetters(
  output: ServiceOutput,
  { region, epoch }: Batch,
  failures: readonly Failure[],
): void {
  for (const failure of failures) {
    output.complain(printable(`${region}: dead-lettered ${describeFailure(epoch, failure)}`, MAX_SHOWN));
  }
}
