/** The rate of a load, and the time that is left. */
import { expect, test } from '@jest/globals';
import { Pace } from '../../../src/cli/output/pace.ts';

function paceAt(bytesBefore = 0, recordsBefore = 0) {
  let now = 5000;
  const pace = new Pace(bytesBefore, recordsBefore, () => now);
  return (seconds: number, bytesRead: number, bytesTotal: number | undefined, read: number) => {
    now = 5000 + seconds * 1000;
    return pace.text({ bytesRead, bytesTotal }, read);
  };
}

test('nothing in the first second, then the rate and the time that is left', () => {
  const text = paceAt();
  expect(text(0.5, 100, 10_000, 10)).toBe('');
  expect(text(2, 1000, 10_000, 24_000)).toBe('12,000/s, 18 s left');
  expect(text(2, 10, 10_000, 24)).toBe('12/s, 33 min left');
  expect(text(2, 1, 10_000, 2)).toBe('1/s, 5 h 33 min left');
  expect(text(4, 10_000, 10_000, 200)).toBe('50/s');
});

test('of what has no known size, only the rate', () => {
  expect(paceAt()(2, 1000, undefined, 100)).toBe('50/s');
});

test('what was read before does not count', () => {
  const text = paceAt(5000, 600);
  expect(text(10, 6000, 10_000, 1600)).toBe('100/s, 40 s left');
});
