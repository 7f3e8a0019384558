import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { runIn, sleep } from '../../../src/shared/environment.ts';
import { Clock } from './clock.ts';
import { EventHeap } from './event-heap.ts';
import { Kernel } from './kernel.ts';
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

test('a process has values and random numbers of its own', () => {
  const kernel = new Kernel(1, new Trace());
  const key = Symbol('value');
  const values = [processOf(kernel), processOf(kernel)].map(({ environment }) =>
    runIn(environment, () => environment.local(key, () => ({}))),
  );
  expect(values[0]).not.toBe(values[1]);
});
