/** Tables: aligned, and fitted into a terminal without breaking a word. */
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import process from 'node:process';
import { pathToFileURL } from 'node:url';
import { describe, expect, test } from '@jest/globals';
import { amountCell, type Cell, idCell, renderTable } from '../../../src/cli/output/table.ts';
import { buildRoot } from '../../../src/shared/project.ts';
import { thoroughTest } from '../../support/depth.ts';

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

describe('in a terminal that is too narrow', () => {
  const REASONS = [
    ['orders', 19_857, 'userId: reference, such as: User 29002 does not exist, and so on and so forth for a while'],
    ['users', 1, 'Name cannot be empty'],
  ];
  const linesOf = (head: string[], rows: Cell[][], terminalColumns = Number.POSITIVE_INFINITY) =>
    renderTable(head, rows, { terminalColumns }).split('\n');
  /** What the cells of a row hold, their lines put together. */
  const heldBy = (lines: readonly string[]) =>
    lines
      .filter((line) => line.includes('│'))
      .map((line) => line.split('│').slice(1, -1))
      .reduce<string[]>(
        (all, cells) => cells.map((cell, column) => (all[column] ?? '') + cell.replaceAll(' ', '')),
        [],
      );

  test.each([40, 50, 60, 80])('a table fits into %d columns, sentences in several lines', (columns) => {
    const lines = linesOf(['rejected', 'times', 'because'], REASONS, columns);
    expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(columns);
    expect(new Set(lines.map((line) => line.length)).size).toBe(1);
    expect(lines.length).toBeGreaterThan(6);
    expect(lines.join('\n')).toMatch(/│ orders +│ 19,857 │ userId: /);
  });

  test('words and numbers stay whole as long as they can, and no character is lost', () => {
    const head = ['order', 'user', 'product', 'quantity', 'unit price', 'status', 'placed at', 'country', 'checkout'];
    const key = '0192d4c8-7e4f-7a30-9c1b-3f6e5d7c8b9a';
    const row = [
      idCell(1011),
      idCell(17850),
      idCell(3),
      1_234_567,
      '2.50',
      'confirmed',
      '2026-11-22 03:04:05Z',
      'Peru',
      key,
    ];
    for (const columns of [110, 120]) {
      const lines = linesOf(head, [row], columns);
      expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(columns);
      const [first, second] = lines
        .join('\n')
        .split(/\n├.*┤\n/)
        .map((part) => heldBy(part.split('\n')));
      expect(first).toEqual(head.map((one) => one.replaceAll(' ', '')));
      expect(second).toEqual([
        '1011',
        '17850',
        '3',
        '1,234,567',
        '2.50',
        'confirmed',
        '2026-11-2203:04:05Z',
        'Peru',
        key,
      ]);
      expect(lines.some((line) => line.includes('1,234,567'))).toBe(true);
      expect(lines.some((line) => line.includes('2026-11-22'))).toBe(true);
      expect(lines.some((line) => line.includes(key))).toBe(true);
    }
    const [line = ''] = linesOf(head, [row]);
    expect(line).toHaveLength(136);
    const second = row.with(0, idCell(1012));
    expect(linesOf(head, [row, second], 80)).toEqual([
      'order      │ 1011',
      'user       │ 17850',
      'product    │ 3',
      'quantity   │ 1,234,567',
      'unit price │ 2.50',
      'status     │ confirmed',
      'placed at  │ 2026-11-22 03:04:05Z',
      'country    │ Peru',
      `checkout   │ ${key}`,
      '─'.repeat(80),
      'order      │ 1012',
      ...linesOf(head, [second], 80).slice(1),
    ]);
  });

  test('characters that take two columns are counted as such, and none is cut in two', () => {
    const lines = linesOf(
      ['name', 'n'],
      [
        ['東京'.repeat(20), 5],
        ['👍'.repeat(30), 6],
      ],
      30,
    );
    expect(lines.join('')).not.toContain('…');
    expect(lines.join('').match(/[東京]/g)).toHaveLength(40);
    expect(lines.join('').match(/👍/gu)).toHaveLength(30);
  });

  test('rows beyond the limit are counted', () => {
    const rows = Array.from({ length: 200_000 }, (_, index): Cell[] => [index]);
    const lines = renderTable(['n'], rows, { total: [{ figure: 'all' }] }).split('\n');
    expect(lines).toHaveLength(10_000 + 4 + 2);
    expect(lines.slice(-4)).toEqual([
      '│ 9,999 │',
      '│   all │',
      '└───────┘',
      '… and 190,000 rows more: --json has all of them.',
    ]);
  });

  // in a process of its own: where coverage is counted, this takes five times longer
  thoroughTest('as many rows as are shown, of many words each, are not too many for the stack', () => {
    const code = `
      import { renderTable } from ${JSON.stringify(pathToFileURL(join(buildRoot, 'src', 'cli', 'output', 'table.js')).href)};
      const rows = Array.from({ length: 12_000 }, (_, index) => [index, 'a b c d e f g h i j k l']);
      process.stdout.write(renderTable(['n', 'words'], rows, { terminalColumns: 15 }).slice(-200));`;
    const { stdout, stderr } = spawnSync(process.execPath, ['--input-type=module', '--eval', code], {
      encoding: 'utf8',
    });
    expect([stdout, stderr]).toEqual([expect.stringContaining('… and 2,000 rows more'), '']);
  });

  test('numbers stay whole where nothing fits', () => {
    expect(renderTable(['a', 'b'], [[123_456_789, 'text']], { terminalColumns: 5 })).toContain('123,456,789');
  });
});

test('amounts have separators and stand to the right; an unknown one is empty', () => {
  expect(
    renderTable(['total'], [[amountCell('28750.00')], [amountCell('5.00')], [amountCell(null)]]).split('\n'),
  ).toEqual([
    '┌───────────┐',
    '│     total │',
    '├───────────┤',
    '│ 28,750.00 │',
    '│      5.00 │',
    '│           │',
    '└───────────┘',
  ]);
});
