import { expect, test } from '@jest/globals';
import { formatInstant } from '../../../src/shared/time/format-instant.ts';

test('a point in time is shown to the second', () => {
  expect(formatInstant('2026-11-22T03:04:05.678Z')).toBe('2026-11-22 03:04:05Z');
  expect(formatInstant('never')).toBe('never');
});
