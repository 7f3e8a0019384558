/** What package.json and its lock file have to say for `npm ci` to work everywhere. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { bench, root } from '../places.ts';

const read = (...path: string[]) => JSON.parse(readFileSync(join(...path), 'utf8'));

test('npm 10 is kept from compiling better-sqlite3, which brings its binaries', () => {
  assert.equal(read(bench, 'package-lock.json').packages['node_modules/better-sqlite3'].gypfile, false);
});

test('the lock file names no registry', () => {
  assert.doesNotMatch(readFileSync(join(bench, 'package-lock.json'), 'utf8'), /"resolved": "http/);
});

test('versions are exact, and what Meridian uses as well has the same version here', () => {
  const { dependencies } = read(bench, 'package.json') as { dependencies: Record<string, string> };
  const shared = read(root, 'package-lock.json').packages as Record<string, { version: string }>;
  for (const [name, version] of Object.entries(dependencies)) {
    assert.match(version, /^\d+\.\d+\.\d+$/, name);
    assert.equal(version, shared[`node_modules/${name}`]?.version ?? version, name);
  }
});

test('the peers and Meridian run the same SQLite', () => {
  const copies = Object.keys(read(bench, 'package-lock.json').packages).filter((path) =>
    path.endsWith('/better-sqlite3'),
  );
  assert.deepEqual(copies, ['node_modules/better-sqlite3']);
});
