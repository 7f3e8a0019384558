/** The options of commands that open one region. */
import type { Command } from 'commander';
import { type Output, type OutputOptions, withOutputOptions } from '../../module.ts';
import { knownRegion } from '../regions/databases.ts';
import { openRegion, type Region } from '../trading/region.ts';

export interface RegionArguments extends OutputOptions {
  readonly region: string;
}

/** Adds the common options. */
export function ofRegion(command: Command, json: string): Command {
  return withOutputOptions(command.requiredOption('--region <name>', 'which region, such as boston'), json);
}

/** @throws MeridianError `usage` for an unknown region */
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
