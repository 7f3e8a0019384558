/** `meridian resend` and `meridian central rebuild` */
import process from 'node:process';
import type { Command } from 'commander';
import { untilInterrupted } from '../../cli/interruption.ts';
import { withOutputOptions } from '../../cli/options/common-options.ts';
import { wholeNumber } from '../../cli/options/whole-number.ts';
import { INTERRUPTED } from '../../cli/output/exit-code.ts';
import { Output, type OutputOptions } from '../../cli/output/terminal.ts';
import { openIfThere } from '../../database/open-migrated.ts';
import { beginEpoch, type NewEpoch } from '../../replication/outbox/epoch.ts';
import { asError } from '../../shared/async/settle.ts';
import { knownRegions, regionDatabase } from '../regions/databases.ts';
import { regionStatus } from '../regions/status.ts';
import { type RegionSync, syncOnce } from '../sync/sync.ts';
import { addCentralRun } from './central-run.command.ts';
import { namedRegions, type RegionOptions, withRegionOption } from './region.options.ts';
import { syncListener, tellSync } from './sync.command.ts';
import { withRegionDatabase } from './with-database.ts';

interface ResendOptions extends RegionOptions {
  readonly from: number;
}

export function addResendCommands(program: Command): void {
  withOutputOptions(
    withRegionOption(
      program
        .command('resend')
        .summary('send what a region holds to central again')
        .description(
          'Sends events of a region again, and what they say replaces what central has, whatever that is. From 1, the default, ' +
            'everything that the region holds is sent, and what central has beyond it is removed: this mends whatever compare finds, ' +
            'and tells central of orders that were there before the region had an outbox. From a later place, its events come again, unless they have been purged.',
        )
        .option(
          '--from <place>',
          'the place of the first event in the current epoch, as npx meridian compare tells it',
          wholeNumber,
          1,
        ),
      'which region; may be given several times',
    ),
  ).action(async (options: ResendOptions) => {
    const fromSeq = options.from > 1 ? { fromSeq: options.from } : {};
    process.exitCode = await again(namedRegions(options), fromSeq, options);
  });
  const central = program
    .command('central')
    .summary('run or rebuild the central database')
    .description('Looks after the central database as a whole.');
  addCentralRun(central);
  withOutputOptions(
    central
      .command('rebuild')
      .summary('fill the central database from the regions')
      .description(
        'Sends everything that the regions hold to the central database, which is made if it is not there. What was lost with ' +
          'it, or is wrong in it, is there again afterwards; reports go on meanwhile.',
      ),
  ).action(async (options: OutputOptions) => {
    process.exitCode = await rebuild(options);
  });
}

async function again(regions: readonly string[], from: NewEpoch, options: OutputOptions): Promise<number> {
  for (const region of regions) {
    if (from.fromSeq === undefined || !(await wasSentWhole(region, options))) {
      await withRegionDatabase(region, (database) => beginEpoch(database, from));
    }
  }
  return sync(regions, new Map(), options);
}

/**
 * Brings central up to date first, for a place means nothing in a region that was restored from a backup: its relay notices,
 * and sends everything.
 */
async function wasSentWhole(region: string, options: OutputOptions): Promise<boolean> {
  const epochOf = () => withRegionDatabase(region, async (database) => (await regionStatus(database)).epoch);
  const before = await epochOf();
  await untilInterrupted(
    () => undefined,
    (signal) => syncOnce({ regions: () => [region], signal, listener: syncListener(new Output(options)) }),
  );
  return (await epochOf()) !== before;
}

/** Sends everything that the regions hold again. @returns the exit code */
export async function rebuild(options: OutputOptions): Promise<number> {
  const regions = knownRegions();
  // those that cannot be reached are told of, and come when they are back
  const failures = new Map<string, RegionSync>();
  for (const region of regions) {
    try {
      const database = await openIfThere(regionDatabase(region));
      try {
        await (database && beginEpoch(database));
      } finally {
        await database?.close();
      }
    } catch (error) {
      failures.set(region, failureOf(asError(error)));
    }
  }
  return sync(
    regions.filter((name) => !failures.has(name)),
    failures,
    options,
  );
}

function failureOf(failure: Error): RegionSync {
  return { shipped: 0, seconds: 0, paused: false, deadLetters: undefined, failure };
}

async function sync(
  regions: readonly string[],
  failures: ReadonlyMap<string, RegionSync>,
  options: OutputOptions,
): Promise<number> {
  const output = new Output(options);
  return untilInterrupted(
    () => output.note('Stopping after the batches that are under way; npx meridian sync goes on from there.'),
    async (signal) => {
      const { regions: synced, documents } = await syncOnce({
        regions: () => regions,
        signal,
        listener: syncListener(output),
      });
      const result = { regions: new Map([...synced, ...failures]), documents };
      return tellSync(output, result) || (signal.aborted ? INTERRUPTED : 0);
    },
  );
}
