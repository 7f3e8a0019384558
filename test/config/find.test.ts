/** Which config a command uses. */
import { mkdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { expect, test } from '@jest/globals';
import { CONFIG_FILES, cloneConfig, findConfig, noConfig } from '../../src/config/find.ts';
import { projectRoot } from '../../src/shared/project.ts';
import { makeFolder, writeIn } from '../support/folder.ts';

const environment = {};

test.each(CONFIG_FILES)('%s is found', (name) => {
  const folder = makeFolder();
  const file = writeIn(folder, name, '');
  expect(findConfig({ folder, environment })).toBe(file);
});

test('one is found from a folder below, the nearest first', () => {
  const folder = makeFolder();
  const outer = writeIn(folder, 'meridian.config.ts', '');
  const inner = writeIn(folder, 'packages/shop/meridian.config.js', '');
  const below = join(dirname(inner), 'src', 'users');
  mkdirSync(below, { recursive: true });
  expect(findConfig({ folder: below, environment })).toBe(inner);
  expect(findConfig({ folder: join(folder, 'packages'), environment })).toBe(outer);
});

test('there may be none', () => {
  expect(findConfig({ folder: makeFolder(), environment })).toBeUndefined();
});

test('--config wins over MERIDIAN_CONFIG, which wins over what is found', () => {
  const folder = makeFolder();
  writeIn(folder, 'meridian.config.ts', '');
  const other = writeIn(folder, 'other.js', '');
  const third = writeIn(folder, 'configs/third.ts', '');
  expect(findConfig({ folder, environment: { MERIDIAN_CONFIG: other } })).toBe(other);
  expect(findConfig({ folder, environment: { MERIDIAN_CONFIG: other }, option: 'configs/third.ts' })).toBe(third);
});

test.each([
  ['--config', { option: 'none.ts', environment }],
  ['MERIDIAN_CONFIG', { environment: { MERIDIAN_CONFIG: 'none.ts' } }],
])('%s has to name a file that there is', (by, options) => {
  const folder = makeFolder();
  writeIn(folder, 'meridian.config.ts', '');
  expect(() => findConfig({ folder, ...options })).toThrow(
    `${by} names ${join(folder, 'none.ts')}, and there is no such file.`,
  );
});

test('an empty --config names no file; an empty variable is not set', () => {
  const folder = makeFolder();
  const file = writeIn(folder, 'meridian.config.ts', '');
  expect(() => findConfig({ folder, environment, option: '' })).toThrow('--config names no file.');
  expect(findConfig({ folder, environment: { MERIDIAN_CONFIG: ' ' } })).toBe(file);
});

test('two in one folder are refused', () => {
  const folder = makeFolder();
  const files = ['meridian.config.ts', 'meridian.config.mjs'].map((name) => writeIn(folder, name, ''));
  expect(() => findConfig({ folder, environment })).toThrow(`There are two configs, ${files.join(' and ')}.`);
});

test('without one, a sentence says how to make one', () => {
  expect(noConfig('/p').message).toBe(
    'There is no meridian.config.ts in /p or a folder above it. Write one with npx meridian init, or name one with --config <file>.',
  );
});

test('a clone has one of its own', () => {
  expect(cloneConfig()).toBe(join(projectRoot, 'meridian.config.ts'));
});
