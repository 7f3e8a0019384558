/** What a server does beside answering requests. */
import { expect, test } from '@jest/globals';
import type { ServiceOutput } from '../../src/config/service.ts';
import { Services } from '../../src/http/services.ts';
import { wait } from '../../src/shared/async/wait.ts';
import { until } from '../support/until.ts';

function outputTo(lines: string[]): ServiceOutput {
  return {
    note: (sentence) => void lines.push(sentence),
    complain: (sentence) => void lines.push(sentence),
    retrying: (sentence) => void lines.push(`${sentence} (again)`),
  };
}

test('a service that fails is started again, and shows why it failed until it works', async () => {
  const lines: string[] = [];
  const starts: number[] = [];
  const service = {
    name: 'ship',
    async run(signal: AbortSignal, output: ServiceOutput, onReady: () => void) {
      starts.push(performance.now());
      if (starts.length === 1) {
        throw new Error('the harbour is closed');
      }
      onReady();
      output.note('ships');
      await wait(60_000, signal);
      output.note('has finished');
    },
  };
  const services = new Services(outputTo(lines));
  const control = services.offer(service);
  expect(services.states()).toEqual([{ service: 'ship', state: 'stopped', reason: null }]);
  expect(() => services.refuseUnknown(['sail'])).toThrow(
    'There is no service "sail" to run. Those of the modules are ship.',
  );
  services.start(['ship']);
  await until('it has failed', () => starts.length === 1 && lines.length === 1);
  expect(services.states()).toEqual([{ service: 'ship', state: 'failing', reason: 'the harbour is closed' }]);
  await until('it runs', () => lines.includes('ships'));
  expect(services.states()).toEqual([{ service: 'ship', state: 'running', reason: null }]);
  await control.stop();
  expect(control.isRunning).toBe(false);
  control.start();
  await until('it runs again', () => lines.filter((line) => line === 'ships').length === 2);
  await services.stop();
  control.start();
  expect(control.isRunning).toBe(false);
  expect(lines).toEqual(['ship: the harbour is closed (again)', 'ships', 'has finished', 'ships', 'has finished']);
});

/** A service that ends when it is let, and says how many of it run. */
function slow() {
  const seen = { running: 0, most: 0, starts: 0 };
  let release = Promise.withResolvers<void>();
  const service = {
    name: 'ship',
    async run(signal: AbortSignal) {
      seen.starts++;
      seen.running++;
      seen.most = Math.max(seen.most, seen.running);
      const released = release.promise;
      await wait(60_000, signal);
      await released;
      seen.running--;
    },
  };
  const letEnd = () => {
    release.resolve();
    release = Promise.withResolvers();
  };
  return { seen, service, letEnd };
}

test('a service that is started while it stops runs again when it has stopped, and never twice at a time', async () => {
  const { seen, service, letEnd } = slow();
  const services = new Services(outputTo([]));
  const control = services.offer(service);
  control.start();
  await until('it runs', () => seen.starts === 1);
  const stopped = [control.stop(), control.stop()];
  control.start();
  control.start();
  expect(control.isRunning).toBe(true);
  letEnd();
  await Promise.all(stopped);
  await until('it runs again', () => seen.starts === 2);
  expect([seen.running, seen.most, control.isRunning]).toEqual([1, 1, true]);
  // the last word counts
  const again = control.stop();
  control.start();
  const last = control.stop();
  letEnd();
  await Promise.all([again, last]);
  expect([seen.running, seen.starts, control.isRunning]).toEqual([0, 2, false]);
  control.start();
  await until('it runs once more', () => seen.starts === 3);
  const ended = services.stop();
  control.start();
  letEnd();
  await ended;
  expect([seen.running, seen.starts, control.isRunning]).toEqual([0, 3, false]);
});

test('a service that returns by itself is stopped, and can be started', async () => {
  const services = new Services(outputTo([]));
  let runs = 0;
  const control = services.offer({ name: 'once', run: async () => void runs++ });
  for (const count of [1, 2]) {
    control.start();
    await until('it has returned', () => runs === count && !control.isRunning);
    expect(services.states()).toEqual([{ service: 'once', state: 'stopped', reason: null }]);
  }
});
