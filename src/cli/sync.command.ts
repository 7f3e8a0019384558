/** `meridian sync` */
import process from 'node:process';
import type { Command } from 'commander';
import { regionDatabase } from '../databases/regions.ts';
import { messageOf } from '../errors.ts';
import { type RegionSync, type SyncListener, syncOn, syncOnce } from '../sync/sync.ts';
import { type RegionOptions, regionsOf, withOutputOptions, withRegionOption } from './common-options.ts';
import { feedListener } from './documents.tell.ts';
import { exitCodeFor, INTERRUPTED, worstOf } from './exit-code.ts';
import { untilInterrupted } from './interruption.ts';
import { startTally } from './tally.ts';
import { Output, printableLines, renderTable } from './terminal.ts';

interface Options extends RegionOptions {
  readonly watch?: boolean;
}

export function addSyncCommand(program: Command): void {
  const command = program
    .command('sync')
    .summary('bring the changes of the regions to central')
    .description(
      'Ships what the regions have told in their outboxes to the central database, each event once, and ends when nothing ' +
        'is left; with --watch it goes on until it is stopped. Makes the central database if it is not there. Where NATS_URL names a ' +
        'server, events go through that: to the central that is at work, or else to the central database here.',
    )
    .option('--watch', 'run until stopped; SIGTERM or Ctrl-C finishes the batches that are under way');
  withRegionOption(command, 'only this region; may be given several times (default: all)');
  withOutputOptions(command).action(async (options: Options) => {
    process.exitCode = await (options.watch ? watch(options) : once(options));
  });
}

/** What a sync tells on its way. */
export function syncListener(output: Output): SyncListener {
  return {
    migrated: (database, migrations) => output.note(`${database}: applied ${migrations.join(', ')}`),
    failed: (region, error, retryMilliseconds) => output.retrying(toldOf(region, error), retryMilliseconds),
    noticed: (sentence) => output.note(printableLines(sentence)),
    documents: feedListener(output),
  };
}

async function once(options: Options): Promise<number> {
  const output = new Output(options);
  const regions = regionsOf(options);
  return untilInterrupted(
    () => output.note('Stopping after the batches that are under way.'),
    async (signal) => {
      const results = await syncOnce({ regions: () => regions, signal, listener: syncListener(output) });
      // where there is none at all, that is said below
      const isSaid = options.region === undefined || results.size === 0;
      for (const region of isSaid ? [] : regions.filter((name) => !results.has(name))) {
        output.note(`${region} has no database yet. Make it with npx meridian regions add ${region}.`);
      }
      return tellSync(output, results) || (signal.aborted ? INTERRUPTED : 0);
    },
  );
}

/** @returns the exit code */
export function tellSync(output: Output, results: ReadonlyMap<string, RegionSync>): number {
  if (results.size === 0) {
    output.say(
      'There is nothing to ship, for none of the regions has a database yet. Make one with npx meridian regions add <name>, or load orders with npx meridian populate --region <name> --orders <file>.',
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
    output.fail(failure, toldOf(region, failure));
  }
  output.json(
    Object.fromEntries(
      [...results].map(([region, { failure, ...rest }]) => [
        region,
        failure === undefined ? rest : { ...rest, error: failure.message },
      ]),
    ),
  );
  return worstOf(failures.map(({ failure }) => exitCodeFor(failure)));
}

/** Errors of a region's own database name it already. */
function toldOf(region: string, error: Error): string {
  const message = messageOf(error);
  return message.startsWith(`${regionDatabase(region).name}:`) ? message : `${region}: ${message}`;
}

function stateOf({ paused, failure }: RegionSync): string {
  return failure ? 'failed' : paused ? 'paused' : 'up to date';
}

async function watch(options: Options): Promise<number> {
  const output = new Output(options);
  // a wrong name is told before anything is opened
  regionsOf(options);
  const tally = startTally(output, 'shipped');
  try {
    await untilInterrupted(
      () => output.note('Stopping after the batches that are under way.'),
      (signal) =>
        syncOn({
          regions: () => regionsOf(options),
          signal,
          listener: {
            ...syncListener(output),
            watched: (region) => output.note(`${region}: watched`),
            shipped: (region, events) => tally.add(region, events),
          },
        }),
    );
  } finally {
    tally.end();
  }
  return 0;
}
