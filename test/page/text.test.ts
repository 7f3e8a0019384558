/** How the page writes values. */
import { expect, test } from '@jest/globals';
import {
  countOf,
  fileNameOf,
  formatBytes,
  formatCount,
  formatInstant,
  formatSeconds,
  shellWord,
  textOf,
} from '../../src/page/frame/text.ts';

test('what is not known is said so, and is never 0', () => {
  expect([formatCount(null), formatCount(undefined), formatCount(0)]).toEqual(['unknown', 'unknown', '0']);
  expect([formatSeconds(undefined), formatInstant(null)]).toEqual(['unknown', 'unknown']);
});

test('counts, durations, sizes and instants are short', () => {
  expect([countOf(1, 'row'), countOf(1234567, 'row')]).toEqual(['1 row', '1,234,567 rows']);
  expect([0.25, 59, 61, 3700].map(formatSeconds)).toEqual(['0.3 s', '59 s', '1 min 1 s', '1 h 1 min']);
  expect([59.7, 60, 119.6, 3600].map(formatSeconds)).toEqual(['1 min', '1 min', '2 min', '1 h']);
  expect([0, 999, 1500, 2_000_000].map(formatBytes)).toEqual(['0 B', '999 B', '1.5 kB', '2.0 MB']);
  expect(formatInstant('2026-11-27T09:37:30.962Z')).toBe('2026-11-27 09:37:30');
  expect([null, 'a', 1, { a: [1] }].map(textOf)).toEqual(['', 'a', '1', '{"a":[1]}']);
});

test('a file is called by its name alone, and another source as it is', () => {
  const sources = ['/srv/data/users.csv', 'C:\\data\\users.csv', 'users.csv', 'folder/', 'https://a.example/users.csv'];
  expect(sources.map(fileNameOf)).toEqual([
    'users.csv',
    'users.csv',
    'users.csv',
    'folder/',
    'https://a.example/users.csv',
  ]);
});

test('words of a command are quoted for a shell', () => {
  expect(['users.csv', "it's", '', '$(rm)'].map(shellWord)).toEqual(['users.csv', "'it'\\''s'", "''", "'$(rm)'"]);
});
