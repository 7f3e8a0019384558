/** The option `--region`, which names regions. */
import type { Command } from 'commander';
import { MeridianError } from '../../index.ts';
import { ListOption, type OutputOptions } from '../../module.ts';
import { knownRegion, knownRegions, REGIONS_ARE_OFF } from '../regions/databases.ts';

export interface RegionOptions extends OutputOptions {
  readonly region?: readonly string[];
}

export function withRegionOption(command: Command, explanation: string): Command {
  return command.addOption(new ListOption('--region <name>', explanation));
}

/**
 * The selected regions of a command (default: all known ones).
 *
 * @throws MeridianError `usage` for an invalid or unknown name
 */
export function regionsOf(options: RegionOptions): string[] {
  return options.region === undefined ? knownRegions() : namedRegions(options);
}

/** @throws MeridianError `usage` when no region is named, or an unknown one */
export function namedRegions({ region = [] }: RegionOptions): string[] {
  const known = knownRegions();
  if (region.length === 0) {
    throw new MeridianError(
      'usage',
      known.length === 0 ? REGIONS_ARE_OFF : `Name a region with --region. There are ${known.join(', ')}.`,
    );
  }
  return [...new Set(region.map((name) => knownRegion(name, known)))];
}
