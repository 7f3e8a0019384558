/** `meridian resend` and `meridian central rebuild` */
import process from 'node:process';
import type { Command } from 'commander';
import {
  INTERRUPTED,
  Output,
  type OutputOptions,
  untilInterrupted,
  wholeNumber,
  withOutputOptions,
} from '../../module.ts';
import type { SyncOptions } from '../sync/options.ts';
import { resend, resendEverything } from '../sync/resend.ts';
import type { SyncResult } from '../sync/sync.ts';
import { addCentralRun } from './central-run.command.ts';
import { namedRegions, type RegionOptions, withRegionOption } from './region.options.ts';
import { reportSync, syncListener } from './sync.command.ts';

interface ResendOptions extends RegionOptions {
  readonly from: number;
}

export function defineResendCommand(command: Command): void {
  withOutputOptions(
    withRegionOption(
      command
        .description(
          'Sends events of a region again; they replace what central has. From 1, the default, ' +
            'everything that the region holds is sent, and other rows in central are removed: this repairs all differences that compare finds, ' +
            'and sends orders that are older than the outbox. From a later sequence number on, events are sent again unless they have been purged.',
        )
        .option(
          '--from <seq>',
          'the sequence number of the first event, in the current epoch, as npx meridian compare shows it',
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
}

export function defineCentralCommand(central: Command): void {
  central.description('Runs or rebuilds the central database.');
  addCentralRun(central);
  withOutputOptions(
    central
      .command('rebuild')
      .summary('fill the central database from the regions')
      .description(
        'Sends everything that the regions hold to the central database, which is created if it does not exist. This restores rows ' +
          'that are missing or wrong; reports stay available meanwhile.',
      ),
  ).action(async (options: OutputOptions) => {
    process.exitCode = await syncing(options, resendEverything);
  });
}

/** Runs a sync and reports it like `meridian sync`. @returns the exit code */
export async function syncing(
  options: OutputOptions,
  work: (sync: Pick<SyncOptions, 'signal' | 'listener'>) => Promise<SyncResult>,
): Promise<number> {
  const output = new Output(options);
  return untilInterrupted(
    () => output.note('Stopping after the current batches; npx meridian sync continues from there.'),
    async (signal) => {
      const result = await work({ signal, listener: syncListener(output) });
      return reportSync(output, result) || (signal.aborted ? INTERRUPTED : 0);
    },
  );
}
