/** Every command in the documentation, and in the demo, is one that the program takes. */
import { relative } from 'node:path';
import { expect, test } from '@jest/globals';
import { projectRoot } from '../../src/databases/project.ts';
import { AWAITED, isAwaited } from '../support/awaited.ts';
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

test.each(LINES.filter(([, ...words]) => !isAwaited(words)))('%s: %s %s %s %s', async (_, ...words) => {
  expect(await parse(words)).not.toBe('');
});

test.each(AWAITED)('%s is still awaited', async (command) => {
  await expect(parse(command.split(' '))).rejects.toThrow(/unknown command|too many arguments|outputHelp/);
});
