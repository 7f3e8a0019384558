/** Skips what comes after the first test that fails, for a run that only asks whether one does. */

interface TestEvent {
  readonly name: string;
  readonly test?: { mode?: unknown; readonly errors: readonly unknown[] };
}

/** Set in the environment of such a run. */
export const STOP_VARIABLE = 'MERIDIAN_TEST_STOP';

let hasFailed = false;

/** A test environment's `handleTestEvent`. */
export function stopAtFailure({ name, test }: TestEvent): void {
  if (test === undefined) {
    return;
  }
  if (name === 'test_done') {
    hasFailed ||= test.errors.length > 0;
  } else if (name === 'test_start' && hasFailed) {
    test.mode = 'skip';
  }
}
