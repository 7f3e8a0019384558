/** What is opened when it is first needed. */
import { expect, test } from '@jest/globals';
import { Lazily } from '../../../src/shop/documents/lazily.ts';

test('is opened once, and anew after it was closed', async () => {
  const events: string[] = [];
  const lazily = new Lazily(() => {
    events.push('open');
    return Promise.resolve({
      close: () => {
        events.push('close');
        return Promise.resolve();
      },
    });
  });
  await lazily.close();
  expect(await lazily.open()).toBe(await lazily.open());
  await lazily.close();
  await lazily.open();
  expect(events).toEqual(['open', 'close', 'open']);
});

test('is opened anew after it could not be', async () => {
  let isBroken = true;
  const lazily = new Lazily(() =>
    isBroken ? Promise.reject(new Error('on purpose')) : Promise.resolve({ close: () => Promise.resolve() }),
  );
  await expect(lazily.open()).rejects.toThrow('on purpose');
  isBroken = false;
  await lazily.open();
  await lazily.close();
});
