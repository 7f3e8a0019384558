/** On a Node that is too old, `init` adds a newer one to the project. */
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import process from 'node:process';
import { pathToFileURL } from 'node:url';
import { expect, test } from '@jest/globals';
import { projectRoot } from '../../../../src/shared/project.ts';
import { meridianProcess } from '../../../support/command.ts';
import { makeFolder, writeIn } from '../../../support/folder.ts';

/** The module in a process of its own, in a folder. */
function offer(cwd: string, ...args: string[]): string {
  const module = pathToFileURL(join(projectRoot, 'bin', 'old-node.js')).href;
  const code = `const { offerNode } = await import('${module}'); console.log(await offerNode(${JSON.stringify(args)}));`;
  const { stdout, stderr } = spawnSync(process.execPath, ['--input-type=module', '--eval', code], {
    cwd,
    encoding: 'utf8',
  });
  return stdout + stderr;
}

test('the npm package node is added to the development dependencies, once', () => {
  const folder = makeFolder();
  const file = writeIn(folder, 'package.json', '{ "name": "own", "devDependencies": { "tsx": "4" } }');
  expect(offer(folder, '--yes')).toMatch(
    /^true\nAdded the npm package node \^24\.0\.0 to the development dependencies in package\.json,/,
  );
  expect(JSON.parse(readFileSync(file, 'utf8'))).toEqual({
    name: 'own',
    devDependencies: { tsx: '4', node: '^24.0.0' },
  });
  expect(offer(folder, '--yes')).toBe(
    'true\nThe npm package node is in package.json. Run npm install, then npx meridian init again.\n',
  );
});

test('without --yes and a terminal, nothing is written', () => {
  const folder = makeFolder();
  expect(offer(folder)).toBe('false\n');
});

test('init asks in a terminal, and otherwise says what to write', async () => {
  const { code, stderr } = await meridianProcess(['init'], { cwd: makeFolder() });
  expect(code).toBe(2);
  expect(stderr).toBe(
    'Error: init asks questions, and this is no terminal. Take the defaults with --yes, or name an example with --example minimal.\n',
  );
});
