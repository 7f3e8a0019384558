import { getEventListeners } from 'node:events';
import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { runIn, sleep } from '../../../src/shared/environment.ts';
import { Clock } from './clock.ts';
import { EventHeap } from './event-heap.ts';
import { Kernel, type Surroundings } from './kernel.ts';
import { SimulatedProcess } from './simulated-process.ts';
import { Trace } from './trace.ts';

const noDisk = () => ({ opened: () => undefined, execute: () => Promise.reject(new Error('no statement runs')) });

function processOf(kernel: Kernel, drift = 0): SimulatedProcess {
  return new SimulatedProcess(kernel, 'process', 1, { clock: new Clock(() => kernel.time, 0, drift), diskOf: noDisk });
}

test('events come out of the heap by time', () => {
  fc.assert(
    fc.property(fc.array(fc.nat(20)), (times) => {
      const heap = new EventHeap();
      times.forEach((at, tie) => {
        heap.push({ at, tie, isCancelled: false });
      });
      const popped = times.map(() => heap.pop());
      expect(popped.map((event) => event?.at)).toEqual(times.toSorted((a, b) => a - b));
      expect(heap.pop()).toBeUndefined();
    }),
  );
});

test('a process sleeps in virtual time, by its own clock', async () => {
  const kernel = new Kernel(1, new Trace());
  const process = processOf(kernel, 0.5);
  const woken: number[] = [];
  process.start(async () => {
    await sleep(3000);
    woken.push(kernel.time);
  });
  await kernel.runUntil(10_000);
  expect(woken).toEqual([2000]);
  expect(process.hasEnded).toBe(true);
});

test('a paused process goes on later, and a killed one never', async () => {
  const kernel = new Kernel(1, new Trace());
  const [paused, killed] = [processOf(kernel), processOf(kernel)];
  const woken: string[] = [];
  for (const [name, process] of Object.entries({ paused, killed })) {
    process.start(async () => {
      await sleep(1000);
      woken.push(`${name} at ${kernel.time}`);
    });
  }
  kernel.schedule(500, () => {
    paused.pause(4000);
    killed.kill();
  });
  await kernel.runUntil(10_000);
  expect(woken).toEqual(['paused at 4500']);
});

test.each(['kill', 'end'] as const)('nothing listens any more for a process that sleeps: after %s', async (how) => {
  const kernel = new Kernel(1, new Trace());
  const process = processOf(kernel);
  const { signal } = new AbortController();
  process.start(() => sleep(1000, signal));
  kernel.schedule(500, () => {
    expect(getEventListeners(signal, 'abort')).toHaveLength(1);
    process[how]();
  });
  await kernel.runUntil(700);
  expect(getEventListeners(signal, 'abort')).toEqual([]);
});

test('a sleep that has ended or was aborted leaves nothing to close', async () => {
  const kernel = new Kernel(1, new Trace());
  const process = processOf(kernel);
  const [idle, aborted] = [new AbortController(), new AbortController()];
  process.start(async () => {
    await sleep(100, idle.signal);
    await expect(sleep(1000, aborted.signal)).rejects.toThrow('stop');
    await sleep(10_000);
  });
  kernel.schedule(500, () => aborted.abort(new Error('stop')));
  await kernel.runUntil(1000);
  expect(process.isAlive).toBe(true);
  expect([...process.resources]).toEqual([]);
});

test('a process has values and random numbers of its own', () => {
  const kernel = new Kernel(1, new Trace());
  const key = Symbol('value');
  const values = [processOf(kernel), processOf(kernel)].map(({ environment }) =>
    runIn(environment, () => environment.local(key, () => ({}))),
  );
  expect(values[0]).not.toBe(values[1]);
});

test('virtual time stands still while something takes real time', async () => {
  const answered = Promise.withResolvers<void>();
  const surroundings: Surroundings = { settle: () => answered.promise, pass: async (milliseconds) => milliseconds };
  const kernel = new Kernel(1, new Trace(), surroundings);
  const times: number[] = [];
  kernel.schedule(1000, () => {
    kernel.wait(new Promise((resolve) => setImmediate(resolve)));
    setImmediate(() => {
      times.push(kernel.time);
      answered.resolve();
    });
  });
  kernel.schedule(2000, () => times.push(kernel.time));
  await kernel.runUntil(3000);
  expect(times).toEqual([1000, 2000]);
});

test('where a part of the time has passed, what has ended meanwhile goes on before the next event', async () => {
  const passes = [400, 600];
  const surroundings: Surroundings = { settle: async () => undefined, pass: async () => passes.shift() ?? 1e6 };
  const kernel = new Kernel(1, new Trace(), surroundings);
  const times: number[] = [];
  kernel.schedule(1000, () => times.push(kernel.time));
  await kernel.runUntil(1000);
  expect(times).toEqual([1000]);
  expect(passes).toEqual([]);
});

test('work that an event waits for ends the simulation when it fails', async () => {
  const kernel = new Kernel(1, new Trace());
  kernel.schedule(1000, () => kernel.wait(Promise.reject(new Error('refused'))));
  await expect(kernel.runUntil(2000)).rejects.toThrow('refused');
});
