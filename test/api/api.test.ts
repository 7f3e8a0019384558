/** What a program imports from the package: the functions over a config, and what their types accept. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import process from 'node:process';
import { pathToFileURL } from 'node:url';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { defineEntity, p } from '@mikro-orm/core';
import { defineConfig, migrate, open, populate, related, runs, verify } from '../../src/index.ts';
import { ownEnvironment } from '../support/command.ts';
import { forEachEngineThoroughly } from '../support/engines.ts';
import { replaceEnvironment } from '../support/environment.ts';
import { writeIn } from '../support/folder.ts';
import { MIGRATION, parcelsProject } from '../support/parcels.ts';

const Customer = defineEntity({ name: 'Customer', properties: { id: p.integer().primary(), email: p.text() } });
const Depot = defineEntity({ name: 'Depot', properties: { id: p.integer().primary(), city: p.text() } });
const Parcel = defineEntity({ name: 'Parcel', properties: { id: p.integer().primary(), code: p.text() } });
const Shipment = defineEntity({
  name: 'Shipment',
  properties: { id: p.integer().primary(), customerId: p.integer(), parcelId: p.integer() },
});

/** The type of the project's config. */
const typed = defineConfig({
  databases: {
    customers: { entities: { customer: Customer } },
    parcels: { entities: { depot: Depot, parcel: Parcel } },
    shipments: { entities: { shipment: { entity: Shipment, references: { customerId: 'customers.customer' } } } },
  },
});

type Config = typeof typed;

let folder: string;
let restore: () => void;
let before: string;

beforeEach(() => {
  folder = parcelsProject();
  before = process.cwd();
  process.chdir(folder);
  restore = replaceEnvironment(ownEnvironment());
});

afterEach(() => {
  restore();
  process.chdir(before);
});

/** What a program of the project imports. */
const imported = (file: string) => import(pathToFileURL(join(folder, file)).href);

async function importConfig(): Promise<Config> {
  return (await imported('meridian.config.ts')).default;
}

