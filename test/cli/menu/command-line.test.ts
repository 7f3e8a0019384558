/** What the menu shows can be copied into a shell, and means there what it meant in the menu. */
import { execFileSync } from 'node:child_process';
import { expect, test } from '@jest/globals';
import { commandLine } from '../../../src/cli/menu/command-line.ts';

test('what needs no quotes gets none', () => {
  expect(commandLine(['order', 'place', '--region', 'boston', '--user', '1', '--item', '1x2'])).toBe(
    'npx meridian order place --region boston --user 1 --item 1x2',
  );
});

test.each([
  'United Kingdom',
  "Côte d'Ivoire",
  '{"gift":{"wrap":true,"note":"it\'s \\"yours\\""}}',
  '$HOME `id` $(id) \\ !! # ~ * ? [a] ; & | < >',
  '',
  '-',
  "''",
  'two\nlines',
  '=path',
])('a shell reads %j as it was', (text) => {
  const line = commandLine(['order', 'place', text]).replace('npx meridian', 'printf "%s\\0"');
  expect(execFileSync('sh', ['-c', line], { encoding: 'utf8' })).toBe(`order\0place\0${text}\0`);
});
