/** What is known of the columns of a file: their types, their ranges and their distinct values, in bounded memory. */
import { describe, expect, test } from '@jest/globals';
import type { ColumnSummary } from '../../../src/populate/inspect/column-profile.ts';
import { MAX_DISTINCT } from '../../../src/populate/inspect/distinct-values.ts';
import { FileProfile } from '../../../src/populate/inspect/file-profile.ts';
import { FieldRecord } from '../../../src/populate/read/field-record.ts';
import type { ValueSettings } from '../../../src/populate/record/value-settings.ts';
import { WrittenNumber } from '../../../src/shared/json/written-number.ts';

function summaryOf(values: readonly unknown[], settings: ValueSettings = {}): ColumnSummary | undefined {
  const profile = new FileProfile(settings);
  const columns = ['value'];
  for (const [index, value] of values.entries()) {
    profile.add(new FieldRecord(index + 1, index + 2, columns, [value]));
  }
  return profile.columns.get('value')?.summary(profile.records);
}

describe('the type of a column is that of its values', () => {
  type Case = readonly [
    type: string,
    values: readonly unknown[],
    range?: readonly [string, string],
    settings?: ValueSettings,
  ];
  const cases: readonly Case[] = [
    ['whole number', ['10', '-3', ' 9 '], ['-3', '10']],
    ['whole number', ['9007199254740993', '9007199254740992'], ['9007199254740992', '9007199254740993']],
    ['whole number', [5, new WrittenNumber('9007199254740993')], ['5', '9007199254740993']],
    ['digits', ['01067', '10115'], ['01067', '10115']],
    ['decimal number', ['1', '2.5', '1e3'], ['1', '1e3']],
    ['decimal number', ['1,5', '1.000,25'], ['1,5', '1.000,25'], { decimal: ',', thousands: '.' }],
    ['decimal comma', ['1,5', '1.000,25', '7']],
    ['grouped number', ['1,000', '2 000', '1.000.000']],
    ['true or false', ['true', false]],
    ['true or false', ['TRUE', 'False']],
    ['date', ['2026-02-01', '2025-12-31'], ['2025-12-31', '2026-02-01']],
    ['date', ['1.2.2026', '31.12.2025'], ['31.12.2025', '1.2.2026'], { dateFormat: 'd.M.yyyy' }],
    ['date, day or month first', ['31/12/2026', '1/2/2026']],
    ['time without a zone', ['2026-02-01T10:00', '2026-02-01 09:00:00'], ['2026-02-01 09:00:00', '2026-02-01T10:00']],
    ['time', ['2026-02-01 10:00'], ['2026-02-01 10:00', '2026-02-01 10:00'], { timezone: 'Europe/Berlin' }],
    ['time', ['2026-02-01T10:00Z', '2026-02-01T10:30+01:00'], ['2026-02-01T10:30+01:00', '2026-02-01T10:00Z']],
    ['UUID', ['0198c0de-0000-7000-8000-000000000001', 'F198C0DE00007000800000000000000A']],
    ['list', [[1, 2]]],
    ['object', [{ a: 1 }]],
    ['text', ['a', '7']],
    ['text', ['2026-02-30', 'tree', 'zebra']],
    ['empty', ['', null]],
  ];

  // a function with more parameters than values is called with a callback
  test.each(cases.map((one) => [one[0], one] as const))('%s: %j', (type, [, values, range, settings]) => {
    const summary = summaryOf(values, settings);
    expect(summary?.type).toBe(type);
    expect([summary?.min, summary?.max]).toEqual(range ?? [undefined, undefined]);
  });

  test('the few values that are not are exceptions, with the first one', () => {
    const summary = summaryOf([...Array.from({ length: 18 }, (_, index) => String(index)), 'n/a', 'x']);
    expect(summary).toMatchObject({ type: 'whole number', min: '0', max: '17' });
    expect(summary?.exceptions).toEqual({ count: 2, first: { value: 'n/a', line: 20 } });
    expect(summaryOf(['1', 'n/a'])).toMatchObject({ type: 'text', longest: 3 });
  });
});

test('records without a value are counted: empty text, what means no value, and null or no key at all', () => {
  const profile = new FileProfile({ nulls: ['NA'] });
  for (const record of [{ a: '' }, { a: 'NA' }, { a: null }, {}, { a: 'x' }]) {
    profile.add({ number: 1, line: 1, record });
  }
  expect(profile.columns.get('a')?.summary(profile.records)).toMatchObject({ empty: 2, nulls: 2, values: 1 });
});

