/** What becomes of a run that was killed, by what is asked for next. */
import { join } from 'node:path';
import { beforeEach, expect, test } from '@jest/globals';
import type { PopulateOptions } from '../../src/populate/options.ts';
import { fileSource } from '../../src/populate/read/file.ts';
import { countsOf, fileOf, populateIn, rowsOf } from '../support/databases.ts';
import { makeFolder, writeIn } from '../support/folder.ts';
import { killedLoad } from '../support/killed-load.ts';
import { look } from '../support/stored.ts';

const FILES: Readonly<Record<string, string>> = {
  users: 'id,name,email\n1,Ann,ann@example.com\n2,Bob,bob@example.com\n3,,cid@example.com\n4,Dan,dan@example.com\n',
  products: 'id,sku,name,price\n1,S1,One,1.00\n2,S2,Two,2.00\n3,S3,Three,0\n4,S4,Four,4.00\n',
  orders: 'id,userId,productId,quantity\n1,1,1,1\n2,9,2,2\n3,2,2,3\n4,4,4,4\n',
};
const NAMES = Object.keys(FILES);
const INSERTED = { read: 4, inserted: 3, updated: 0, unchanged: 0, rejected: 1 };
const UNCHANGED = { read: 4, inserted: 0, updated: 0, unchanged: 3, rejected: 1 };

let folder = '';
let warnings: string[] = [];
let continued: Record<string, number> = {};

beforeEach(() => {
  folder = makeFolder();
  for (const [name, text] of Object.entries(FILES)) {
    writeIn(folder, `${name}.csv`, text);
  }
  [warnings, continued] = [[], {}];
});

const pathOf = (name: string) => join(folder, `${name}.csv`);

/** Kills a populate of all files: when all are in but not checked, or after some records of a database. */
function kill(...after: readonly [] | readonly [string, number]): Promise<void> {
  const sources = Object.fromEntries(NAMES.map((name) => [name, pathOf(name)]));
  return killedLoad({ folder, sources, ...(after.length === 0 ? {} : { after }) });
}

function load(names: readonly string[] = NAMES, options: Partial<PopulateOptions> = {}) {
  return populateIn(folder, {
    sources: Object.fromEntries(names.map((name) => [name, fileSource(pathOf(name))])),
    onConflict: 'update',
    batchRecords: 2,
    listener: {
      warned: (_, sentence) => warnings.push(sentence),
      continued: (name, { read }) => {
        continued[name] = read;
      },
    },
    ...options,
  });
}

const statesOf = (name: string) =>
  look(fileOf(folder, name), `select state from meridian_runs_${name} order by id`).map(({ state }) => state);

test('the same command goes on where the load was killed', async () => {
  await kill('orders', 2);
  expect(countsOf(await load())).toEqual({ users: INSERTED, products: INSERTED, orders: INSERTED });
  // the progress of the other two at that moment is not known
  expect(continued).toEqual({ users: expect.anything(), products: expect.anything(), orders: 2 });
  expect(warnings).toEqual([]);
  expect(NAMES.map(statesOf)).toEqual([['finished'], ['finished'], ['finished']]);
});

test('the same command checks what was loaded and not checked', async () => {
  await kill();
  expect(rowsOf(folder, 'orders')).toHaveLength(4);
  expect(countsOf(await load())).toEqual({ users: INSERTED, products: INSERTED, orders: INSERTED });
  expect(continued).toEqual({ users: 4, products: 4, orders: 4 });
  expect(rowsOf(folder, 'orders')).toHaveLength(3);
  expect(countsOf(await load())).toEqual({ users: UNCHANGED, products: UNCHANGED, orders: UNCHANGED });
});

test('a file that has changed since is refused by name, and nothing is done', async () => {
  await kill('users', 2);
  const before = NAMES.map((name) => [statesOf(name), rowsOf(folder, name)]);
  writeIn(folder, 'users.csv', `${FILES['users']}5,Eve,eve@example.com\n`);
  await expect(load()).rejects.toMatchObject({
    code: 'source',
    message: expect.stringMatching(
      /^users: .*users\.csv has changed since the run of .+, which was stopped after \d records of it\. Put the file back .* --restart/,
    ),
  });
  expect(NAMES.map((name) => [statesOf(name), rowsOf(folder, name)])).toEqual(before);

  writeIn(folder, 'users.csv', FILES['users'] ?? '');
  expect(countsOf(await load())).toEqual({ users: INSERTED, products: INSERTED, orders: INSERTED });
});

test('a changed file is loaded by a restart, which says what it leaves behind', async () => {
  await kill();
  writeIn(folder, 'users.csv', `${FILES['users']}5,Eve,eve@example.com\n`);
  const report = await load(NAMES, { restart: true });
  expect(countsOf(report)).toEqual({
    users: { ...UNCHANGED, read: 5, inserted: 1 },
    products: UNCHANGED,
    orders: UNCHANGED,
  });
  expect(continued).toEqual({});
  expect(warnings).toEqual(
    NAMES.map((name) =>
      expect.stringMatching(
        new RegExp(`^${name}: the run of .+ over .*${name}\\.csv was stopped after 4 records and is not continued`),
      ),
    ),
  );
  expect(NAMES.map(statesOf)).toEqual(NAMES.map(() => ['abandoned', 'finished']));
});

test.each<[string, Partial<PopulateOptions>]>([
  ['settings', { onConflict: 'reject' }],
  ['columns', { columns: { users: { name: 'email', email: 'name' } } }],
])('other %s make another run', async (_, options) => {
  await kill();
  await load(NAMES, options);
  expect(continued).toEqual({});
  expect(warnings.filter((sentence) => sentence.includes('is not continued'))).toHaveLength(3);
});

test('another command settles the databases that it loads, and leaves the others to be continued', async () => {
  await kill();
  expect(countsOf(await load(['orders']))).toEqual({ orders: UNCHANGED });
  expect(warnings).toEqual([expect.stringMatching(/^orders: .* is not continued/)]);
  expect(NAMES.map(statesOf)).toEqual([['loaded'], ['loaded'], ['abandoned', 'finished']]);
  expect(rowsOf(folder, 'orders')).toHaveLength(3);
  expect(countsOf(await load())).toEqual({ users: UNCHANGED, products: UNCHANGED, orders: UNCHANGED });
  expect(NAMES.map(statesOf)).toEqual([
    ['abandoned', 'finished'],
    ['abandoned', 'finished'],
    ['abandoned', 'finished', 'finished'],
  ]);
});
