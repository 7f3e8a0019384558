/** What is opened when it is first needed. */
import { expect, test } from '@jest/globals';
import { LazyResource } from '../../../src/shop/documents/lazy-resource.ts';

test('is opened once, and again after it was closed', async () => {
  const events: string[] = [];
  const resource = new LazyResource(() => {
    events.push('open');
    return Promise.resolve({
      close: () => {
        events.push('close');
        return Promise.resolve();
      },
    });
  });
  await resource.close();
  expect(await resource.open()).toBe(await resource.open());
  await resource.close();
  await resource.open();
  expect(events).toEqual(['open', 'close', 'open']);
});

test('is opened again after a failure', async () => {
  let isBroken = true;
  const resource = new LazyResource(() =>
    isBroken ? Promise.reject(new Error('on purpose')) : Promise.resolve({ close: () => Promise.resolve() }),
  );
  await expect(resource.open()).rejects.toThrow('on purpose');
  isBroken = false;
  await resource.open();
  await resource.close();
});
