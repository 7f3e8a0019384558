/** How much a run does: `npm test` what takes minutes, `npm run test:all` everything. */
import { test } from '@jest/globals';
import { isThoroughRun, noteDepth } from './jest/depth-asked.ts';

export function isThorough(): boolean {
  noteDepth();
  return isThoroughRun;
}

/** For what is worth doing as often as time allows: runs of a property, kills, faults at every n-th statement. */
export function depth(everyday: number, thorough: number): number {
  return isThorough() ? thorough : everyday;
}

/** A test for `npm run test:all` alone. Something that `npm test` runs covers the same code more quickly. */
export const thoroughTest: typeof test.skip = isThoroughRun ? test : test.skip;
