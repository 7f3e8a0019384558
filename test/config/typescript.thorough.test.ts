/** A config in TypeScript is loaded with what the project has, in a process of its own. */
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { loadersFor, recommendedLoader } from '../../src/config/typescript.ts';
import { meridianProcess } from '../support/command.ts';
import { makeFolder, writeIn } from '../support/folder.ts';
import { makeProject } from '../support/own-project.ts';

const names = (hasLegacyDecorators: boolean) => loadersFor({ hasLegacyDecorators }).map(({ name }) => name);

test('standard decorators need tsx; those of TypeScript, oxc or swc', () => {
  expect(names(true)).toEqual(['@oxc-node/core', '@swc-node/register', 'tsx']);
  expect(names(false)).toEqual(['tsx', '@oxc-node/core', '@swc-node/register']);
  const folder = makeFolder();
  expect(recommendedLoader(folder)).toBe('tsx');
  writeIn(folder, 'tsconfig.json', '{ "compilerOptions": { "experimentalDecorators": true } }');
  expect(recommendedLoader(folder)).toBe('@oxc-node/core');
});

const DECORATED = {
  'tsconfig.json': '{ "compilerOptions": { "module": "nodenext", "experimentalDecorators": true } }',
  'src/customer.entity.ts': `
import { Entity, PrimaryKey } from '@mikro-orm/decorators/legacy';
export enum Kind { Person = 'person' }
@Entity()
export class Customer {
  @PrimaryKey({ type: 'integer' })
  id!: number;
}
`,
  'meridian.config.ts': `
import { defineConfig } from 'meridian';
import { Customer } from './src/customer.entity.js';
export default defineConfig({ databases: { customers: { entities: { customer: Customer } } } });
`,
};

const status = (cwd: string) => meridianProcess(['migrate:status', '--json'], { cwd, env: { MERIDIAN_CONFIG: '' } });

test('with tsx, from a folder below', async () => {
  const folder = makeProject(DECORATED, ['tsx']);
  const { stdout, stderr } = await status(join(folder, 'src'));
  expect({ stderr, databases: Object.keys(JSON.parse(stdout)) }).toMatchObject({ databases: ['customers'] });
});

/** A package that stands for a loader, and says that it was taken. */
const standIn = (name: string, entry: string) => ({
  [`node_modules/${name}/package.json`]: JSON.stringify({ name, exports: { [entry]: { import: './own.mjs' } } }),
  [`node_modules/${name}/own.mjs`]: `throw new Error('${name} was taken.');`,
});

test('oxc is taken before tsx', async () => {
  const folder = makeProject({ ...DECORATED, ...standIn('@oxc-node/core', './register') }, ['tsx']);
  expect((await status(folder)).stderr).toContain(
    'Error: @oxc-node/core, which loads the TypeScript of this project, cannot be loaded itself (@oxc-node/core was taken). Install it again, or remove it.',
  );
});

test('what a loader needs beside itself is named', async () => {
  const folder = makeProject({
    ...DECORATED,
    ...standIn('@oxc-node/core', './register'),
    'node_modules/@oxc-node/core/own.mjs': "import 'no-such-compiler';",
  });
  expect((await status(folder)).stderr).toContain('It needs no-such-compiler: npm install --save-dev no-such-compiler');
});

test('without any, a sentence says what to install', async () => {
  const folder = makeProject(DECORATED);
  const { code, stderr } = await status(folder);
  expect(code).toBe(2);
  expect(stderr).toContain(
    `Error: The config ${join(folder, 'meridian.config.ts')} is TypeScript that Node.js cannot run by itself (`,
  );
  expect(stderr).toContain('Install what loads it in the project: npm install --save-dev @oxc-node/core');
});

test('Node.js itself runs a config without decorators', async () => {
  const folder = makeProject({
    'src/customer.entity.ts': `
import { EntitySchema } from '@mikro-orm/core';
export interface Customer { id: number }
export const CustomerSchema = new EntitySchema<Customer>({ name: 'Customer', properties: { id: { type: 'integer', primary: true } } });
`,
    'meridian.config.ts': `
import { defineConfig } from 'meridian';
import { CustomerSchema } from './src/customer.entity.ts';
export default defineConfig({ databases: { customers: { entities: { customer: CustomerSchema } } } });
`,
  });
  const { stdout } = await status(folder);
  expect(Object.keys(JSON.parse(stdout))).toEqual(['customers']);
});

test('a config that fails is named; help does without it', async () => {
  const folder = makeProject({ 'meridian.config.js': "throw new Error('no such entity');" });
  const failed = await status(folder);
  expect(failed.code).toBe(2);
  expect(JSON.parse(failed.stdout)).toEqual({
    error: `The config ${join(folder, 'meridian.config.js')} cannot be loaded: no such entity.`,
    code: 'usage',
  });
  const help = await meridianProcess(['--help'], { cwd: folder });
  expect(help.code).toBe(0);
  expect(help.stdout).toContain('migrate:status');
  expect(help.stderr).toContain('Warning: The config');
});
