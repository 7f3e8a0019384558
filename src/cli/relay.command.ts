/** `meridian relay pause`, `meridian relay resume` and `meridian relay purge` */
import process from 'node:process';
import { type Command, InvalidArgumentError } from 'commander';
import { positionOf } from '../central/cursor.ts';
import { central as centralDeclaration } from '../databases/catalog.ts';
import type { Database } from '../databases/database.ts';
import { openMigrated } from '../databases/open-migrated.ts';
import { regionDatabase, regionOf } from '../databases/regions.ts';
import { MeridianError } from '../errors.ts';
import { purge } from '../outbox/purge.ts';
import { setPaused } from '../outbox/relay-row.ts';
import { RELAY_SETTINGS } from '../outbox/settings.ts';
import { namedRegions, type RegionOptions, withOutputOptions, withRegionOption } from './common-options.ts';
import { countOf, Output } from './terminal.ts';

interface PurgeOptions extends RegionOptions {
  readonly keepDays: number;
}

export function addRelayCommand(program: Command): void {
  const relay = program
    .command('relay')
    .summary('pause, resume or purge what ships the events of a region')
    .description(
      'Pauses and resumes what ships the events of a region to central, and removes events that central has.',
    );
  const command = (name: string, summary: string, description: string) =>
    withOutputOptions(
      withRegionOption(
        relay.command(name).summary(summary).description(description),
        'which region; may be given several times',
      ),
    );
  command(
    'pause',
    'ship nothing until it is resumed',
    'Ships nothing from a region until it is resumed. Its orders go on.',
  ).action(async (options: RegionOptions) => {
    process.exitCode = await pause(options, true);
  });
  command('resume', 'ship again', 'Ships again what a region has told of since it was paused.').action(
    async (options: RegionOptions) => {
      process.exitCode = await pause(options, false);
    },
  );
  command(
    'purge',
    'remove events that central has',
    'Removes events from the outbox of a region that central has dealt with, as relays do by themselves.',
  )
    .option('--keep-days <days>', 'keep what is younger, so that it can be sent again', daysOf, RELAY_SETTINGS.keepDays)
    .action(async (options: PurgeOptions) => {
      process.exitCode = await purgeAll(options);
    });
}

async function pause(options: RegionOptions, paused: boolean): Promise<number> {
  const output = new Output(options);
  const results: Record<string, unknown> = {};
  for (const region of namedRegions(options)) {
    await withRegion(region, async (database) => {
      const row = await setPaused(database, paused);
      results[region] = { paused: row.paused, ackedSeq: row.ackedSeq };
      output.say(
        paused ? `${region}: paused` : `${region}: ships again, at once where a sync watches, else with the next one`,
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
  const central = await openMigrated(centralDeclaration);
  if (central === undefined) {
    throw new MeridianError(
      'database',
      'central is not there, so it has no events and none can be purged. Run meridian sync first.',
    );
  }
  try {
    for (const region of regions) {
      await withRegion(region, async (database) => {
        const position = await positionOf(central, regionOf(database.name));
        const purged = await purge(database, position, { keepDays: options.keepDays, now: new Date() });
        results[region] = purged;
        output.say(`${region}: ${countOf(purged, 'event')} removed`);
      });
    }
  } finally {
    await central.close();
  }
  output.json(results);
  return 0;
}

/** @throws MeridianError `database` when the region has no database */
export async function withRegion<T>(region: string, work: (database: Database) => Promise<T>): Promise<T> {
  const declaration = regionDatabase(region);
  const database = await openMigrated(declaration);
  if (database === undefined) {
    throw new MeridianError('database', `${region} has no database yet. Make it with meridian regions add ${region}.`);
  }
  try {
    return await work(database);
  } catch (error) {
    throw database.explain(error);
  } finally {
    await database.close();
  }
}

function daysOf(text: string): number {
  if (!/^\d{1,5}(\.\d{1,3})?$/.test(text)) {
    throw new InvalidArgumentError('It has to be a number of days, such as 7 or 0.');
  }
  return Number(text);
}
