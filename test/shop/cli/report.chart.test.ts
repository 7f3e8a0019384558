/** Bars in the terminal. */
import { expect, test } from '@jest/globals';
import { type Bar, renderChart } from '../../../src/shop/cli/report.chart.ts';

const bar = (label: string, size: bigint, figure = String(size)): Bar => ({ label, size, figure });

test('bars in proportion, in their order, as wide as the terminal', () => {
  const chart = renderChart('Units', [bar('France', 5n), bar('Norway', 10n), bar('Spain', 0n)], 30);
  expect(chart.split('\n')).toEqual([
    'Units',
    'France  5 ╢██████████',
    'Norway 10 ╢███████████████████',
    'Spain   0 ╢',
    '          ╚═══════════════════',
  ]);
});

test('nothing but plain text, whatever stands in a label', () => {
  const chart = renderChart('Units', [bar('*a* %b% !c! @d@ #e# $f$ ~g~ ^h^ \u001b[31mi\nj', 1n), bar('', 1n)], 80);
  expect(chart).toContain('*a* %b% !c! @d@ #e# $f$ ~g~ ^h^ i\ufffdj');
  // biome-ignore lint/suspicious/noControlCharactersInRegex: that is what must not be there
  expect(chart).not.toMatch(/[\u0000-\u0009\u000b-\u001f]/);
  expect(chart.split('\n')).toHaveLength(4);
});

test('sizes beyond 2^53, one bar, and none that is longer than nothing', () => {
  const lines = (bars: readonly Bar[]) => renderChart('Units', bars, 40).split('\n').slice(1, -1);
  expect(lines([bar('a', 10n ** 21n, 'x'), bar('b', 5n * 10n ** 20n, 'x')])).toEqual([
    `a x ╢${'█'.repeat(35)}`,
    `b x ╢${'█'.repeat(18)}`,
  ]);
  expect(lines([bar('a', 1n)])).toEqual([`a 1 ╢${'█'.repeat(35)}`]);
  expect(lines([bar('a', 0n), bar('b', 0n)])).toEqual(['a 0 ╢', 'b 0 ╢']);
});

test('long labels leave room for bars', () => {
  const [, line = ''] = renderChart('Units', [bar('x'.repeat(100), 1n)], 30).split('\n');
  expect(line).toBe(`${'x'.repeat(40)}… 1 ╢${'█'.repeat(10)}`);
});
