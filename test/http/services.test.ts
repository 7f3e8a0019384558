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
