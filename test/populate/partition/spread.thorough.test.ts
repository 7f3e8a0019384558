/** One source over several databases: each record is in one of them, counted, and reported with its line in the source. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { describe, expect, test } from '@jest/globals';
import type { Spread } from '../../../src/populate/options.ts';
import { MAX_SPREAD_DATABASES } from '../../../src/populate/partition/spread.ts';
import { fileSource } from '../../../src/populate/read/file.ts';
import { countsOf, populateIn } from '../../support/databases.ts';
import { thoroughTest } from '../../support/depth.ts';
import { apart, forEachEngineThoroughly, sqlitePlace } from '../../support/engines.ts';
import { makeFolder, writeIn } from '../../support/folder.ts';
import { sourceOf } from '../../support/sources.ts';
import { by, HEADER, ordersIn, rejectsIn, spread } from './spreading.ts';

const FILE = `${HEADER}9,1,1,1,???
10,1,1
1,1,1,1,Norway
2,2,1,1,"São
 Paulo"
3,1,1,1, Norway 
4,7,1,1,Norway
5,1,1,1,
6,1,1,0,France
`;

forEachEngineThoroughly((makePlace) => {
  test('a region for each value, and those without one rejected among the first', async () => {
    const place = apart(await makePlace());
    const file = writeIn(place.folder, 'orders.csv', FILE);
    const warnings: string[] = [];
    const report = await spread(place, fileSource(file), 'Country', {
      listener: { warned: (_, sentence) => warnings.push(sentence) },
    });
    expect(Object.keys(report.databases)).toEqual([
      'users',
      'products',
      'orders.france',
      'orders.norway',
      'orders.sao-paulo',
    ]);
    expect(countsOf(report)).toMatchObject({
      'orders.france': { read: 1, inserted: 0, rejected: 1 },
      'orders.norway': { read: 6, inserted: 2, rejected: 4 },
      'orders.sao-paulo': { read: 1, inserted: 1, rejected: 0 },
    });
    expect(await ordersIn(place, 'orders.norway')).toEqual([
      [1, 'Norway'],
      [3, 'Norway'],
    ]);
    expect(await ordersIn(place, 'orders.sao-paulo')).toEqual([[2, 'São\n Paulo']]);
    expect(await place.rowsOf('outbox_event', 'orders.norway')).toHaveLength(2);
    expect(rejectsIn(place, 'orders.norway')).toMatchObject([
      {
        number: 1,
        line: 2,
        record: { id: '9', country: '???' },
        errors: [{ code: 'parse', message: '"???" in the column Country cannot be the name of a region' }],
      },
      {
        number: 2,
        line: 3,
        record: ['10', '1', '1'],
        errors: [{ message: expect.stringMatching(/^The row has 3 fields/) }],
      },
      { number: 6, line: 8, errors: [{ message: 'User 7 does not exist' }] },
      {
        number: 7,
        line: 9,
        errors: [{ message: 'The column Country is empty, so the record belongs to no region' }],
      },
    ]);
    expect(rejectsIn(place, 'orders.france')).toMatchObject([{ number: 8, line: 10 }]);
    expect(warnings).toEqual([]);
    // and there is no database of no region
    expect(existsSync(join(place.folder, 'orders.db'))).toBe(false);

    const again = await spread(place, fileSource(file), 'Country');
    expect(countsOf(again)).toMatchObject({
      'orders.norway': { read: 6, inserted: 0, unchanged: 2, rejected: 4 },
      'orders.sao-paulo': { read: 1, unchanged: 1 },
    });
  });

  test('a dry run says the same, and makes nothing', async () => {
    const place = apart(await makePlace());
    const source = () => fileSource(writeIn(place.folder, 'orders.csv', FILE));
    const dry = await spread(place, source(), 'country', { dryRun: true });
    expect(existsSync(join(place.folder, 'orders.norway.db'))).toBe(false);
    expect(existsSync(join(place.folder, 'rejects'))).toBe(false);
    expect(countsOf(dry)).toEqual(countsOf(await spread(place, source(), 'country')));
  });

  thoroughTest('each region in a thread of its own', async () => {
    const place = apart(await makePlace());
    const lines = Array.from(
      { length: 900 },
      (_, index) => `${index + 1},${(index % 3) + 1},1,1,${index % 2 ? 'A' : 'B'}\n`,
    );
    const file = writeIn(place.folder, 'orders.csv', `${HEADER}${lines.join('')}`);
    const users = writeIn(place.folder, 'users.csv', 'id,name,email\n1,A,a@example.com\n2,B,b@example.com\n');
    const products = writeIn(place.folder, 'products.csv', 'id,name,price\n1,Mug,5\n');
    const report = await spread(place, fileSource(file), 'country', {
      sources: { users: fileSource(users), products: fileSource(products), orders: fileSource(file) },
      threadRecords: 0,
    });
    expect(countsOf(report)).toMatchObject({
      'orders.a': { read: 450, inserted: 300, rejected: 150 },
      'orders.b': { read: 450, inserted: 300, rejected: 150 },
    });
    expect(await place.rowsOf('outbox_event', 'orders.a')).toHaveLength(300);
  });
});

describe('in any format', () => {
  const records = [
    { id: 1, userId: 1, productId: 1, quantity: 2, country: 'Norway' },
    { id: 2, userId: 1, productId: 1, quantity: 2, country: 'France' },
    { id: 3, userId: 5, productId: 1, quantity: 2, country: 'Norway' },
  ];
  const csv = (separator: string) =>
    [Object.keys(records[0] ?? {}), ...records.map((one) => Object.values(one))]
      .map((fields) => `${fields.join(separator)}\n`)
      .join('');
  const texts: Record<string, string | Uint8Array> = {
    'orders.csv': csv(','),
    'orders.tsv': csv('\t'),
    'orders.json': JSON.stringify(records),
    'orders.ndjson': records.map((one) => `${JSON.stringify(one)}\n`).join(''),
    'orders.csv.gz': gzipSync(csv(',')),
  };

  test.each(Object.entries(texts))('%s', async (name, text) => {
    const place = sqlitePlace(makeFolder());
    const report = await spread(place, fileSource(writeIn(place.folder, name, text)), 'COUNTRY');
    expect(countsOf(report)).toMatchObject({
      'orders.france': { read: 1, inserted: 1 },
      'orders.norway': { read: 2, inserted: 1, rejected: 1 },
    });
    expect(await ordersIn(place, 'orders.norway')).toEqual([[1, 'Norway']]);
    expect(rejectsIn(place, 'orders.norway')).toMatchObject([{ number: 3, errors: [{ property: 'userId' }] }]);
  });
});

describe('records of JSON', () => {
  const order = (id: number, rest: object) => ({ id, userId: 1, productId: 1, quantity: 1, ...rest });

  test('each with its own spelling of the column, with any value in it', async () => {
    const place = sqlitePlace(makeFolder());
    const report = await spread(
      place,
      sourceOf([
        order(1, { Warehouse: 'North' }),
        order(2, { ware_house: 7 }),
        order(3, {}),
        order(4, { warehouse: null }),
        order(5, { warehouse: ['North'] }),
        order(6, { Warehouse: 'North', WAREHOUSE: 'South' }),
        order(7, { WAREHOUSE: ' North ' }),
      ]),
      'warehouse',
    );
    expect(countsOf(report)).toMatchObject({
      'orders.7': { read: 1, inserted: 1 },
      'orders.north': { read: 6, inserted: 2, rejected: 4 },
    });
    expect(rejectsIn(place, 'orders.north').map(({ errors }) => (errors as { message: string }[])[0]?.message)).toEqual(
      [
        'The column warehouse is empty, so the record belongs to no region',
        'The column warehouse is empty, so the record belongs to no region',
        'The column warehouse holds no text, so the record belongs to no region',
        'Columns "Warehouse" and "WAREHOUSE" both fit warehouse',
      ],
    );
  });

  test('a column that is of no other use is not wondered at, others are', async () => {
    const place = sqlitePlace(makeFolder());
    const warnings: string[] = [];
    await spread(place, sourceOf([order(1, { Warehouse: 'North', note: 'x' })]), 'warehouse', {
      listener: { warned: (database, sentence) => warnings.push(`${database}: ${sentence}`) },
    });
    expect(warnings).toEqual(['orders.north: memory: no property takes the column note; it is ignored.']);
  });
});

describe('what cannot be spread', () => {
  const faulty: [what: string, text: string, message: RegExp][] = [
    [
      'no such column',
      'id,userId,productId,quantity\n1,1,1,1\n',
      /orders\.csv: no column for country\. Columns found: id,/,
    ],
    ['two that could be meant', 'id,Country,COUNTRY\n1,A,B\n', /both fit country\. /],
    ['no value', `${HEADER}1,1,1,1,\n2,1,1,1,???\n`, /orders\.csv: no record has a usable value in the column country/],
    ['JSON', '[{"id":1}]', /orders\.csv, line 1: the file holds JSON/],
    [
      'too many values',
      HEADER + Array.from({ length: MAX_SPREAD_DATABASES + 1 }, (_, id) => `${id + 1},1,1,1,R${id}\n`).join(''),
      /the names of more than 500 regions, and each would be a database/,
    ],
  ];

  test('values that look the same are reported with their invisible characters', async () => {
    const place = sqlitePlace(makeFolder());
    const file = writeIn(place.folder, 'orders.csv', `${HEADER}1,1,1,1,Norway\n2,1,1,1,Norway\u200b\n`);
    await expect(spread(place, fileSource(file), 'country')).rejects.toThrow(
      '"Norway" (line 2) and "Norway\\u200b" (line 3) would all be orders.norway.',
    );
  });

  test('a value that is no name is shown by its beginning', async () => {
    const place = sqlitePlace(makeFolder());
    const file = writeIn(place.folder, 'orders.csv', `${HEADER}1,1,1,1,Norway\n2,1,1,1,${'?'.repeat(2000)}\n`);
    await spread(place, fileSource(file), 'country');
    const rejects = rejectsIn(place, 'orders.norway').map(({ number, errors }) => ({ number, errors }));
    expect(rejects).toContainEqual({
      number: 2,
      errors: [
        expect.objectContaining({
          message: `"${'?'.repeat(60)}…" in the column country cannot be the name of a region`,
        }),
      ],
    });
  });

  const CLASH = `${HEADER}1,1,1,1,Norway\n2,1,1,1,France\n3,1,1,1,NORWAY\n4,1,1,1,Norway\n5,1,1,1,nor-way\n6,1,1,1,norway\n`;

  test('values that differ only in spelling: nothing is loaded, unless all of them are mapped', async () => {
    const place = sqlitePlace(makeFolder());
    const file = writeIn(place.folder, 'orders.csv', CLASH);
    const mapped = (...values: string[]): Spread => ({
      ...by('country'),
      isMapped: (value) => values.includes(value),
    });
    const load = (...values: string[]) => spread(place, fileSource(file), 'country', { spread: mapped(...values) });
    await expect(load()).rejects.toMatchObject({
      code: 'source',
      message:
        `${file}: different values in the column country would become the same region: "Norway" (line 2) and "NORWAY" (line 4) and "norway" (line 7) would all be orders.norway. ` +
        'Nothing was loaded. Say which region each of them stands for with --region-map.',
    });
    await expect(load('Norway', 'norway')).rejects.toThrow('"Norway" (line 2) and "NORWAY" (line 4) would all be');
    expect(existsSync(join(place.folder, 'users.db'))).toBe(false);
    expect(countsOf(await load('Norway', 'norway', 'NORWAY'))).toMatchObject({
      'orders.norway': { read: 4, inserted: 4 },
      'orders.nor-way': { read: 1, inserted: 1 },
      'orders.france': { read: 1, inserted: 1 },
    });
  });

  test.each(faulty)('%s: nothing is loaded', async (_, text, message) => {
    const place = sqlitePlace(makeFolder());
    const file = writeIn(place.folder, 'orders.csv', text);
    await expect(spread(place, fileSource(file), 'country')).rejects.toMatchObject({
      code: 'source',
      message: expect.stringMatching(message),
    });
    expect(existsSync(join(place.folder, 'users.db'))).toBe(false);
  });

  test('a file without records: the others are loaded', async () => {
    const place = sqlitePlace(makeFolder());
    const warnings: string[] = [];
    const file = writeIn(place.folder, 'orders.csv', HEADER);
    const report = await spread(place, fileSource(file), 'country', {
      listener: { warned: (_, sentence) => warnings.push(sentence) },
    });
    expect(countsOf(report)).toMatchObject({ users: { inserted: 2 }, products: { inserted: 1 } });
    expect(warnings).toEqual([expect.stringMatching(/orders\.csv holds no records: nothing to load for orders\.$/)]);
  });
});

test('a file that is written to while it is read: that is reported, and nothing is loaded', async () => {
  const place = sqlitePlace(makeFolder());
  const lines = (region: string) => Array.from({ length: 30_000 }, (_, id) => `${id + 1},1,1,1,${region}\n`).join('');
  const file = writeIn(place.folder, 'orders.csv', HEADER + lines('Norway'));
  let isDone = false;
  const change = () => {
    if (!isDone) {
      isDone = true;
      writeIn(place.folder, 'orders.csv', HEADER + lines('France'));
    }
  };
  const loading = spread(place, fileSource(file), 'country', { listener: { progressed: change } });
  await expect(loading).rejects.toMatchObject({
    code: 'source',
    message: expect.stringMatching(
      /orders\.csv, line \d+: reading failed \(the file was changed after it was examined/,
    ),
  });
  expect(existsSync(join(place.folder, 'users.db'))).toBe(false);
});

test('rejects of a region are fed back in', async () => {
  const place = sqlitePlace(makeFolder());
  await spread(place, fileSource(writeIn(place.folder, 'orders.csv', FILE)), 'country');
  await populateIn(place, { sources: { users: sourceOf([{ id: 7, name: 'User 7', email: 'user7@example.com' }]) } });
  const rejects = fileSource(join(place.folder, 'rejects', 'orders.norway.ndjson'));
  const report = await populateIn(place, { sources: { orders: rejects }, spread: by('country') });
  expect(countsOf(report)).toMatchObject({ 'orders.norway': { read: 4, inserted: 1, rejected: 3 } });
  expect(rejectsIn(place, 'orders.norway').map(({ number }) => number)).toEqual([1, 2, 4]);
});
