/** `--config`, wherever it stands on the command line. */
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { takeConfigOption } from '../../../src/cli/options/config.option.ts';
import { meridianProcess } from '../../support/command.ts';
import { makeFolder, writeIn } from '../../support/folder.ts';

test.each([
  ['check', undefined, ['check']],
  ['--config a.ts check --json', 'a.ts', ['check', '--json']],
  ['check --config=a.ts --json', 'a.ts', ['check', '--json']],
  ['check --json --config a.ts', 'a.ts', ['check', '--json']],
  ['check -- --config a.ts', undefined, ['check', '--', '--config', 'a.ts']],
  ['check --config=', '', ['check']],
])('%s', (words, config, args) => {
  expect(takeConfigOption(words.split(' '))).toEqual({ args, config });
});

test.each([
  ['check --config', '--config needs the name of a file.'],
  ['--config a.ts check --config b.ts', '--config is given twice. Keep one of them.'],
])('%s is refused', (words, sentence) => {
  expect(() => takeConfigOption(words.split(' '))).toThrow(sentence);
});

test('it wins over a config that is there', async () => {
  const cwd = makeFolder();
  writeIn(cwd, 'meridian.config.js', "throw new Error('not this one');");
  const file = writeIn(cwd, 'other/own.js', 'export default { databases: {} };');
  const { code, stdout } = await meridianProcess(['config', 'print', '--json', '--config', 'other/own.js'], { cwd });
  expect({ code, ...JSON.parse(stdout) }).toMatchObject({ code: 0, config: join(file), databases: [] });
});
