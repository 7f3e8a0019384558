import { expect, test } from '@jest/globals';
import { UnderWay, type Work } from './under-way.ts';

const statement: Work = { backend: () => 1, role: 'seller' };

test('virtual time does not pass before a statement has ended', async () => {
  let looks = 0;
  const underWay = new UnderWay(
    async () => {
      if (++looks === 3) {
        underWay.end(statement);
      }
      return new Set();
    },
    () => undefined,
  );
  underWay.begin(statement);
  await underWay.settle();
  expect(looks).toBe(3);
  expect(await underWay.pass(1000)).toBe(1000);
});

test('virtual time passes while a statement waits for a lock, until it has ended', async () => {
  const waits: Work[] = [];
  const underWay = new UnderWay(
    async () => new Set([1]),
    (work) => waits.push(work),
  );
  underWay.begin(statement);
  await underWay.settle();
  expect(waits).toEqual([statement]);
  expect(await underWay.pass(10)).toBe(10);
  const passing = underWay.pass(1e9);
  underWay.end(statement);
  expect(await passing).toBeLessThan(1e9);
});

test('a statement that got its lock is waited for again', async () => {
  let looks = 0;
  const underWay = new UnderWay(
    async () => {
      if (++looks === 3) {
        underWay.end(statement);
      }
      return new Set(looks === 1 ? [1] : []);
    },
    () => undefined,
  );
  underWay.begin(statement);
  await underWay.settle();
  expect(looks).toBe(1);
  await underWay.settle();
  expect(looks).toBe(3);
});
