/** Ids of events and checkouts: never twice, in the order of time. */
import { expect, test } from '@jest/globals';
import { validate, version } from 'uuid';
import { madeOnce, realEnvironment, runIn } from '../../src/shared/environment.ts';
import { newId } from '../../src/shared/ids.ts';

test('every id is another one, and a UUID of version 7', () => {
  // many more than random bytes are drawn for at once
  const ids = Array.from({ length: 10_000 }, newId);
  expect(new Set(ids).size).toBe(10_000);
  expect(ids.every((id) => validate(id) && version(id) === 7)).toBe(true);
  // and no two share what chance has given them
  expect(new Set(ids.map((id) => id.slice(-12))).size).toBe(10_000);
});

test('ids sort by the millisecond in which they were made', async () => {
  const before = newId();
  const { promise, resolve } = Promise.withResolvers<void>();
  setTimeout(resolve, 5);
  await promise;
  expect(newId() > before).toBe(true);
});

test('an environment decides about the time and the random part, whatever was drawn ahead outside', () => {
  newId();
  const made = () => {
    const values = new Map<symbol, unknown>();
    let drawn = 0;
    return runIn(
      {
        ...realEnvironment,
        now: () => Date.UTC(2026, 0, 2) + 0.75,
        bytes: (count) => new Uint8Array(count).map(() => drawn++),
        local: (key, make) => madeOnce(values, key, make),
      },
      () => [newId(), newId()],
    );
  };
  expect(made()).toEqual(made());
  expect(made()[0]).toMatch(/^019b7c01-0400-/);
});
