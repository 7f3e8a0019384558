/** Points in time: which texts are one, and the one form that each has inside. */
import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { canonicalInstant, toDate } from '../../src/time/instant.ts';
import { InstantType } from '../../src/time/instant.type.ts';

/** A text, and what it is inside. */
const INSTANTS: [text: string, canonical: string][] = [
  ['2010-12-01T08:26:00Z', '2010-12-01T08:26:00.000Z'],
  ['2010-12-01T08:26Z', '2010-12-01T08:26:00.000Z'],
  ['2010-12-01t08:26:00z', '2010-12-01T08:26:00.000Z'],
  ['2010-12-01 08:26:00Z', '2010-12-01T08:26:00.000Z'],
  ['2010-12-01T08:26:00.5Z', '2010-12-01T08:26:00.500Z'],
  ['2010-12-01T08:26:00.123456789Z', '2010-12-01T08:26:00.123Z'],
  ['2010-12-01T09:26:00+01:00', '2010-12-01T08:26:00.000Z'],
  ['2010-12-01T00:26:00-0800', '2010-12-01T08:26:00.000Z'],
  ['2010-12-01T00:00:00+00:01', '2010-11-30T23:59:00.000Z'],
  ['2012-02-29T12:00:00Z', '2012-02-29T12:00:00.000Z'],
  ['0000-01-01T00:00:00Z', '0000-01-01T00:00:00.000Z'],
  ['9999-12-31T23:59:59.999Z', '9999-12-31T23:59:59.999Z'],
];

test.each(INSTANTS)('%p is %p', (text, canonical) => {
  expect(canonicalInstant(text)).toBe(canonical);
  expect(toDate(text)?.toISOString()).toBe(canonical);
  expect(new InstantType().fromText(text)).toBe(canonical);
  // and what it is inside stays as it is
  expect(canonicalInstant(canonical)).toBe(canonical);
});

test.each([
  '',
  'yesterday',
  '2010-12-01',
  '2010-12-01T08:26:00',
  '2010-12-01T08Z',
  '2010-12-01T08:26:00.Z',
  '2010-12-01T08:26:00.1234567890Z',
  '2010-02-29T00:00:00Z',
  '2010-02-31T00:00:00Z',
  '2010-13-01T00:00:00Z',
  '2010-00-01T00:00:00Z',
  '2010-12-00T00:00:00Z',
  '2010-12-01T25:00:00Z',
  '2010-12-01T08:60:00Z',
  '2010-12-01T08:26:00+1',
  '2010-12-01T08:26:00 Z',
  ' 2010-12-01T08:26:00Z',
  '2010-12-01T08:26:00Z\n',
  '12/1/2010 8:26',
  '1291191960000',
  '+002010-12-01T08:26:00Z',
  '٢٠١٠-12-01T08:26:00Z',
])('%p is none', (text) => {
  expect(canonicalInstant(text)).toBeUndefined();
});

test.each(['0000-01-01T00:00:00+00:01', '9999-12-31T23:59:59-00:01'])(
  '%p leaves the years that text can sort',
  (text) => {
    expect(canonicalInstant(text)).toBeUndefined();
  },
);

test('sorts as text as it does by time', () => {
  const any = fc.date({
    min: new Date('0000-01-01T00:00:00Z'),
    max: new Date('9999-12-31T23:59:59.999Z'),
    noInvalidDate: true,
  });
  fc.assert(
    fc.property(any, any, (a, b) => {
      const [one = '', other = ''] = [a, b].map((date) => canonicalInstant(date.toISOString()));
      expect(Math.sign(Number(one > other) - Number(one < other))).toBe(Math.sign(a.getTime() - b.getTime()));
    }),
  );
});