forEachEngineThoroughly((makePlace) => {
  beforeEach(async () => {
    const place = await makePlace();
    for (const name of ['customers', 'parcels', 'shipments']) {
      Object.assign(process.env, place.environment(name));
    }
  });

  test('of a database with several tables, all runs that were stopped are listed as stopped', async () => {
    const config = await importConfig();
    const load = {
      'parcels.depot': writeIn(folder, 'depots.csv', 'id,city\n1,Oslo\nx,Rome\n'),
      'parcels.parcel': writeIn(folder, 'parcels.csv', 'id,code,depotId,pieces\n1,A,1,1\nx,B,1,1\n'),
    };
    expect((await populate(config, { load, maxRejects: 0, rejects: false })).exceeded?.rejected).toBeGreaterThan(0);
    for (let time = 0; time < 3; time++) {
      const { 'parcels.depot': depots, 'parcels.parcel': parcels } = await runs(config);
      expect([depots, parcels].map((one) => one?.[0]?.state)).toEqual(['stopped', 'stopped']);
    }
  });

  test('lists, patterns and folders of files are one load; a sample of them is a dry run, and only new ones are loaded', async () => {
    const config = await importConfig();
    for (const [name, id] of [
      ['new-2', 21],
      ['new-10', 22],
      ['other', 23],
    ] as const) {
      writeFileSync(join(folder, `${name}.csv`), `id,name,email\n${id},Ada,ada${id}@example.com\n`);
    }
    const load = { customers: { file: ['new-*.csv', 'other.csv'], nulls: ['NA'] } };
    expect(await populate(config, { load, sample: 1 })).toMatchObject({
      tables: { customers: { read: 3, inserted: 3 } },
    });
    const { tables } = await populate(config, { load: { customers: ['new-2.csv', 'new-10.csv'] } });
    expect(tables.customers).toMatchObject({ read: 2, inserted: 2 });
    const again = await populate(config, { load: { customers: ['new-*.csv', 'other.csv'] }, onlyNew: true });
    expect(again.tables.customers).toMatchObject({ read: 1, inserted: 1 });
    expect(again.skipped?.customers?.map(({ file }) => file)).toEqual(['new-2.csv', 'new-10.csv']);
    await expect(populate(config, { load, sample: 0 })).rejects.toThrow(
      'sample has to be a whole number from 1, and not 0.',
    );
    await expect(populate(config, { load, sample: 1, dryRun: false })).rejects.toThrow('sample is for a dry run.');
  });

  test('a config is migrated, loaded, verified and queried', async () => {
    const config = await importConfig();
    const applied = await migrate(config, { databases: ['customers', 'parcels'] });
    expect(applied.customers).toContain(MIGRATION);
    expect(Object.keys(applied)).toEqual(['customers', 'parcels']);
    expect((await migrate(config)).parcels).toEqual([]);

    const rejected: unknown[] = [];
    const first = await populate(config, { onRejected: (table, [record]) => rejected.push(table, record?.number) });
    expect(first.tables).toMatchObject({
      customers: { inserted: 2 },
      'parcels.depot': { inserted: 1 },
      'parcels.parcel': { inserted: 2 },
      shipments: { inserted: 2, rejected: 1, failure: undefined },
    });
    expect(rejected).toEqual(['shipments', 3]);
    expect((await populate(config, { rejects: false })).tables.shipments).toMatchObject({ unchanged: 2, rejected: 1 });

    expect(await verify(config)).toMatchObject({ isValid: true, databases: { parcels: { rows: 3, violations: 0 } } });
    const listed = await runs(config, { databases: ['shipments'], limit: 1 });
    expect(listed).toMatchObject({ shipments: [{ state: 'finished', read: 3 }] });

    const databases = await open(config);
    try {
      const entities: { readonly Shipment: typeof Shipment } = await imported('entities.ts');
      const shipments = await databases.em('shipments').find(entities.Shipment, {}, { orderBy: { id: 'asc' } });
      const customers = await related(databases, shipments, 'customerId');
      expect(shipments.map((shipment) => customers.get(shipment))).toMatchObject([{ name: 'Ada' }, { name: 'Bob' }]);
      await databases.em('customers').execute('delete from customer where id = 2');
      expect([...databases].map(({ name }) => name)).toEqual(['customers', 'parcels', 'shipments']);
      expect(databases.orm('parcels').config.get('contextName')).toBe('parcels');
    } finally {
      await databases.close();
    }
    const { isValid, databases: verdicts } = await verify(config, { maxExamples: 1 });
    expect(isValid).toBe(false);
    expect(verdicts.shipments).toMatchObject({ violations: 1, examples: [{ id: 2 }] });
  });

  test('files are given for tables, by either name, with their formats and columns', async () => {
    const config = await importConfig();
    writeIn(folder, 'more/depots.txt', 'id,town\n7,Nice\n');
    writeIn(folder, 'more/customers.csv', 'id,email,name\none,ada@example.com,Ada\n2,bob@example.com,Bob\n');
    const { tables } = await populate(config, {
      load: {
        'customers.customer': 'more/customers.csv',
        'parcels.depot': { file: 'more/depots.txt', format: 'csv', columns: { city: 'town' } },
      },
      rejects: 'refused',
      onConflict: 'update',
      restart: true,
    });
    expect(Object.keys(tables)).toEqual(['customers', 'parcels.depot']);
    expect(tables.customers).toMatchObject({ inserted: 1, rejected: 1 });
    expect(tables.customers?.rejectsFile).toContain('refused');
    expect(tables['parcels.depot']).toMatchObject({ inserted: 1 });
  });

  test('a dry run and an aborted load change nothing', async () => {
    const config = await importConfig();
    await migrate(config);
    expect((await populate(config, { dryRun: true })).tables.customers).toMatchObject({ inserted: 2 });
    const { interrupted, tables } = await populate(config, { signal: AbortSignal.abort() });
    expect([interrupted, tables.customers?.isUnfinished]).toEqual([true, true]);
    expect((await runs(config)).customers).toMatchObject([{ state: 'stopped', read: 0 }]);
  });
});

