/** A populate that is stopped because too many records are rejected: what it reports, what it leaves, and how it goes on. */
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import type { PopulateOptions } from '../../../src/populate/options.ts';
import { fileSource } from '../../../src/populate/read/file.ts';
import { RejectLimit, SHARE_RECORDS } from '../../../src/populate/rejects/reject-limit.ts';
import type { PopulateReport } from '../../../src/populate/report.ts';
import { countsOf, populateIn } from '../../support/databases.ts';
import { thoroughTest } from '../../support/depth.ts';
import { forEachEngineMigratedThoroughly, type Place } from '../../support/engines.ts';
import { makeFolder, writeIn } from '../../support/folder.ts';

describe('a limit', () => {
  test('in records is exceeded by one more, over all tables', () => {
    const limit = new RejectLimit(3);
    limit.observe('users', { read: 10, rejected: 2 });
    limit.observe('orders', { read: 10, rejected: 1 });
    limit.settle();
    expect([limit.isExceeded, limit.counts]).toEqual([false, { read: 20, rejected: 3 }]);
    limit.observe('orders', { read: 11, rejected: 2 });
    expect([limit.isExceeded, limit.signal.aborted, limit.counts]).toEqual([true, true, { read: 21, rejected: 4 }]);
  });

  test('as a share is compared when many records are read, and at the end', () => {
    const limit = new RejectLimit('1%');
    limit.observe('users', { read: SHARE_RECORDS - 1, rejected: 500 });
    expect(limit.isExceeded).toBe(false);
    limit.settle();
    expect(limit.isExceeded).toBe(true);
    const large = new RejectLimit('0.5%');
    large.observe('users', { read: SHARE_RECORDS, rejected: 5 });
    expect(large.isExceeded).toBe(false);
    large.observe('users', { read: SHARE_RECORDS, rejected: 6 });
    expect(large.isExceeded).toBe(true);
  });

  test.each(['-1', '1.5', '101%', '%', 'many', '', '1e3', Number.NaN, 2.5])('cannot be %p', (text) => {
    expect(() => new RejectLimit(text)).toThrow(
      /^.* is not a valid limit of rejected records\. Give a whole number from 0/,
    );
  });
});

const usersCsv = (count: number, broken: readonly number[]) =>
  [
    'id,name,email',
    ...Array.from({ length: count }, (_, index) => userLine(index + 1, broken.includes(index + 1))),
  ].join('\n');
const userLine = (id: number, isBroken: boolean) =>
  `${id},User ${id},${isBroken ? `no-email-${id}` : `u${id}@example.com`}`;
const PRODUCTS = 'id,sku,name,price\n1,S1,One,1.00\n2,S2,,2.00\n';
const ordersCsv = (users: readonly number[]) =>
  ['id,userId,productId,quantity', ...users.map((user, index) => `${index + 1},${user},1,1`)].join('\n');

