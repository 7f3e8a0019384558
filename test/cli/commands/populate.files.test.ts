/** Files reach their tables by the option of a database, by --load, and from folders. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { filesOf } from '../../../src/cli/commands/populate.files.ts';
import type { Project } from '../../../src/config/module.ts';
import type { DatabaseDeclaration } from '../../../src/database/declaration.ts';
import { User } from '../../../src/shop/users/user.entity.ts';
import { makeFolder } from '../../support/folder.ts';

const database = (name: string, ...entities: string[]): DatabaseDeclaration => ({
  name,
  entities: entities.map((entity) => ({ name: entity, entity: User })),
});

const project: Project = {
  databases: [database('customers', 'customer'), database('parcels', 'depot', 'parcel')],
  modules: [],
};

const tablesFor = (options: Parameters<typeof filesOf>[0]) =>
  filesOf(options, project).map(({ name, path }) => [name, path]);

function folderOf(...files: string[]): string {
  const folder = makeFolder();
  for (const file of files) {
    writeFileSync(join(folder, file), '');
  }
  return folder;
}

test('a database with one entity has an option for its file, and a table of its name', () => {
  expect(tablesFor({ customers: ['a.csv'] })).toEqual([['customers', 'a.csv']]);
  expect(tablesFor({ load: ['customers=a.csv'] })).toEqual([['customers', 'a.csv']]);
  expect(tablesFor({ load: ['customers.customer=a=b.csv'] })).toEqual([['customers', 'a=b.csv']]);
});

test('a database with several has tables of its own and its entities’ names', () => {
  expect(tablesFor({ load: ['parcels.depot=d.csv', 'parcels.parcel=-'] })).toEqual([
    ['parcels.depot', 'd.csv'],
    ['parcels.parcel', '-'],
  ]);
});

test('a folder has a file for each table', () => {
  const parcels = folderOf('depot.csv', 'Parcel.NDJSON.gz', 'README.md');
  const expected = [
    ['parcels.parcel', join(parcels, 'Parcel.NDJSON.gz')],
    ['parcels.depot', join(parcels, 'depot.csv')],
  ];
  expect(tablesFor({ parcels: [parcels] })).toEqual(expected);
  expect(tablesFor({ load: [`parcels=${parcels}`] })).toEqual(expected);
  const all = folderOf('customers.tsv', 'parcels.depot.jsonl');
  expect(tablesFor({ load: [all] })).toEqual([
    ['customers', join(all, 'customers.tsv')],
    ['parcels.depot', join(all, 'parcels.depot.jsonl')],
  ]);
});

test('several files of a table keep their order; those of a pattern and of a folder are sorted, numbers by their size', () => {
  const folder = folderOf('c-10.csv', 'c-2.csv', 'c-1.csv.gz', 'd.parquet', '.c.csv', 'notes.md');
  const inFolder = (...names: string[]) => names.map((name) => ['customers', join(folder, name)]);
  expect(tablesFor({ customers: ['b.csv', 'a.csv'], load: ['customers=-'] }).map(([, path]) => path)).toEqual([
    'b.csv',
    'a.csv',
    '-',
  ]);
  expect(tablesFor({ customers: [join(folder, 'c-*')] })).toEqual(inFolder('c-1.csv.gz', 'c-2.csv', 'c-10.csv'));
  expect(tablesFor({ load: [`customers=${folder}`] })).toEqual(
    inFolder('c-1.csv.gz', 'c-2.csv', 'c-10.csv', 'd.parquet'),
  );
  expect(tablesFor({ customers: ['https://example.com/a.csv?x=*'] })).toEqual([
    ['customers', 'https://example.com/a.csv?x=*'],
  ]);
  const odd = folderOf('a[1].csv');
  expect(tablesFor({ customers: [join(odd, 'a[1].csv')] })).toEqual([['customers', join(odd, 'a[1].csv')]]);
});

test.each<[string, () => Parameters<typeof filesOf>[0], string]>([
  [
    'an unknown table',
    () => ({ load: ['parcel=a.csv'] }),
    '--load parcel=a.csv: there is no table "parcel". There are customers, parcels.depot, parcels.parcel.',
  ],
  [
    'no file',
    () => ({ load: ['customers='] }),
    '--load customers=: the name of a file is missing after the equals sign.',
  ],
  [
    'a file twice',
    () => ({ customers: ['a.csv', 'b.csv'], load: ['customers=b.csv'] }),
    '--customers and --load customers=b.csv both name b.csv for customers. Keep one of them.',
  ],
  [
    'a file twice in an option',
    () => ({ customers: ['a.csv', 'a.csv'] }),
    '--customers names a.csv twice for customers. Keep one of them.',
  ],
  [
    'a folder with several files for a table',
    () => ({ parcels: [folderOf('depot.csv', 'depot.json')] }),
    'holds several files for parcels.depot: ',
  ],
  ['a pattern without files', () => ({ customers: ['nowhere/*.csv'] }), 'No file matches nowhere/*.csv.'],
  [
    'a folder of a table without data',
    () => ({ customers: [folderOf('notes.md', '.hidden.csv')] }),
    'holds no data files. Name them with a pattern.',
  ],
  [
    'a file in place of a folder',
    () => ({ parcels: [join(folderOf('a.csv'), 'a.csv')] }),
    'a.csv is no folder. Name one with the files depot.csv, parcel.csv.',
  ],
  ['a folder that is not there', () => ({ load: ['nowhere'] }), '--load nowhere: the folder nowhere cannot be read: '],
  [
    'a folder without data',
    () => ({ parcels: [folderOf('notes.md')] }),
    'holds no data files. They are called depot.csv, parcel.csv.',
  ],
  [
    'a data file of no table',
    () => ({ parcels: [folderOf('depot.csv', 'depots.csv')] }),
    'depots.csv is named after no table.',
  ],
])('%s is refused', (_, options, message) => {
  expect(() => filesOf(options(), project)).toThrow(message);
});
