/** The module of the guide compiles, and its command runs. */
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import process from 'node:process';
import { expect, test } from '@jest/globals';
import { projectRoot } from '../../src/shared/project.ts';
import { meridianProcess } from '../support/command.ts';
import { makeProject } from '../support/own-project.ts';
import { PARCELS } from '../support/parcels.ts';

const TSCONFIG = {
  compilerOptions: {
    module: 'nodenext',
    target: 'es2024',
    strict: true,
    noEmit: true,
    allowImportingTsExtensions: true,
    skipLibCheck: true,
    types: ['node'],
  },
  include: ['*.ts'],
};

/** The files of the page: each code block begins with the name of one. */
function filesOf(page: string): Record<string, string> {
  const text = readFileSync(join(projectRoot, page), 'utf8');
  const blocks = [...text.matchAll(/^```ts\n\/\/ (\S+)\n(.*?)^```/gms)];
  return Object.fromEntries(blocks.map(([, name = '', block = '']) => [name, block]));
}

test('a command of a module', async () => {
  const files = filesOf('docs/guides/modules.md');
  expect(Object.keys(files)).toEqual(['pieces.module.ts', 'pieces.command.ts', 'meridian.config.ts']);
  const cwd = makeProject({ ...PARCELS, ...files, 'tsconfig.json': JSON.stringify(TSCONFIG) }, [
    '@types/node',
    'undici-types',
  ]);
  const compiler = join(projectRoot, 'node_modules', 'typescript', 'bin', 'tsc');
  expect(spawnSync(process.execPath, [compiler, '-p', cwd], { encoding: 'utf8' }).stdout).toBe('');
  const run = (...args: string[]) => meridianProcess(args, { cwd, env: { MERIDIAN_CONFIG: '' } });
  expect(await run('populate', '--quiet')).toMatchObject({ code: 0 });
  const { code, stdout } = await run('pieces', '--at-least', '2', '--json');
  expect({ code, rows: JSON.parse(stdout) }).toEqual({ code: 0, rows: [{ id: 1, code: 'A-1', pieces: 3 }] });
});
