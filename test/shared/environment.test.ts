/** What a program takes from its surroundings: the real ones, and others for what runs in them. */
import { EventEmitter } from 'node:events';
import { describe, expect, jest, test } from '@jest/globals';
import {
  currentTime,
  type Environment,
  environment,
  madeOnce,
  monotonic,
  nextTurn,
  random,
  randomBytes,
  realEnvironment,
  runIn,
  setTimer,
  sleep,
  timestamp,
} from '../../src/shared/environment.ts';

/** Real, except that it is noon of a certain day and chance has run out. */
function environmentAt(time: string): Environment {
  const values = new Map<symbol, unknown>();
  return {
    ...realEnvironment,
    now: () => Date.parse(time),
    random: () => 0.25,
    bytes: (count) => new Uint8Array(count).fill(7),
    local: (key, make) => madeOnce(values, key, make),
  };
}

const NOON = '2026-01-02T12:00:00.000Z';
const MIDNIGHT = '2026-01-02T00:00:00.000Z';

describe('the real one', () => {
  test('tells the time of the operating system', () => {
    const before = Date.now();
    const time = currentTime().getTime();
    expect(time).toBeGreaterThanOrEqual(before);
    expect(time).toBeLessThanOrEqual(Date.now());
    expect(Date.parse(timestamp())).toBeGreaterThanOrEqual(time);
    expect(environment()).toBe(realEnvironment);
  });

  test('sleeps at least as long as it is asked to', async () => {
    const before = monotonic();
    await sleep(20);
    expect(monotonic() - before).toBeGreaterThanOrEqual(19);
  });

  test.each([0, 10_000])('a sleep of %d ms ends with the reason of its signal', async (milliseconds) => {
    const stop = new AbortController();
    const reason = new Error('stopped');
    const asleep = sleep(milliseconds, stop.signal);
    stop.abort(reason);
    await expect(asleep).rejects.toBe(reason);
    await expect(sleep(milliseconds, stop.signal)).rejects.toBe(reason);
  });

  test('lets a timer that is due go first', async () => {
    let calls = 0;
    setImmediate(() => calls++);
    await nextTurn();
    expect(calls).toBe(1);
  });

  test('a timer calls once, or again and again until it is cancelled', async () => {
    const once = jest.fn();
    const repeated = jest.fn();
    const never = jest.fn();
    setTimer(1, once);
    setTimer(1, never, { unref: true })();
    const { promise, resolve } = Promise.withResolvers<void>();
    const cancel = setTimer(1, () => (repeated.mock.calls.length === 3 ? resolve() : repeated()), { repeat: true });
    await promise;
    cancel();
    await sleep(5);
    expect(once).toHaveBeenCalledTimes(1);
    expect(repeated).toHaveBeenCalledTimes(3);
    expect(never).not.toHaveBeenCalled();
  });

  test('draws random numbers and bytes', () => {
    const drawn = Array.from({ length: 100 }, random);
    expect(drawn.every((one) => one >= 0 && one < 1)).toBe(true);
    expect(new Set(drawn).size).toBe(100);
    expect(randomBytes(12)).toHaveLength(12);
    expect(randomBytes(12)).not.toEqual(randomBytes(12));
  });
});

describe('another one', () => {
  test('holds for what it is entered for', () => {
    expect(runIn(environmentAt(NOON), () => [timestamp(), random(), randomBytes(2).toString('hex')])).toEqual([
      NOON,
      0.25,
      '0707',
    ]);
    expect(environment()).toBe(realEnvironment);
  });

  test('holds after awaiting and in timers; an emitter calls its listeners in that of the event', async () => {
    const emitter = new EventEmitter();
    const times: string[] = [];
    const note = () => times.push(timestamp());
    await runIn(environmentAt(NOON), async () => {
      await nextTurn();
      note();
      const { promise, resolve } = Promise.withResolvers<void>();
      setTimer(1, () => {
        note();
        resolve();
      });
      await promise;
      emitter.on('event', () => note());
    });
    expect(times).toEqual([NOON, NOON]);
    runIn(environmentAt(MIDNIGHT), () => emitter.emit('event'));
    expect(times.at(-1)).toBe(MIDNIGHT);
  });

  test('keeps apart what runs at the same time', async () => {
    const inEach = [NOON, MIDNIGHT].map((time) =>
      runIn(environmentAt(time), async () => {
        await sleep(2);
        return timestamp();
      }),
    );
    expect(await Promise.all(inEach)).toEqual([NOON, MIDNIGHT]);
  });

  test('has local values of its own', () => {
    const key = Symbol('values');
    const local = () => environment().local(key, () => ({}));
    const noon = environmentAt(NOON);
    const midnight = environmentAt(MIDNIGHT);
    expect(runIn(noon, local)).toBe(runIn(noon, local));
    expect(runIn(noon, local)).not.toBe(runIn(midnight, local));
    expect(runIn(noon, local)).not.toBe(local());
    expect(local()).toBe(local());
  });
});