test('a config that is not in the file that commands read is taken as one in the working directory', async () => {
  mkdirSync(join(folder, 'below'));
  const config = defineConfig({ databases: { depots: { entities: { depot: Depot } } } });
  process.chdir(join(folder, 'below'));
  writeIn(
    join(folder, 'below'),
    `migrations/depots/sqlite/${MIGRATION}.ts`,
    `import { Migration } from '@mikro-orm/migrations';
     export class ${MIGRATION} extends Migration {
       up() { this.addSql('create table depot (id integer not null primary key, city text not null)'); }
     }`,
  );
  writeIn(join(folder, 'below'), 'depots.csv', 'id,city\n1,Lyon\n');
  const { tables } = await populate(config, { load: { depots: 'depots.csv' } });
  expect(tables.depots).toMatchObject({ inserted: 1 });
});

test('what is not there, or not as it should be, is an error with a code', async () => {
  const config = await importConfig();
  await expect(open(config)).rejects.toMatchObject({ code: 'database', message: /^customers: .* does not exist/ });
  await expect(verify(config)).rejects.toMatchObject({ code: 'database' });
  expect(await runs(config)).toEqual({ customers: [], 'parcels.depot': [], 'parcels.parcel': [], shipments: [] });
  const databases: 'customers'[] = ['clients' as 'customers'];
  await expect(runs(config, { databases })).rejects.toMatchObject({ code: 'usage' });
  await expect(migrate(config, { databases })).rejects.toMatchObject({ code: 'usage' });
  const load = { clients: 'clients.csv' } as object;
  await expect(populate(config, { load })).rejects.toMatchObject({
    message:
      'load names "clients", and the config has no such table. There are customers, parcels.depot, parcels.parcel, shipments.',
  });
  await expect(migrate({ databases: { Depots: {} } } as unknown as Config)).rejects.toMatchObject({ code: 'usage' });
  writeIn(folder, `migrations/parcels/sqlite/${MIGRATION}.ts`, 'export class Broken { }');
  await expect(migrate(config)).rejects.toMatchObject({ code: 'migration', message: /^parcels: / });
  await expect(open(config, { databases: ['customers', 'parcels'] })).rejects.toMatchObject({ code: 'migration' });
  const open1 = await open(config, { databases: ['customers'] });
  expect(() => open1.em('parcels' as 'customers')).toThrow('The database parcels is not open. Open are customers.');
  await open1[Symbol.asyncDispose]();
});

test('names of databases and tables are those of the config', () => {
  const calls = (config: Config) => [
    () => populate(config, { load: { customers: 'a.csv', 'parcels.depot': 'b.csv', 'shipments.shipment': 'c.csv' } }),
    // @ts-expect-error the database has two tables
    () => populate(config, { load: { parcels: 'a.csv' } }),
    // @ts-expect-error there is no such table
    () => populate(config, { load: { 'parcels.dept': 'a.csv' } }),
    // @ts-expect-error there is no such database
    () => migrate(config, { databases: ['client'] }),
    // @ts-expect-error there is no such database
    async () => (await verify(config)).databases.clients,
    // @ts-expect-error there is no such table
    async () => (await runs(config)).parcels,
    // @ts-expect-error it is not open
    async () => (await open(config, { databases: ['customers'] })).em('clients'),
  ];
  expect(calls(typed)).toHaveLength(7);
});

test('without files and samples there is nothing to populate', async () => {
  const bare = defineConfig({ databases: { customers: { entities: { customer: Customer } } } });
  await expect(populate(bare)).rejects.toMatchObject({
    code: 'usage',
    message: expect.stringContaining('No file is given, and the config names none.'),
  });
});
