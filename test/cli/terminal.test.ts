/** Text, numbers and tables made fit for a terminal. */
import { describe, expect, test } from '@jest/globals';
import { formatNumber, idCell, printable, renderTable } from '../../src/cli/terminal.ts';

describe('printable', () => {
  test.each([
    ['plain text', 'Łukasz, 東京, 👍', 'Łukasz, 東京, 👍'],
    ['colours', '\u001b[31mred\u001b[0m', 'red'],
    ['a window title', '\u001b]0;title\u0007text', 'text'],
    ['line breaks', 'a\nb\r\nc', 'a\ufffdb\ufffd\ufffdc'],
    ['a lone escape, NUL and DEL', 'a\u001b\u0000\u007fb', 'a\ufffd\ufffd\ufffdb'],
  ])('%s', (_, text, expected) => {
    expect(printable(text)).toBe(expected);
  });

  test('text of 200 characters stays, longer text is cut', () => {
    expect(printable('x'.repeat(200))).toBe('x'.repeat(200));
    expect(printable('x'.repeat(201))).toBe(`${'x'.repeat(200)}…`);
    expect(printable('x'.repeat(1_000_000))).toHaveLength(201);
  });

  test('text that is cut after many control sequences says so', () => {
    expect(printable(`${'\u001b[31m'.repeat(100)}Alice`)).toMatch(/Alice|…$/);
  });

  test('no character is cut in two', () => {
    expect(printable(`x${'👍'.repeat(150)}`).isWellFormed()).toBe(true);
  });
});

test.each([
  [0, '0'],
  [1234567, '1,234,567'],
  [0.126, '0.13'],
  [12.5, '12.50'],
])('formatNumber(%p) is %p', (value, expected) => {
  expect(formatNumber(value)).toBe(expected);
});

describe('renderTable', () => {
  test('numbers stand to the right, text to the left, a line under the head only', () => {
    expect(
      renderTable(
        ['name', 'rows'],
        [
          ['users', 1234],
          ['orders', 5],
        ],
      ).split('\n'),
    ).toEqual([
      '┌────────┬───────┐',
      '│ name   │  rows │',
      '├────────┼───────┤',
      '│ users  │ 1,234 │',
      '│ orders │     5 │',
      '└────────┴───────┘',
    ]);
  });

  test('an id stands to the right like a number, and can be pasted back', () => {
    const table = renderTable(
      ['order', 'pieces'],
      [
        [idCell(1011), 1011],
        [idCell(7), 7],
      ],
    );
    expect(table).toContain('│  1011 │  1,011 │\n│     7 │      7 │');
  });

  test('all lines of a cell of several lines are shown', () => {
    const table = renderTable(['database', 'executed'], [['users', 'first\nsecond']]);
    expect(table).toMatch(/│ users +│ first +│/);
    expect(table).toMatch(/│ +│ second +│/);
  });

  test('no colour is written', () => {
    expect(renderTable(['a'], [['b']])).not.toContain('\u001b');
  });
});

test.each([50, 60, 80])('a table fits into a terminal of %d columns, its last column in several lines', (columns) => {
  const rows = [
    ['orders', 19_857, 'userId: reference, such as: User 29002 does not exist, and so on and so forth for a while'],
    ['users', 1, 'Name cannot be empty'],
  ];
  const lines = renderTable(['rejected', 'times', 'because'], rows, columns).split('\n');
  expect(Math.max(...lines.map((line) => line.length))).toBe(columns);
  expect(lines.length).toBeGreaterThan(6);
});