forEachEngineMigratedThoroughly('catalog', (makePlace) => {
  const load = (place: Place, names: readonly string[], options: Partial<PopulateOptions>): Promise<PopulateReport> =>
    populateIn(place, {
      sources: Object.fromEntries(names.map((name) => [name, fileSource(join(place.folder, `${name}.csv`))])),
      batchRecords: 5,
      ...options,
    });
  const statesOf = async (place: Place, name: string) =>
    (await place.execute(name, `select state from meridian_runs_${name} order by id`)).map(({ state }) => state);

  test('stops after the batch that exceeds it, and a higher one goes on from there', async () => {
    const [place, straight] = [await makePlace(), await makePlace()];
    for (const { folder } of [place, straight]) {
      writeIn(folder, 'users.csv', usersCsv(30, [2, 3, 4, 12, 25]));
    }
    const report = await load(place, ['users'], { maxRejects: 2 });
    expect(report).toMatchObject({
      interrupted: false,
      databases: { users: { read: 5, inserted: 2, rejected: 3, isUnfinished: true, failure: undefined } },
      exceeded: {
        limit: '2',
        read: 5,
        rejected: 3,
        reasons: [
          {
            table: 'users',
            property: 'email',
            code: 'isEmail',
            count: 3,
            example: { file: join(place.folder, 'users.csv'), line: 3, value: 'no-email-2' },
          },
        ],
      },
    });
    expect(report.exceeded?.error.code).toBe('rejects');
    expect(report.exceeded?.error.message).toMatch(
      /^3 of 5 records were rejected, more than --max-rejects 2 allows\. .*higher --max-rejects.*--restart\.\n {2}3 users: .+ \(.*users\.csv, line 3, email "no-email-2"\)$/,
    );
    expect(await statesOf(place, 'users')).toEqual(['loading']);
    // the same limit again loads nothing more
    expect(await load(place, ['users'], { maxRejects: 2 })).toMatchObject({ exceeded: { read: 5 } });
    expect(await load(place, ['users'], { maxRejects: 4 })).toMatchObject({ exceeded: { read: 25, rejected: 5 } });

    const whole = await load(place, ['users'], { maxRejects: 5 });
    expect(whole.exceeded).toBeUndefined();
    expect(countsOf(whole)).toEqual(countsOf(await load(straight, ['users'], {})));
    expect(await place.rowsOf('users')).toEqual(await straight.rowsOf('users'));
    expect(await statesOf(place, 'users')).toEqual(['finished']);
  });

  test('names the three most frequent reasons of all tables', async () => {
    const place = await makePlace();
    writeIn(
      place.folder,
      'users.csv',
      'id,name,email\n1,,a@example.com\n2,,b@example.com\n3,Cid,none\n4,Dan,d@example.com\n',
    );
    writeIn(place.folder, 'products.csv', PRODUCTS);
    const { exceeded } = await load(place, ['users', 'products'], { maxRejects: 0, batchRecords: 100 });
    expect(exceeded?.reasons.map(({ table, property, count }) => [table, property, count])).toEqual([
      ['users', 'name', 2],
      ['users', 'email', 1],
      ['products', 'name', 1],
    ]);
    expect(exceeded?.rejected).toBe(4);
  });

  test('counts records whose references do not exist, and leaves the run to be continued', async () => {
    const place = await makePlace();
    writeIn(place.folder, 'users.csv', usersCsv(3, []));
    writeIn(place.folder, 'products.csv', 'id,sku,name,price\n1,S1,One,1.00\n');
    writeIn(place.folder, 'orders.csv', ordersCsv([1, 7, 8, 9, 2]));
    const names = ['users', 'products', 'orders'];
    const report = await load(place, names, { maxRejects: 2 });
    expect(report.exceeded).toMatchObject({
      rejected: 3,
      reasons: [{ table: 'orders', property: 'userId', code: 'reference', count: 3, example: { line: 3, value: '7' } }],
    });
    expect(report.databases['orders']).toMatchObject({ rejected: 3, isUnfinished: true });
    expect(await statesOf(place, 'orders')).toEqual(['loaded']);
    const whole = await load(place, names, { maxRejects: 3 });
    expect(countsOf(whole)['orders']).toMatchObject({ read: 5, inserted: 2, rejected: 3 });
    expect(whole.exceeded).toBeUndefined();
  });

  test('writes nothing in a dry run', async () => {
    const place = await makePlace();
    writeIn(place.folder, 'users.csv', usersCsv(30, [2]));
    const report = await load(place, ['users'], { maxRejects: 0, dryRun: true });
    expect(report.exceeded?.error.message).toMatch(/allows\. Nothing is kept\.\n/);
    expect(report.databases['users']?.isUnfinished).toBe(false);
    expect([await place.rowsOf('users'), await statesOf(place, 'users')]).toEqual([[], []]);
  });
});

thoroughTest('stops loads in threads of their own', async () => {
  const folder = makeFolder();
  const all = Array.from({ length: 3000 }, (_, index) => index + 1);
  writeIn(folder, 'users.csv', usersCsv(3000, all));
  writeIn(folder, 'products.csv', PRODUCTS);
  const report = await populateIn(folder, {
    sources: { users: fileSource(join(folder, 'users.csv')), products: fileSource(join(folder, 'products.csv')) },
    batchRecords: 100,
    threadRecords: 0,
    maxRejects: '10%',
  });
  expect(report.exceeded?.limit).toBe('10%');
  expect(report.databases['users']).toMatchObject({ isUnfinished: true });
  expect(report.databases['users']?.read).toBeLessThan(3000);
});
