/** How often and for how long a transaction is retried: as long as what it meets passes, and time is left. */
import { expect, test } from '@jest/globals';
import type { Database } from '../../src/database/database.ts';
import { withRetry } from '../../src/database/retry.ts';
import { realEnvironment, runIn } from '../../src/shared/environment.ts';

const LOCKED = new Error('locked');

/** A database of which nothing is asked but what errors mean. */
const database = {
  engine: { isTransient: (error: unknown) => error === LOCKED },
  explain: (error: unknown, seconds: number) => new Error(`${seconds} seconds`, { cause: error }),
} as unknown as Database;

/** Runs `work` again and again in virtual time. @returns the result, and the pauses in milliseconds */
async function retried<T>(work: (attempt: number) => Promise<T>, seconds?: number, random = 0) {
  let time = 0;
  const pauses: number[] = [];
  const environment = {
    ...realEnvironment,
    monotonic: () => time,
    random: () => random,
    sleep: async (milliseconds: number) => {
      pauses.push(Math.round(milliseconds * 10) / 10);
      time += milliseconds;
    },
  };
  const result = await runIn(environment, () =>
    withRetry(database, work, seconds).then(
      (value) => ({ value }),
      (error: unknown) => ({ error }),
    ),
  );
  return { result, pauses };
}

test('work is repeated until it succeeds, after longer and longer pauses', async () => {
  const work = async (attempt: number) => {
    if (attempt <= 12) {
      throw LOCKED;
    }
    return attempt;
  };
  expect(await retried(work)).toEqual({
    result: { value: 13 },
    pauses: [1, 1.5, 2.3, 3.4, 5.1, 7.6, 11.4, 17.1, 25.6, 38.4, 50, 50],
  });
  expect((await retried(work, 60, 0.5)).pauses.slice(0, 3)).toEqual([1.5, 2.3, 3.4]);
});

test('an error that does not pass is thrown at once, whatever kind of error it is', async () => {
  const error = new TypeError('a fault of the program');
  expect(await retried(() => Promise.reject(error))).toEqual({ result: { error }, pauses: [] });
  expect(await retried(() => Promise.reject('a string'))).toEqual({ result: { error: 'a string' }, pauses: [] });
});

test('an error that does not pass in time is explained with the time', async () => {
  const { result, pauses } = await retried(() => Promise.reject(LOCKED), 0.06);
  expect(result).toMatchObject({ error: { message: '0.06 seconds', cause: LOCKED } });
  expect(pauses.reduce((sum, one) => sum + one, 0)).toBeCloseTo(60, 0);
  expect(pauses.at(-1)).toBeLessThan(17);
});
