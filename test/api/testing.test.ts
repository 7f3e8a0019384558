/** Temporary databases for the tests of a project. */
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import process from 'node:process';
import { pathToFileURL } from 'node:url';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { type DatabasesConfig } from '../../src/config/types.ts';
import { type MeridianConfig, populate, verify } from '../../src/index.ts';
import { temporaryDatabases } from '../../src/testing/index.ts';
import { ownEnvironment } from '../support/command.ts';
import { replaceEnvironment } from '../support/environment.ts';
import { writeIn } from '../support/folder.ts';
import { MIGRATION, parcelsProject } from '../support/parcels.ts';

const VARIABLE = 'CUSTOMERS_DATABASE_URL';

let folder: string;
let config: MeridianConfig<DatabasesConfig>;
let undo: (() => void)[];

beforeEach(async () => {
  folder = parcelsProject();
  const before = process.cwd();
  process.chdir(folder);
  undo = [() => process.chdir(before), replaceEnvironment({ ...ownEnvironment(), [VARIABLE]: 'sqlite:own.db' })];
  config = (await import(pathToFileURL(join(folder, 'meridian.config.ts')).href)).default;
});

afterEach(() => {
  for (const step of undo) {
    step();
  }
});

test('empty databases are there until they are closed, and those of the project are untouched', async () => {
  const databases = await temporaryDatabases(config);
  expect(await databases.em('customers').execute('select * from customer')).toEqual([]);
  expect(readdirSync(databases.folder)).toContain('customers.db');
  const { tables } = await populate(config, { rejects: false });
  expect(tables['customers']).toMatchObject({ inserted: 2 });
  expect((await verify(config)).isValid).toBe(true);
  await databases.close();
  expect(existsSync(databases.folder)).toBe(false);
  expect(process.env[VARIABLE]).toBe('sqlite:own.db');
  expect(process.env['PARCELS_DATABASE_URL']).toBeUndefined();
  expect(readdirSync(folder)).not.toContain('own.db');
});

test('samples are loaded where they are asked for', async () => {
  await using databases = await temporaryDatabases(config, { samples: true });
  expect(await databases.em('parcels').execute('select city from depot')).toEqual([{ city: 'Lyon' }]);
  expect(readdirSync(folder)).not.toContain('rejects');
});

test('a failure leaves nothing behind', async () => {
  const broken = { ...config };
  writeIn(folder, `migrations/shipments/sqlite/${MIGRATION}.ts`, 'export class Broken {}');
  await expect(temporaryDatabases(broken)).rejects.toMatchObject({ code: 'migration' });
  expect(process.env[VARIABLE]).toBe('sqlite:own.db');
});
