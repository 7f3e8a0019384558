/** One or several files over several databases: read and refused as they are for one database. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import type { PopulateOptions } from '../../../src/populate/options.ts';
import { fileSource, filesSource } from '../../../src/populate/read/file.ts';
import type { Source } from '../../../src/populate/read/source.ts';
import { countsOf } from '../../support/databases.ts';
import { apart, type Place, sqlitePlace } from '../../support/engines.ts';
import { makeFolder, writeIn } from '../../support/folder.ts';
import { HEADER, rejectsIn, spread } from './spreading.ts';

test('files that write values in different ways', async () => {
  const folder = makeFolder();
  const header = 'id;userId;productId;quantity;country\n';
  const files = [
    { path: writeIn(folder, 'de.csv', `${header}1;1;1;1.200;Norway\n`), settings: {} },
    { path: writeIn(folder, 'us.csv', `${header}2;1;1;1,300;Norway\n`), settings: {}, values: { thousands: ',' } },
  ];
  const place = apart(sqlitePlace(makeFolder()));
  const report = await spread(place, filesSource('orders', files), 'country', {
    values: { orders: { thousands: '.', decimal: ',' } },
  });
  expect(countsOf(report)['orders.norway']).toMatchObject({ inserted: 2 });
  const rows = (await place.rowsOf('orders', 'orders.norway')) as { quantity: number }[];
  expect(rows.map(({ quantity }) => quantity)).toEqual([1200, 1300]);
});

describe('a set of files', () => {
  const filesOf = (place: Place, texts: Readonly<Record<string, string | Uint8Array>>): Source =>
    filesSource(
      'files',
      Object.entries(texts).map(([name, text]) => ({ path: writeIn(place.folder, name, text), settings: {} })),
    );
  const order = (id: number, country: string, quantity = 1) => ({ id, userId: 1, productId: 1, quantity, country });
  const SETS: Record<string, Readonly<Record<string, string>>> = {
    'in another order': {
      'a.csv': 'id;userId;productId;quantity;country\n1;1;1;2;Norway\n2;1;1;0;Norway\n',
      'b.csv': 'country,quantity,userId,id,productId\nFrance,3,1,3,1\nNorway,4,1,4,1\nNorway,0,1,5,1\n',
      'c.csv': 'id;userId;productId;quantity;country\n6;1;1;5;Norway\n',
    },
    'some without a header': {
      'a.ndjson': `${JSON.stringify(order(1, 'Norway', 2))}\n${JSON.stringify(order(2, 'Norway', 0))}\n`,
      'b.csv': 'country,quantity,userId,id,productId\nFrance,3,1,3,1\nNorway,4,1,4,1\nNorway,0,1,5,1\n',
      'c.json': JSON.stringify([order(6, 'Norway', 5)]),
    },
  };

  test.each(Object.entries(SETS))('with columns %s', async (_, texts) => {
    const place = apart(sqlitePlace(makeFolder()));
    const report = await spread(place, filesOf(place, texts), 'country');
    expect(countsOf(report)).toMatchObject({
      'orders.france': { read: 1, inserted: 1 },
      'orders.norway': { read: 5, inserted: 3, rejected: 2 },
    });
    const rows = (await place.rowsOf('orders', 'orders.norway')) as { id: number; quantity: number }[];
    expect(rows.map(({ id, quantity }) => [id, quantity])).toEqual([
      [1, 2],
      [4, 4],
      [6, 5],
    ]);
    const [first, second] = rejectsIn(place, 'orders.norway').map(({ record }) => record as Record<string, unknown>);
    expect([first, second].map((one) => [String(one?.['id']), String(one?.['quantity'])])).toEqual([
      ['2', '0'],
      ['5', '0'],
    ]);
    expect(Object.keys(second ?? {})).toEqual(['country', 'quantity', 'userId', 'id', 'productId']);
  });
});

describe('values that can be read in two ways', () => {
  const header = 'id;userId;productId;quantity;country\n';
  const points = `${header}1;1;1;1.234;Norway\n2;1;1;5;France\n`;
  const commas = `${header}1;1;1;1,50;Norway\n`;
  const load = (place: Place, texts: readonly string[], options: Partial<PopulateOptions> = {}, own = {}) => {
    const files = texts.map((text, index) => ({
      path: writeIn(place.folder, `${index}.csv`, text),
      settings: {},
      ...(index === 0 ? own : {}),
    }));
    return spread(place, filesSource(files[0]?.path ?? '', files), 'country', options);
  };
  const POINT = /0\.csv: the full stop in "1\.234" can be a decimal sign or group digits \(line 2: "1\.234"\)/;

  test.each([
    ['a full stop between semicolons', [points], POINT],
    ['a decimal comma', [commas], /0\.csv: its numbers seem to have a decimal comma \(line 2: "1,50"\)/],
    ['a full stop, in one of several files', [points, `${header}3;1;1;2;France\n`], POINT],
    [
      'a full stop, in one of several files with other columns',
      [points, 'country;id;userId;productId;quantity\nFrance;3;1;1;2\n'],
      POINT,
    ],
    [
      'the day or the month first',
      [`${header.trim()};placedAt\n1;1;1;1;Norway;03/04/2026\n`],
      /0\.csv: "03\/04\/2026" can be read with the day or the month first \(line 2/,
    ],
  ])('%s: nothing is loaded', async (_, texts, message) => {
    const place = apart(sqlitePlace(makeFolder()));
    await expect(load(place, texts)).rejects.toMatchObject({
      code: 'source',
      message: expect.stringMatching(message),
    });
    expect(existsSync(join(place.folder, 'users.db'))).toBe(false);
  });

  test('are read as the settings of the table or of their file say', async () => {
    const values = { decimal: ',', thousands: '.' } as const;
    const ofTable = await load(apart(sqlitePlace(makeFolder())), [points], { values: { orders: values } });
    expect(countsOf(ofTable)).toMatchObject({ 'orders.norway': { inserted: 1 }, 'orders.france': { inserted: 1 } });
    const texts = [points, `${header}3;1;1;2;France\n`];
    const place = apart(sqlitePlace(makeFolder()));
    expect(countsOf(await load(place, texts, {}, { values }))).toMatchObject({
      'orders.norway': { inserted: 1 },
      'orders.france': { inserted: 2 },
    });
    expect(await place.rowsOf('orders', 'orders.norway')).toMatchObject([{ quantity: 1234 }]);
  });
});

describe('what is said of a file', () => {
  const TEXT = 'id;userId;productId;quantity;country\n1;1;1;1;Norway\n2;1;1;1;France\n3;1;1;1;France\n';

  test('detected settings, once for all of its regions, and in the report of each', async () => {
    const place = apart(sqlitePlace(makeFolder()));
    const said: unknown[] = [];
    const file = writeIn(place.folder, 'orders.csv', TEXT);
    const { databases } = await spread(place, fileSource(file), 'country', {
      listener: { detected: (_, source, detected) => said.push([source, detected]) },
    });
    const detected = [expect.objectContaining({ setting: 'delimiter', value: '";"' })];
    expect(said).toEqual([[file, detected]]);
    expect(databases['orders.norway']?.detected).toEqual(detected);
    expect(databases['orders.france']?.detected).toEqual(detected);
  });

  test.each([2, 3])('that a sample of %d records is all of it or not', async (sample) => {
    const place = apart(sqlitePlace(makeFolder()));
    const file = writeIn(place.folder, 'orders.csv', TEXT);
    const { databases } = await spread(place, fileSource(file), 'country', { sample, dryRun: true });
    expect(databases['orders.norway']?.isCut).toBe(sample === 2 ? true : undefined);
    expect(databases['users']?.isCut).toBeUndefined();
  });
});

test('rejects of a region name the file that they stand in, of several', async () => {
  const place = sqlitePlace(makeFolder());
  const [first, second] = [
    writeIn(place.folder, 'a.csv', `${HEADER}1,1,1,0,Norway\n`),
    writeIn(place.folder, 'b.csv', `${HEADER}2,1,1,1,\n3,1,1,0,France\n`),
  ];
  const files = [first, second].map((path) => ({ path, settings: {} }));
  await spread(place, filesSource('files', files), 'country');
  const placesIn = (database: string) => rejectsIn(place, database).map(({ file, line }) => [file, line]);
  expect(placesIn('orders.norway')).toEqual([
    [first, 2],
    [second, 2],
  ]);
  expect(placesIn('orders.france')).toEqual([[second, 3]]);
});
