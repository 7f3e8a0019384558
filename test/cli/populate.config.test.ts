/** All that a nightly job needs can stand in the config: the files, how they are read, and what becomes of their records. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import process from 'node:process';
import { pathToFileURL } from 'node:url';
import { beforeEach, expect, test } from '@jest/globals';
import type { Project } from '../../src/config/module.ts';
import { loadProject } from '../../src/config/project.ts';
import { populate as load } from '../../src/index.ts';
import { meridian, ownEnvironment } from '../support/command.ts';
import { sqlitePlace } from '../support/engines.ts';
import { replaceEnvironment } from '../support/environment.ts';
import { writeIn } from '../support/folder.ts';
import { makeProject } from '../support/own-project.ts';
import { PARCELS } from '../support/parcels.ts';

const CONFIG = `
import { defineConfig } from 'meridian';
import { Customer, Depot, Parcel, Shipment } from './entities.ts';

export default defineConfig({
  onConflict: 'update',
  onlyNew: true,
  strict: true,
  rejects: 'rejected',
  databases: {
    customers: {
      entities: {
        customer: {
          entity: Customer,
          load: 'exports/customers-*.txt',
          map: { email: 'E-Mail' },
          files: [
            { delimiter: ';', skipLines: 1, nulls: ['-'] },
            { match: 'exports/customers-old*', delimiter: '|', encoding: 'windows-1252' },
          ],
        },
      },
    },
    parcels: {
      entities: {
        depot: { entity: Depot, sample: 'samples/depots.csv' },
        parcel: { entity: Parcel, load: ['exports/parcels'], files: { thousands: '.', decimal: ',' } },
      },
    },
    shipments: {
      entities: {
        shipment: { entity: Shipment, references: { customerId: 'customers.customer', parcelId: 'parcels.parcel' } },
      },
    },
  },
});
`;

let folder: string;
let project: Project;

beforeEach(async () => {
  folder = makeProject({
    ...PARCELS,
    'meridian.config.ts': CONFIG,
    'exports/customers-1.txt': 'Export of June\nid;E-Mail;name\n1;ada@example.com;Ada\n2;bob@example.com;-\n',
    'exports/parcels/a.csv': 'id;code;pieces\n1;A-1;1.200\n',
  });
  const old = 'Export of May\nid|E-Mail|name\n3|zoe@example.com|Zoë\n';
  writeIn(folder, 'exports/customers-old.txt', Buffer.from(old, 'latin1'));
  project = await loadProject(join(folder, 'meridian.config.ts'));
});

async function populate(...args: string[]) {
  const { code, stdout, stderr } = await meridian(['populate', ...args, '--json'], { cwd: folder, project });
  return { code, stderr, result: JSON.parse(stdout || '{}') };
}

const customers = () => sqlitePlace(join(folder, 'databases')).rowsOf('customer', 'customers');

test('populate alone loads the files of the config, as it says, and then only new ones', async () => {
  const first = await populate();
  // a record is rejected, and the config is strict
  expect([first.code, first.stderr]).toEqual([1, expect.not.stringContaining('Error')]);
  expect(first.result).toMatchObject({
    customers: { read: 3, inserted: 2, rejected: 1 },
    'parcels.parcel': { read: 1, inserted: 1, rejected: 0 },
  });
  expect(Object.keys(first.result)).not.toContain('parcels.depot');
  expect(await customers()).toEqual([
    { id: 1, email: 'ada@example.com', name: 'Ada' },
    { id: 3, email: 'zoe@example.com', name: 'Zoë' },
  ]);
  expect(existsSync(join(folder, 'rejected', 'customers.ndjson'))).toBe(true);

  writeIn(folder, 'exports/customers-2.txt', 'Export of July\nid;E-Mail;name\n1;ada@example.com;Ada L.\n');
  const second = await populate();
  expect(second).toMatchObject({
    code: 0,
    result: {
      customers: { read: 1, updated: 1 },
      skipped: { customers: [{ file: 'exports/customers-1.txt' }, { file: 'exports/customers-old.txt' }] },
    },
  });
  expect(await populate()).toMatchObject({ code: 0, result: { skipped: { 'parcels.parcel': [{}] } } });
});

test('options win over the config', async () => {
  const options = ['--no-only-new', '--no-strict', '--on-conflict', 'reject', '--null', 'none'];
  await populate();
  expect(await populate(...options)).toMatchObject({
    code: 0,
    result: { customers: { read: 3, inserted: 1, unchanged: 2 }, 'parcels.parcel': { unchanged: 1 } },
  });
  writeIn(folder, 'one.csv', 'x\nid;Mail;name\n7;gus@example.com;Gus\n');
  const given = await populate('--load', 'customers=one.csv', '--map', 'customers.email=Mail');
  expect(given).toMatchObject({ code: 0, result: { customers: { inserted: 1 } } });
  expect(Object.keys(given.result)).not.toContain('parcels.parcel');
});

test('a sample of them is read, new or not', async () => {
  await populate();
  expect(await populate('--sample', '1')).toMatchObject({ code: 0, result: { customers: { read: 2, unchanged: 2 } } });
});

test('programs load them too', async () => {
  const { default: config } = await import(pathToFileURL(join(folder, 'meridian.config.ts')).href);
  const before = process.cwd();
  process.chdir(folder);
  const restore = replaceEnvironment(ownEnvironment());
  try {
    expect(await load(config)).toMatchObject({
      tables: { customers: { inserted: 2 }, 'parcels.parcel': { inserted: 1 } },
    });
    expect(await load(config)).toMatchObject({ tables: {}, skipped: { customers: [{}, {}] } });
  } finally {
    restore();
    process.chdir(before);
  }
});

test('config print shows them', async () => {
  const { stdout } = await meridian(['config', 'print', '--json'], { cwd: folder, project });
  expect(JSON.parse(stdout)).toMatchObject({
    onlyNew: true,
    strict: true,
    databases: [
      { entities: [{ load: [join(folder, 'exports/customers-*.txt')], map: { email: 'E-Mail' }, files: [{}, {}] }] },
      { entities: [{ name: 'depot' }, { load: [join(folder, 'exports/parcels')] }] },
      {},
    ],
  });
});
