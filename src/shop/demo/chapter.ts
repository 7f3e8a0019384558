/** A chapter of the demo: its actions, the property that it shows, and its checks. */
import { MeridianError } from '../../index.ts';
import type { Comparison } from '../compare/compare.ts';
import type { RegionName, World } from './world.ts';

export interface Chapter {
  readonly title: string;
  /** The property of distributed data that it shows. */
  readonly shows: string;
  /** The equivalent commands, to be run after those of the previous chapters. */
  readonly commands: readonly string[];
  /** The commands that exit with 1 because something did not arrive. */
  readonly incomplete?: readonly string[];
  /** Further commands, which are rejected (exit code 1 or 2). */
  readonly refused?: readonly string[];
  readonly play: (world: World) => Promise<ChapterResult>;
}

export interface ChapterResult {
  /** The events of the chapter, with figures. */
  readonly sentences: readonly string[];
  /** The same figures, for programs. */
  readonly result: Readonly<Record<string, unknown>>;
}

/**
 * Checks a statement of a chapter.
 *
 * @param claim a sentence without a full stop
 * @throws MeridianError `demo` when it is false
 */
export function claim(isSo: boolean, claim: string): void {
  if (!isSo) {
    throw new MeridianError(
      'demo',
      `The demo found that this statement is false, which is a bug of Meridian: ${claim}.`,
    );
  }
}

/** Checks that central has all rows of a region. @throws MeridianError `demo` if it does not */
export async function claimEqual(world: World, region: RegionName): Promise<Comparison> {
  const comparison = await world.compare(region);
  const { differences, leftOut } = comparison;
  claim(differences === 0 && leftOut === 0, `central has what ${region} has, and nothing is in transit`);
  return comparison;
}
