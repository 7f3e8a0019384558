/** Points in time: which texts are one, and the one form that each has inside. */
import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { canonicalInstant, isTooFine, toDate } from '../../../src/shared/time/instant.ts';
import { InstantType } from '../../../src/shared/time/instant.type.ts';

/** A text, and what it is inside. */
const INSTANTS: [text: string, canonical: string][] = [
  ['2010-12-01T08:26:00Z', '2010-12-01T08:26:00.000Z'],
  ['2010-12-01T08:26Z', '2010-12-01T08:26:00.000Z'],
  ['2010-12-01t08:26:00z', '2010-12-01T08:26:00.000Z'],
  ['2010-12-01 08:26:00Z', '2010-12-01T08:26:00.000Z'],
  ['2010-12-01T08:26:00.5Z', '2010-12-01T08:26:00.500Z'],
  ['2010-12-01T08:26:00.123000000Z', '2010-12-01T08:26:00.123Z'],
  ['2010-12-01T09:26:00+01:00', '2010-12-01T08:26:00.000Z'],
  ['2010-12-01T00:26:00-0800', '2010-12-01T08:26:00.000Z'],
  ['2010-12-01T00:00:00+00:01', '2010-11-30T23:59:00.000Z'],
  ['2012-02-29T12:00:00Z', '2012-02-29T12:00:00.000Z'],
  // as PostgreSQL writes them
  ['2010-12-01 08:26:00+00', '2010-12-01T08:26:00.000Z'],
  ['2010-12-01 08:26:00.5+02', '2010-12-01T06:26:00.500Z'],
  ['2010-12-01 08:26:00.120000-08', '2010-12-01T16:26:00.120Z'],
  ['2010-12-01 08:26:00+05:30', '2010-12-01T02:56:00.000Z'],
  ['2010-12-01T08:26:00+0530', '2010-12-01T02:56:00.000Z'],
  ['1900-01-01 00:00:00+00:19:32', '1899-12-31T23:40:28.000Z'],
  ['2010-12-01T24:00:00Z', '2010-12-02T00:00:00.000Z'],
  // years before 100 are not those of the twentieth century
  ['0000-01-01T00:00:00Z', '0000-01-01T00:00:00.000Z'],
  ['0000-02-29T00:00:00Z', '0000-02-29T00:00:00.000Z'],
  ['0000-12-31T23:59:59.999Z', '0000-12-31T23:59:59.999Z'],
  ['0004-02-29T00:00:00Z', '0004-02-29T00:00:00.000Z'],
  ['0050-06-15T12:00:00+01', '0050-06-15T11:00:00.000Z'],
  ['0099-12-31T23:59:59Z', '0099-12-31T23:59:59.000Z'],
  ['0100-01-01T00:00:00+00:01', '0099-12-31T23:59:00.000Z'],
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
  '0001-02-29T00:00:00Z',
  '0100-02-29T00:00:00Z',
  '2010-02-31T00:00:00Z',
  '2010-13-01T00:00:00Z',
  '2010-00-01T00:00:00Z',
  '2010-12-00T00:00:00Z',
  '2010-12-01T25:00:00Z',
  '2010-12-01T24:00:01Z',
  '2010-12-01T24:00:00.001Z',
  '2010-12-01T08:26:60Z',
  '2010-12-01T08:26:00+24',
  '2010-12-01T08:26:00+99',
  '2010-12-01T08:26:00+00:60',
  '2010-12-01T08:26:00+00:19:60',
  '2010-12-01T08:26:00+001932',
  '2010-12-01T08:26:00+00:',
  '0044-03-15 12:00:00+00 BC',
  'infinity',
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

test.each([
  '2010-12-01T08:26:00.1234Z',
  '2010-12-01 08:26:00.123456+00',
  '2010-12-01T08:26:00.000000001Z',
  '2010-12-01T08:26:00.999999999Z',
])('%p is a time that would have to be rounded, so it is not taken', (text) => {
  expect(isTooFine(text)).toBe(true);
  expect(toDate(text)).toBeUndefined();
  expect(canonicalInstant(text)).toBeUndefined();
  expect(new InstantType().fromText(text)).toBeUndefined();
});

test.each([...INSTANTS.map(([text]) => text), 'yesterday', '2010-02-29T00:00:00.1234Z'])(
  '%p would not have to be',
  (text) => {
    expect(isTooFine(text)).toBe(false);
  },
);

test('any time is read alike with any zone, by whatever spelling', () => {
  const any = fc.date({
    min: new Date('0001-01-01T00:00:00Z'),
    max: new Date('9998-12-31T23:59:59.999Z'),
    noInvalidDate: true,
  });
  const minutes = fc.integer({ min: -15 * 60, max: 15 * 60 });
  fc.assert(
    fc.property(any, minutes, fc.constantFrom(':', ''), fc.constantFrom('T', ' '), (date, offset, colon, between) => {
      const there = new Date(date.getTime() + offset * 60_000).toISOString().slice(0, -1).replace('T', between);
      const [hours, rest] = [Math.floor(Math.abs(offset) / 60), Math.abs(offset) % 60].map((part) =>
        String(part).padStart(2, '0'),
      );
      const zone = `${offset < 0 ? '-' : '+'}${hours}${rest === '00' ? '' : `${colon}${rest}`}`;
      expect(canonicalInstant(there + zone)).toBe(date.toISOString());
    }),
  );
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
