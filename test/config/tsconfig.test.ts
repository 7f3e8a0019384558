/** What a project's tsconfig.json says of decorators. */
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { projectTypeScript } from '../../src/config/tsconfig.ts';
import { makeFolder, writeIn } from '../support/folder.ts';

const LEGACY = '{ "compilerOptions": { "experimentalDecorators": true } }';

test('without one, decorators are standard', () => {
  expect(projectTypeScript(makeFolder()).hasLegacyDecorators).toBe(false);
});

test('the nearest one upward decides, whatever comments and commas it has', () => {
  const folder = makeFolder();
  const tsconfig = writeIn(
    folder,
    'tsconfig.json',
    '\uFEFF{\n  // "https://example.com"\n  "compilerOptions": { /* , */ "paths": { "a": ["//b/*",], }, "experimentalDecorators": true, // old\n  },\n}',
  );
  writeIn(folder, 'packages/one/a.ts', '');
  expect(projectTypeScript(join(folder, 'packages', 'one'))).toEqual({
    tsconfig,
    hasLegacyDecorators: true,
    importsTypeScript: false,
  });
});

test('what it extends decides where it says nothing, the last one first', () => {
  const folder = makeFolder();
  writeIn(folder, 'node_modules/base/tsconfig.json', LEGACY);
  writeIn(folder, 'plain.json', '{}');
  writeIn(folder, 'tsconfig.json', '{ "extends": ["base", "./plain"] }');
  expect(projectTypeScript(folder).hasLegacyDecorators).toBe(true);
  writeIn(
    folder,
    'tsconfig.json',
    '{ "extends": "base/tsconfig.json", "compilerOptions": { "experimentalDecorators": false } }',
  );
  expect(projectTypeScript(folder).hasLegacyDecorators).toBe(false);
  writeIn(folder, 'tsconfig.json', '{ "extends": ["gone", "./gone.json"] }');
  expect(projectTypeScript(folder).hasLegacyDecorators).toBe(false);
});

test('a circle ends', () => {
  const folder = makeFolder();
  writeIn(folder, 'tsconfig.json', '{ "extends": "./other.json" }');
  writeIn(folder, 'other.json', '{ "extends": "./tsconfig.json" }');
  expect(projectTypeScript(folder).hasLegacyDecorators).toBe(false);
});

test('one that cannot be read is named', () => {
  const folder = makeFolder();
  const file = writeIn(folder, 'tsconfig.json', '{ "extends": ');
  expect(() => projectTypeScript(folder)).toThrow(`${file} cannot be read: `);
});

test('imports name .ts files where the compiler takes them, or where there is none', () => {
  const folder = makeFolder();
  expect(projectTypeScript(folder).importsTypeScript).toBe(true);
  writeIn(folder, 'tsconfig.json', '{}');
  expect(projectTypeScript(folder).importsTypeScript).toBe(false);
  writeIn(folder, 'tsconfig.json', '{ "compilerOptions": { "rewriteRelativeImportExtensions": true } }');
  expect(projectTypeScript(folder).importsTypeScript).toBe(true);
});
