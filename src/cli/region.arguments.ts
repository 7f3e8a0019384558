/** What the commands of a region have in common: their options, the region that they open. */
import type { Command } from 'commander';
import { knownRegion } from '../databases/regions.ts';
import { openRegion, type Region } from '../regions/region.ts';
import { withOutputOptions } from './common-options.ts';
import type { Output, OutputOptions } from './terminal.ts';

export interface RegionArguments extends OutputOptions {
  readonly region: string;
}

/** Adds what each of the commands takes. */
export function ofRegion(command: Command, json: string): Command {
  return withOutputOptions(command.requiredOption('--region <name>', 'which region, such as boston'), json);
}

/** @throws MeridianError `usage` for a region that there is not */
export async function withRegion<T>(
  { region: name }: RegionArguments,
  output: Output,
  work: (region: Region) => Promise<T>,
): Promise<T> {
  const region = await openRegion(knownRegion(name), {
    migrated: (database, names) => output.note(`${database}: applied ${names.join(', ')}`),
  });
  try {
    return await work(region);
  } finally {
    await region.close();
  }
}
