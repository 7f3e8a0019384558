/** What the commands of a region have in common: their options, how numbers are read, the region that they open. */
import { type Command, InvalidArgumentError } from 'commander';
import { knownRegion } from '../regions/known-region.ts';
import { openRegion, type Region } from '../regions/region.ts';
import type { Output, OutputOptions } from './terminal.ts';

export interface RegionArguments extends OutputOptions {
  readonly region: string;
}

const REGION = 'which region, such as boston';

/** Adds what each of the commands takes. */
export function ofRegion(command: Command, json: string): Command {
  return command
    .requiredOption('--region <name>', REGION)
    .option('--json', `print one JSON ${json} on standard output, all else on standard error`)
    .option('--quiet', 'print nothing but errors (and the JSON)')
    .option('--verbose', 'print the stack trace of an error');
}

/** For an option that takes a whole number from 1. */
export function wholeNumber(text: string): number {
  const number = readWhole(text);
  if (number === undefined) {
    throw new InvalidArgumentError(`It has to be a whole number from 1 to ${Number.MAX_SAFE_INTEGER}.`);
  }
  return number;
}

/** @returns `undefined` for what is not a whole number from 1, or cannot be held exactly */
export function readWhole(text: string): number | undefined {
  const number = Number(text);
  return /^\d+$/.test(text) && number > 0 && Number.isSafeInteger(number) ? number : undefined;
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
