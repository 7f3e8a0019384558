/** Every command in the documentation is one that the program takes. */
import { relative } from 'node:path';
import { expect, test } from '@jest/globals';
import { projectRoot } from '../../src/shared/project.ts';
import { commandsIn, documents } from '../support/documentation.ts';
import { parse } from '../support/parse.ts';

const LINES = [
  ...new Set(
    documents().flatMap((file) =>
      commandsIn(file).map((words) => JSON.stringify([relative(projectRoot, file), ...words])),
    ),
  ),
].map((line): [string, ...string[]] => JSON.parse(line));

test('there are many', () => {
  expect(LINES.length).toBeGreaterThan(40);
});

test.each(LINES)('%s: %s %s %s %s', async (_, ...words) => {
  expect(await parse(words)).not.toBe('');
});
