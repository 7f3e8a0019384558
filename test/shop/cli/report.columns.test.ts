/** How the columns of a report are written for people and for programs. */
import { expect, test } from '@jest/globals';
import { amount, count, formatCents, instant, label, ordinal } from '../../../src/shop/cli/report.columns.ts';

test('amounts have separators for people and none for programs, and are added up exactly', () => {
  const column = amount<bigint>('revenue', (cents) => cents);
  const cents = 10n ** 21n + 1n;
  expect(column.value(cents)).toBe('10000000000000000000.01');
  expect(column.cell(cents)).toEqual({ figure: '10,000,000,000,000,000,000.01' });
  expect(column.total([cents, cents, 98n])).toEqual({ figure: '20,000,000,000,000,000,001.00' });
  expect(amount<bigint>('price', (one) => one, { isSummed: false }).total([cents])).toBe('');
  expect([0n, 7n, 99_999n, 100_000n, 123_456_789n].map(formatCents)).toEqual([
    '0.00',
    '0.07',
    '999.99',
    '1,000.00',
    '1,234,567.89',
  ]);
});

test('a count that no number holds is text for programs', () => {
  const column = count<bigint | null>('units', (units) => units);
  const most = BigInt(Number.MAX_SAFE_INTEGER);
  expect([most, most + 1n, null].map(column.value)).toEqual([Number.MAX_SAFE_INTEGER, '9007199254740992', null]);
  expect(column.cell(most + 2n)).toEqual({ figure: '9,007,199,254,740,993' });
  expect(column.cell(null)).toEqual({ figure: '–' });
  expect(column.total([most, 2n, null])).toEqual({ figure: '9,007,199,254,740,993' });
});

test('a number that says which one has no separators', () => {
  const column = ordinal<number | null>('seq', (seq) => seq);
  expect([column.cell(1011), column.cell(null)]).toEqual([{ figure: '1011' }, { figure: '–' }]);
  expect([column.value(1011), column.value(null), column.total([1011])]).toEqual([1011, null, '']);
});

test('a point in time is shown to the second, to programs in full', () => {
  const column = instant<string | null>('heardAt', (at) => at, { none: 'never' });
  const at = '2026-11-22T03:04:05.678Z';
  expect([column.cell(at), column.cell(null)]).toEqual(['2026-11-22 03:04:05Z', 'never']);
  expect([column.value(at), column.value(null)]).toEqual([at, null]);
});

test('a label is made safe for people and left alone for programs', () => {
  const column = label<string | number | null>('country', (key) => key, {
    mark: (key) => (key === 'a\u001b[1m' ? ' *' : ''),
  });
  expect(column.cell('a\u001b[1m')).toBe('a *');
  expect(column.value('a\u001b[1m')).toBe('a\u001b[1m');
  expect(column.cell(17_850)).toEqual({ figure: '17850' });
  expect([column.cell(null), column.value(null), column.text(null)]).toEqual(['(none)', null, '(none)']);
});
