/** A rejected record as a line that can be loaded again. */
import { describe, expect, test } from '@jest/globals';
import { readReject, rejectLine, rejectRow } from '../../src/loads/reject-line.ts';

const RECORD = { Mail: 'a\u2028b\u2029', id: '1' };
const ERRORS = [{ property: 'name', code: 'isNotEmpty', message: 'Name cannot be empty' }];
const REJECT = { number: 3, line: 4, record: RECORD, errors: ERRORS };

const lineOf = (reject: Parameters<typeof rejectRow>[0]) => rejectLine(rejectRow(reject));

test.each([undefined, {}])('without a map, it has none: %j', (map) => {
  const line = lineOf({ ...REJECT, map });
  expect(JSON.parse(line)).toEqual(REJECT);
  expect(line).toMatch(/^\{"number":3,"line":4,"record":/);
  expect(line).not.toMatch(/[\u2028\u2029]/);
  expect(readReject(JSON.parse(line))).toEqual({ record: RECORD });
});

test('errors are written as JSON.stringify writes them', () => {
  const errors = [
    { property: null, code: 'parse', message: '' },
    { property: 'né"e', code: 'a\\b', message: '"\u0000\u001f\u007f\ud800\u2028é' },
    ...ERRORS,
  ];
  for (const some of [[], ERRORS, errors]) {
    expect(rejectRow({ ...REJECT, errors: some }).errors).toBe(JSON.stringify(some));
  }
});

test('with the columns that --map named, it has them behind the errors', () => {
  const map = { email: 'Mail' };
  const line = lineOf({ ...REJECT, map });
  expect(Object.keys(JSON.parse(line))).toEqual(['number', 'line', 'record', 'errors', 'map']);
  expect(readReject(JSON.parse(line))).toEqual({ record: RECORD, map });
});

test('of several files, it names the one that it stands in', () => {
  const line = lineOf({ ...REJECT, file: 'orders/2026-01.csv' });
  expect(Object.keys(JSON.parse(line))).toEqual(['number', 'file', 'line', 'record', 'errors']);
  expect(JSON.parse(line)).toEqual({ ...REJECT, file: 'orders/2026-01.csv' });
  expect(readReject(JSON.parse(line))).toEqual({ record: RECORD });
});

test('with what no setting is for, it names these columns, and says that white space belongs to texts', () => {
  const line = lineOf({ ...REJECT, standard: new Set(['price']), isSpaced: true });
  expect(JSON.parse(line)).toEqual({ ...REJECT, standard: ['price'], trim: 'none' });
  expect(readReject(JSON.parse(line))).toEqual({ record: RECORD, numbers: new Set(['price']), isSpaced: true });
});

describe('no reject is', () => {
  test.each([
    null,
    [],
    'text',
    RECORD,
    { ...REJECT, errors: 'none' },
    { ...REJECT, more: 1 },
    { ...REJECT, file: 1 },
    { number: 3, record: RECORD, errors: ERRORS },
    { ...REJECT, map: ['email'] },
    { ...REJECT, map: { email: 1 } },
    { ...REJECT, standard: 'price' },
    { ...REJECT, trim: 'some' },
  ])('%j', (value) => {
    expect(readReject(value)).toBeUndefined();
  });
});
