/** What a period can be said to be. */
import { expect, test } from '@jest/globals';
import { periodOf } from '../../../../src/shop/central/reports/period.ts';

test('dates mean whole days in UTC, and times what they say', () => {
  expect(periodOf({})).toEqual({});
  expect(periodOf({ from: '2010-12-01', to: '2010-12-01' })).toEqual({
    from: '2010-12-01T00:00:00.000Z',
    to: '2010-12-01T23:59:59.999Z',
  });
  expect(periodOf({ from: ' 2012-02-29T10:00+02:00 ' })).toEqual({ from: '2012-02-29T08:00:00.000Z' });
  expect(periodOf({ to: '0000-01-01' })).toEqual({ to: '0000-01-01T23:59:59.999Z' });
});

test.each(['', 'yesterday', '2010-12', '2011-02-29', '2010-12-01T08:26:00', '2010-13-01', '1', '12010-12-01', 'NaN'])(
  'neither a date nor a time: "%s"',
  (text) => {
    expect(() => periodOf({ from: text })).toThrow(
      `--from takes a date such as 2010-12-01, or a time with a zone such as 2010-12-01T08:26:00Z, not "${text}".`,
    );
    expect(() => periodOf({ to: text })).toThrow(expect.objectContaining({ code: 'usage' }));
  },
);

test('a period that ends before it begins', () => {
  expect(() => periodOf({ from: '2010-12-02', to: '2010-12-01' })).toThrow(
    '--from 2010-12-02 is after --to 2010-12-01. Exchange the two.',
  );
  expect(() => periodOf({ from: '2010-12-01T08:00:00.001Z', to: '2010-12-01T08:00:00Z' })).toThrow(
    expect.objectContaining({ code: 'usage' }),
  );
});