test('records that cannot be read are counted, and the first ones kept', () => {
  const profile = new FileProfile({}, ['a']);
  for (let line = 1; line <= 5; line++) {
    profile.add({ number: line, line, record: 'x', problem: 'The row has 1 field' });
  }
  profile.add({ number: 6, line: 6, record: 7 });
  expect(profile).toMatchObject({ records: 6, brokenRecords: 6 });
  expect(profile.broken.map(({ line }) => line)).toEqual([1, 2, 3]);
  expect(profile.columns.get('a')?.summary(0)).toMatchObject({ type: 'empty', values: 0 });
});

describe('distinct values', () => {
  test('are counted exactly up to a limit, and beyond it only that there are more is known', () => {
    const numbers = Array.from({ length: MAX_DISTINCT }, (_, index) => String(index));
    expect(summaryOf([...numbers, '7'])?.distinct).toEqual({ count: MAX_DISTINCT, isMore: false });
    const more = summaryOf([...numbers, 'one more', 'another']);
    expect(more?.distinct).toEqual({ count: MAX_DISTINCT, isMore: true });
    expect(more?.examples).toEqual([{ value: '0' }, { value: '1' }, { value: '2' }]);
  });

  test('of all columns together are limited as well', () => {
    const profile = new FileProfile({});
    const columns = Array.from({ length: 150 }, (_, index) => `c${index}`);
    for (let row = 1; row <= 7000; row++) {
      const fields = columns.map(() => String(row));
      profile.add(new FieldRecord(row, row, columns, fields));
    }
    const counts = columns.map((name) => profile.columns.get(name)?.summary(7000).distinct);
    expect(counts).toContainEqual({ count: 7000, isMore: false });
    expect(counts.filter((one) => one?.isMore)).not.toEqual([]);
  });

  test('the most frequent come first; long ones are told apart as well', () => {
    const long = 'x'.repeat(100);
    const summary = summaryOf(['b', 'a', 'b', 'c', 'c', 'c', 'd', `${long}1`, `${long}2`, `${long}2`]);
    expect(summary?.examples).toEqual([
      { value: 'c', count: 3 },
      { value: 'b', count: 2 },
      { value: 'a', count: 1 },
    ]);
    expect(summary).toMatchObject({ distinct: { count: 6, isMore: false }, longest: 101 });
  });
});

describe('members of nested JSON', () => {
  const profile = new FileProfile({});
  for (const record of [
    { id: 1, address: { city: 'Oslo', geo: { lat: 1.5 } }, items: [{ sku: 'A' }, { sku: 'B', note: null }] },
    { id: 2, address: { city: '', geo: null }, items: [{ sku: 'A' }], tags: ['x', 'y', 'x'] },
    { id: 3, address: null, big: new WrittenNumber('9007199254740993') },
  ]) {
    profile.add({ number: record.id, line: record.id, record });
  }
  const summaries = new Map(
    profile.all().map(({ path, profile: column, records }) => [path, column.summary(records)] as const),
  );

  test('follow the column that they are in', () => {
    expect([...summaries.keys()]).toEqual([
      'id',
      'address',
      'address.city',
      'address.geo',
      'address.geo.lat',
      'items',
      'items[]',
      'items[].sku',
      'items[].note',
      'tags',
      'tags[]',
      'big',
    ]);
  });

  test('have types, distinct values, and are missed where their object is', () => {
    expect(summaries.get('address.city')).toMatchObject({ type: 'text', values: 1, empty: 1, nulls: 1 });
    expect(summaries.get('address.geo.lat')).toMatchObject({ type: 'decimal number', values: 1, nulls: 2 });
  });

  test('of elements are counted for each element', () => {
    expect(summaries.get('items[].sku')).toMatchObject({ values: 3, nulls: 0, distinct: { count: 2, isMore: false } });
    expect(summaries.get('items[].note')).toMatchObject({ type: 'empty', nulls: 3 });
    expect(summaries.get('tags[]')).toMatchObject({ values: 3, distinct: { count: 2, isMore: false } });
  });

  test('are a record with all keys', () => {
    expect(profile.structure()).toEqual({
      id: true,
      address: { city: true, geo: { lat: true } },
      items: true,
      tags: true,
      big: true,
    });
  });

  test('are limited: an object can have a key for each of a million users', () => {
    const many = new FileProfile({});
    const users = Object.fromEntries(Array.from({ length: 300 }, (_, index) => [`user${index}`, index]));
    many.add({ number: 1, line: 1, record: { id: 1, users } });
    expect(many.all()).toHaveLength(202);
    expect(many.hasMoreColumns).toBe(true);
    expect(profile.hasMoreColumns).toBe(false);
  });
});
