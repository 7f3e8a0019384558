/** How much a run does: `npm test` what takes minutes, `npm run test:all` everything. */
import process from 'node:process';
import { test } from '@jest/globals';

/** `thorough` in `npm run test:all`, which `test/jest.all.config.js` sets. */
const DEPTH_VARIABLE = 'MERIDIAN_TEST_DEPTH';

export const isThorough = process.env[DEPTH_VARIABLE] === 'thorough';

/** For what is worth doing as often as time allows: runs of a property, kills, faults at every n-th statement. */
export function depth(everyday: number, thorough: number): number {
  return isThorough ? thorough : everyday;
}

/** A test for `npm run test:all` alone. Something that `npm test` runs covers the same code more quickly. */
export const thoroughTest: typeof test.skip = isThorough ? test : test.skip;
