/** Which depth a run has, and whether the test file that runs has asked: at the other depth it would do something else. */
import process from 'node:process';

/** `thorough` in `npm run test:all`, which `all.config.ts` sets. */
export const DEPTH_VARIABLE = 'MERIDIAN_TEST_DEPTH';

export const isThoroughRun = process.env[DEPTH_VARIABLE] === 'thorough';

/** Of the process: each test file has modules of its own. */
const ASKED = Symbol.for('meridian.depth-asked');

export function noteDepth(): void {
  Reflect.set(globalThis, ASKED, true);
}

/** Whether anything has asked since this was last called. */
export function wasDepthAsked(): boolean {
  const was = Reflect.get(globalThis, ASKED) === true;
  Reflect.set(globalThis, ASKED, false);
  return was;
}
