/** The suites that `npm run test:all` starts first: each of them is there, whatever was renamed. */
import { globSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { projectRoot } from '../src/shared/project.ts';
import { LONGEST, longestFirst } from './support/jest/longest-first.ts';

const paths = globSync('test/**/*.test.ts', { cwd: projectRoot }).map((path) => join(projectRoot, path));

test.each(LONGEST)('a suite is named %s', (part) => {
  expect(paths.some((path) => path.includes(`/${part}`))).toBe(true);
});

test('these come first, in this order, and the others stay as they are', () => {
  const long = ['/test/populate/kill.test.js', '/test/shop/sync/statement-faults.thorough.test.js'];
  const others = ['/test/b.test.js', '/test/a.test.js'];
  const sorted = longestFirst([...others, ...long].map((path) => ({ path })));
  expect(sorted.map(({ path }) => path)).toEqual([...long.toReversed(), ...others]);
});
