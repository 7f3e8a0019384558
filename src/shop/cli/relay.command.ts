/** `meridian relay run`, `meridian relay pause`, `meridian relay resume` and `meridian relay purge` */
import process from 'node:process';
import { type Command, InvalidArgumentError } from 'commander';
import { countOf, Output, withOutputOptions } from '../../module.ts';
import { Outbox, RELAY_SETTINGS } from '../../replication/index.ts';
import { currentTime } from '../../types.ts';
import { inboxOf } from '../central/inbox.ts';
import { withCentral, withRegionDatabase } from '../regions/with-database.ts';
import { namedRegions, type RegionOptions, withRegionOption } from './region.options.ts';
import { addRelayRun } from './relay-run.command.ts';

interface PurgeOptions extends RegionOptions {
  readonly keepDays: number;
}

export function defineRelayCommand(relay: Command): void {
  relay.description(
    'Runs, pauses and resumes the relay of a region, which ships its events to central, and removes events that central has.',
  );
  addRelayRun(relay);
  const command = (name: string, summary: string, description: string) =>
    withOutputOptions(
      withRegionOption(
        relay.command(name).summary(summary).description(description),
        'which region; may be given several times',
      ),
    );
  command(
    'pause',
    'pause shipping until it is resumed',
    'Pauses the relay of a region until it is resumed. Orders can still be placed.',
  ).action(async (options: RegionOptions) => {
    process.exitCode = await pause(options, true);
  });
  command(
    'resume',
    'resume shipping',
    'Resumes the relay of a region, which then ships the events since the pause.',
  ).action(async (options: RegionOptions) => {
    process.exitCode = await pause(options, false);
  });
  command(
    'purge',
    'remove events that central has',
    'Removes events from the outbox of a region that central has applied, as relays do automatically.',
  )
    .option(
      '--keep-days <days>',
      'keep younger events, so that they can be sent again',
      daysOf,
      RELAY_SETTINGS.keepDays,
    )
    .action(async (options: PurgeOptions) => {
      process.exitCode = await purgeAll(options);
    });
}

async function pause(options: RegionOptions, paused: boolean): Promise<number> {
  const output = new Output(options);
  const results: Record<string, unknown> = {};
  for (const region of namedRegions(options)) {
    await withRegionDatabase(region, async (database) => {
      const row = await new Outbox(database).setPaused(paused);
      results[region] = { paused: row.paused, ackedSeq: row.ackedSeq };
      output.say(
        paused ? `${region}: paused` : `${region}: resumed; a running sync ships at once, else the next one does`,
      );
    });
  }
  output.json(results);
  return 0;
}

async function purgeAll(options: PurgeOptions): Promise<number> {
  const output = new Output(options);
  const regions = namedRegions(options);
  const results: Record<string, number> = {};
  await withCentral(async (central) => {
    for (const region of regions) {
      await withRegionDatabase(region, async (database) => {
        const position = await inboxOf(central).position(region);
        const purged = await new Outbox(database).purge(position, { keepDays: options.keepDays, now: currentTime() });
        results[region] = purged;
        output.say(`${region}: ${countOf(purged, 'event')} removed`);
      });
    }
  });
  output.json(results);
  return 0;
}

function daysOf(text: string): number {
  if (!/^\d{1,5}(\.\d{1,3})?$/.test(text)) {
    throw new InvalidArgumentError('It has to be a number of days, such as 7 or 0.');
  }
  return Number(text);
}
