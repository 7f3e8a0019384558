/** While a synchronous driver keeps the thread, signals end the process as if nothing handled them. */
import process from 'node:process';
import { afterEach, expect, test } from '@jest/globals';
import { withoutHandlers } from '../../../src/shared/async/signals.ts';

const calls: string[] = [];
const always = () => calls.push('always');
const once = () => calls.push('once');

afterEach(() => {
  process.off('SIGINT', always);
  process.off('SIGTERM', once);
});

test.each([
  ['succeeds', () => Promise.resolve('done')],
  ['fails', () => Promise.reject(new Error('failed'))],
])('handlers are away while work lasts, and back when it %s', async (_, end) => {
  const before = ['SIGINT', 'SIGTERM'].map((signal) => process.listenerCount(signal));
  process.on('SIGINT', always);
  process.once('SIGTERM', once);
  calls.length = 0;
  const working = withoutHandlers(async () => {
    expect([process.listenerCount('SIGINT'), process.listenerCount('SIGTERM')]).toEqual([0, 0]);
    return end();
  });
  await working.catch(() => undefined);
  process.emit('SIGINT');
  process.emit('SIGTERM');
  expect(calls).toEqual(['always', 'once']);
  // what was to be called once is gone
  expect(['SIGINT', 'SIGTERM'].map((signal) => process.listenerCount(signal))).toEqual([
    (before[0] ?? 0) + 1,
    before[1],
  ]);
});

test('of several at once, the last to end puts them back', async () => {
  process.on('SIGINT', always);
  const [first, second] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
  const working = [withoutHandlers(() => first.promise), withoutHandlers(() => second.promise)];
  first.resolve();
  await working[0];
  expect(process.listeners('SIGINT')).not.toContain(always);
  second.resolve();
  await working[1];
  expect(process.listeners('SIGINT')).toContain(always);
});
