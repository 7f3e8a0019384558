/** Clocks that a test sets, for what runs in a test's own process. */
import { type Environment, realEnvironment, runIn } from '../../src/shared/environment.ts';

type Clocks = Partial<Pick<Environment, 'now' | 'monotonic'>>;

/** Calls `action` with these clocks; everything else is real, timers included. */
export function withClocks<T>(clocks: Clocks, action: () => T): T {
  return runIn({ ...realEnvironment, ...clocks }, action);
}
