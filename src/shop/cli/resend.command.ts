/** `meridian resend` and `meridian central rebuild` */
import process from 'node:process';
import type { Command } from 'commander';
import { untilInterrupted } from '../../cli/interruption.ts';
import { withOutputOptions } from '../../cli/options/common-options.ts';
import { wholeNumber } from '../../cli/options/whole-number.ts';
import { INTERRUPTED } from '../../cli/output/exit-code.ts';
import { Output, type OutputOptions } from '../../cli/output/terminal.ts';
import type { SyncOptions } from '../sync/options.ts';
import { resend, resendEverything } from '../sync/resend.ts';
import type { SyncResult } from '../sync/sync.ts';
import { addCentralRun } from './central-run.command.ts';
import { namedRegions, type RegionOptions, withRegionOption } from './region.options.ts';
import { reportSync, syncListener } from './sync.command.ts';

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
    const regions = namedRegions(options);
    const fromSeq = options.from > 1 ? options.from : undefined;
    process.exitCode = await syncing(options, (sync) => resend(regions, fromSeq, sync));
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
    process.exitCode = await syncing(options, resendEverything);
  });
}

/** Reports a sync as `meridian sync` does. @returns the exit code */
export async function syncing(
  options: OutputOptions,
  work: (sync: Pick<SyncOptions, 'signal' | 'listener'>) => Promise<SyncResult>,
): Promise<number> {
  const output = new Output(options);
  return untilInterrupted(
    () => output.note('Stopping after the batches that are under way; npx meridian sync goes on from there.'),
    async (signal) => {
      const result = await work({ signal, listener: syncListener(output) });
      return reportSync(output, result) || (signal.aborted ? INTERRUPTED : 0);
    },
  );
}
