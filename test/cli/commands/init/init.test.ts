/** What `init` writes: for MikroORM configs that are there, for an example, and beside what is there. */
import { existsSync, globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { init } from '../../../../src/cli/commands/init/init.ts';
import { checkProject } from '../../../../src/config/check/check-project.ts';
import { loadProject } from '../../../../src/config/project.ts';
import { makeFolder } from '../../../support/folder.ts';
import { makeProject } from '../../../support/own-project.ts';
import { scriptedQuestions } from '../../../support/scripted-questions.ts';

const ENTITIES = `
import { defineEntity, EntitySchema, p } from '@mikro-orm/core';
export const Customer = new EntitySchema({
  name: 'Customer',
  properties: { id: { type: 'integer', primary: true }, email: { type: 'string', unique: true } },
});
export const ParcelSchema = defineEntity({ name: 'Parcel', properties: { code: p.string().length(8).primary() } });
export const Shipment = defineEntity({
  name: 'Shipment',
  properties: { id: p.bigint().primary(), customerId: p.integer(), parcelId: p.string(), parcel: p.string() },
});
`;

const CONFIG = `
import { defineConfig } from '@mikro-orm/sqlite';
import { Customer, ParcelSchema, Shipment } from './src/entities.js';
`;

const ARRAY = `${CONFIG}
export default [
  defineConfig({ contextName: 'crm', dbName: 'data/crm.db', entities: [Customer] }),
  defineConfig({ dbName: 'data/parcels.sqlite', entities: [ParcelSchema] }),
  defineConfig({ contextName: 'Shipments', dbName: 'data/shipments.db', entities: [Shipment] }),
];
`;

const read = (folder: string, path: string) => readFileSync(join(folder, path), 'utf8');

test('an array of configs gives a database each, with references that are guessed, and samples that can be loaded', async () => {
  const folder = makeProject({ 'src/entities.js': ENTITIES, 'mikro-orm.config.js': ARRAY });
  const result = await init({ folder });
  expect(read(folder, 'meridian.config.js')).toBe(`import { defineConfig } from 'meridian';
import { Customer, ParcelSchema, Shipment } from './src/entities.js';

export default defineConfig({
  databases: {
    crm: {
      orm: './mikro-orm.config.js',
      entities: {
        customer: { entity: Customer, sample: 'samples/crm.csv' },
      },
    },
    parcels: {
      orm: { file: './mikro-orm.config.js', contextName: 'default' },
      entities: {
        parcel: { entity: ParcelSchema, sample: 'samples/parcels.csv' },
      },
    },
    shipments: {
      orm: { file: './mikro-orm.config.js', contextName: 'Shipments' },
      entities: {
        shipment: {
          entity: Shipment,
          references: { customerId: 'crm.customer', parcelId: 'parcels.parcel' },
          sample: 'samples/shipments.csv',
        },
      },
    },
  },
});
`);
  expect(result).toEqual({
    written: [
      'meridian.config.js',
      'package.json',
      '.env.example',
      'samples/crm.csv',
      'samples/parcels.csv',
      'samples/shipments.csv',
    ],
    kept: [],
    notes: [
      'Shipment.customerId was taken to refer to crm.customer. Remove the reference from meridian.config.js if it does not.',
      'Shipment.parcelId was taken to refer to parcels.parcel. Remove the reference from meridian.config.js if it does not.',
    ],
    next: ['npx meridian migrate:create', 'npm run migrate', 'npm run populate'],
  });
  expect(read(folder, 'samples/shipments.csv').split('\n')[1]).toMatch(/^1,1,A1,/);
  expect(read(folder, '.env.example')).toContain('# CRM_DATABASE_URL=sqlite:databases/crm.db\n');
  const checked = await checkProject(await loadProject(join(folder, 'meridian.config.js')));
  expect(checked.flatMap(({ problems }) => problems)).toEqual([]);
});

test('a file for each database names it; nothing that is there is changed', async () => {
  const folder = makeProject({
    'src/entities.js': ENTITIES,
    'mikro-orm.customers.config.js': `${CONFIG}export default defineConfig({ dbName: 'a.db', entities: [Customer] });`,
    'mikro-orm.parcels.config.js': `${CONFIG}export default () => defineConfig({ dbName: 'b.db', entities: [ParcelSchema, Shipment] });`,
    'package.json': '{ "type": "module", "scripts": { "populate": "node own.js" } }',
    'samples/customers.csv': 'id,email\n',
    'migrations/Migration20260101000000.js': '',
  });
  const { kept, next } = await init({ folder });
  expect(kept).toEqual(['samples/customers.csv']);
  expect(read(folder, 'samples/customers.csv')).toBe('id,email\n');
  expect(globSync('samples/*', { cwd: folder }).sort()).toEqual([
    'samples/customers.csv',
    'samples/parcels.parcel.csv',
    'samples/parcels.shipment.csv',
  ]);
  expect(JSON.parse(read(folder, 'package.json'))).toMatchObject({
    scripts: { populate: 'node own.js', migrate: 'meridian migrate', verify: 'meridian verify' },
  });
  expect(next).toContain('npx meridian populate');
  const before = read(folder, 'meridian.config.js');
  expect((await init({ folder })).kept).toContain('meridian.config.js');
  expect(read(folder, 'meridian.config.js')).toBe(before);
});

test('it asks for names and references', async () => {
  const folder = makeProject({ 'src/entities.js': ENTITIES, 'mikro-orm.config.js': ARRAY });
  const questions = scriptedQuestions('customers', 'parcels', 'shipments', true, false);
  await init({ folder, questions });
  const config = read(folder, 'meridian.config.js');
  expect(config).toContain("orm: { file: './mikro-orm.config.js', contextName: 'crm' },");
  expect(config).toContain("references: { customerId: 'customers.customer' }");
});

test('an entity that no module exports is left out, and named', async () => {
  const folder = makeProject({
    'mikro-orm.config.js': `
import { defineConfig } from '@mikro-orm/sqlite';
import { EntitySchema } from '@mikro-orm/core';
const Hidden = new EntitySchema({ name: 'Hidden', properties: { id: { type: 'integer', primary: true } } });
export default defineConfig({ dbName: ':memory:', entities: [Hidden] });
`,
  });
  const { notes } = await init({ folder });
  expect(notes).toEqual(['main: Hidden is not in meridian.config.js, because no module exports it by a name.']);
});

describe.each(['minimal', 'shop'] as const)('the example %s', (example) => {
  test.each([
    ['of modules', 'module', 'meridian.config.js'],
    ['in CommonJS', 'commonjs', 'meridian.config.mjs'],
  ])('in a package %s', async (_, type, config) => {
    const folder = makeProject({ 'package.json': JSON.stringify({ type }) });
    const { next, written } = await init({ folder, example });
    expect(written).toContain(config);
    expect(next).toEqual(['npm install', 'npm run migrate', 'npm run populate']);
    expect(JSON.parse(read(folder, 'package.json'))).toMatchObject({
      dependencies: { '@mikro-orm/sqlite': expect.any(String) },
    });
    const project = await loadProject(join(folder, config));
    const checked = await checkProject(project);
    expect(checked.flatMap(({ problems }) => problems)).toEqual([]);
    expect(checked.length).toBeGreaterThan(1);
  });
});

test('where nothing is, the small example is written, and a package.json', async () => {
  const folder = makeFolder();
  const { written, notes } = await init({ folder });
  expect(written).toContain('meridian.config.js');
  expect(existsSync(join(folder, 'migrations', 'orders', 'sqlite', 'Migration20260101000000.cjs'))).toBe(true);
  expect(JSON.parse(read(folder, 'package.json'))).toMatchObject({ private: true, type: 'module' });
  expect(notes).toEqual(['Meridian is not among the packages of this folder. Install it before the next commands.']);
});

test('nothing is written where that is chosen', async () => {
  const folder = makeFolder();
  const questions = scriptedQuestions('Nothing');
  await expect(init({ folder, questions })).rejects.toThrow(
    'There is no MikroORM config here. Write mikro-orm.config.ts,',
  );
  expect(globSync('*', { cwd: folder })).toEqual([]);
});
