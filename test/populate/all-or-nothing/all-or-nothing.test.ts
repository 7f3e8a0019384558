/** Loads of everything or nothing: what is kept, what is reverted, and that this is so wherever the process dies. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { afterEach, describe, expect, jest, test } from '@jest/globals';
import { Table } from '../../../src/database/table.ts';
import type { PopulateOptions } from '../../../src/populate/options.ts';
import { fileSource } from '../../../src/populate/read/file.ts';
import type { PopulateReport } from '../../../src/populate/report.ts';
import { countsOf, populateIn } from '../../support/databases.ts';
import { depth } from '../../support/depth.ts';
import { copiedPlace, forEachEngineMigratedThoroughly, type Place } from '../../support/engines.ts';
import { writeIn } from '../../support/folder.ts';

const NAMES = ['users', 'products', 'orders'] as const;

afterEach(() => {
  jest.restoreAllMocks();
});

const userLine = (id: number, name = `User ${id}`) => `${id},${name},u${id}@example.com`;
const usersCsv = (lines: readonly string[]) => ['id,name,email', ...lines].join('\n');
const PRODUCTS = 'id,sku,name,price\n1,S1,One,1.00\n2,S2,Two,2.00\n';
const ordersCsv = (users: readonly number[]) =>
  ['id,userId,productId,quantity', ...users.map((user, index) => `${index + 1},${user},1,1`)].join('\n');

const BEFORE = { users: usersCsv([userLine(1), userLine(2)]), products: PRODUCTS, orders: ordersCsv([1, 2]) };
/** Each inserts, updates and leaves rows as they are. */
const GOOD = {
  users: usersCsv([userLine(1), userLine(2, 'Renamed'), userLine(3), userLine(4), userLine(5)]),
  products: `${PRODUCTS}3,S3,Three,3.00\n`,
  orders: ordersCsv([1, 1, 3, 4, 5]),
};
const DANGLING = { ...GOOD, orders: ordersCsv([1, 1, 3, 4, 9]) };

forEachEngineMigratedThoroughly('catalog', (makePlace) => {
  const write = (place: Place, files: Readonly<Record<string, string>>) => {
    for (const [name, text] of Object.entries(files)) {
      writeIn(place.folder, `${name}.csv`, text);
    }
  };
  const load = (place: Place, options: Partial<PopulateOptions> = {}, names: readonly string[] = NAMES) =>
    populateIn(place, {
      sources: Object.fromEntries(
        names.map((name) => [name, fileSource(join(place.folder, `${name}.csv`), { strictFormat: true })]),
      ),
      onConflict: 'update',
      allOrNothing: true,
      batchRecords: 2,
      ...options,
    });
  const rowsIn = (place: Place) => Promise.all(NAMES.map((name) => place.rowsOf(name)));
  const statesOf = async (place: Place, name: string) =>
    (await place.execute(name, `select state from meridian_runs_${name} order by id`)).map(({ state }) => state);
  const left = async (place: Place) =>
    (await Promise.all(NAMES.map((name) => place.execute(name, `select * from meridian_run_batches_${name}`)))).flat();
  const unpublished = (place: Place) => place.execute('orders', 'select * from outbox_event');

  /** With some rows of an earlier load, and files to load. */
  async function filled(files: Readonly<Record<string, string>>): Promise<Place> {
    const place = await makePlace();
    write(place, BEFORE);
    await load(place, { allOrNothing: false });
    write(place, files);
    return place;
  }

  test('everything is kept when every record is accepted', async () => {
    const [place, straight] = [await filled(GOOD), await filled(GOOD)];
    const report = await load(place);
    expect(report.reverted).toBeUndefined();
    expect(countsOf(report)).toEqual(countsOf(await load(straight, { allOrNothing: false })));
    expect(await rowsIn(place)).toEqual(await rowsIn(straight));
    expect(await statesOf(place, 'orders')).toEqual(['finished', 'finished']);
  });

  test.each([
    [
      'a record that breaks a rule',
      { ...GOOD, products: `${PRODUCTS}3,S3,,3.00\n` },
      /records were rejected \(products: 1\)/,
    ],
    ['a reference that does not exist', DANGLING, /records were rejected \(orders: 1\)/],
    [
      'a file at fault',
      { ...GOOD, users: `${GOOD.users}\n6,"Six,u6@example.com\n` },
      /the load of users, orders failed/,
    ],
  ])('nothing is kept after %s', async (_, files, why) => {
    const place = await filled(files);
    const [rows, events] = [await rowsIn(place), await unpublished(place)];
    const report = await load(place);
    expect(report.reverted?.message).toMatch(why);
    expect(report.reverted?.message).toMatch(/All rows of this run have been reverted\.$/);
    expect(await rowsIn(place)).toEqual(rows);
    expect(await left(place)).toEqual([]);
    expect(await unpublished(place)).toEqual(events);
    for (const name of NAMES) {
      expect(await statesOf(place, name)).toEqual(['finished', 'reverted']);
      expect(report.databases[name]?.isUnfinished).toBe(false);
    }
  });

  test('rejects are reported all the same', async () => {
    const place = await filled(DANGLING);
    const report = await load(place);
    expect(report.databases['orders']).toMatchObject({ rejected: 1, reasons: [{ property: 'userId', count: 1 }] });
    expect(readFileSync(join(place.folder, 'rejects', 'orders.ndjson'), 'utf8')).toMatch(/"number":5.*"userId":"9"/);
  });

  test('it can be loaded once the file is corrected', async () => {
    const [place, straight] = [await filled(DANGLING), await filled(GOOD)];
    await load(place);
    write(place, GOOD);
    expect((await load(place)).reverted).toBeUndefined();
    await load(straight);
    expect(await rowsIn(place)).toEqual(await rowsIn(straight));
  });

  test('a limit of rejects ends it early, and nothing is kept', async () => {
    const place = await filled({ ...GOOD, users: usersCsv([userLine(7), userLine(8, ''), userLine(9), userLine(10)]) });
    const rows = await rowsIn(place);
    const report = await load(place, { maxRejects: 0 });
    expect(report.exceeded?.error.message).toMatch(/Nothing is kept\./);
    expect(report.reverted?.message).toMatch(/not all records were read/);
    expect(report.interrupted).toBe(false);
    expect(await rowsIn(place)).toEqual(rows);
    expect(readFileSync(join(place.folder, 'rejects', 'users.ndjson'), 'utf8')).toMatch(/"number":2/);
  });

  test('a dry run says what would be', async () => {
    const place = await filled(DANGLING);
    const report = await load(place, { dryRun: true });
    expect(report.reverted?.message).toMatch(
      /^Nothing would be kept \(--all-or-nothing\), because records were rejected/,
    );
    write(place, GOOD);
    expect((await load(place, { dryRun: true })).reverted).toBeUndefined();
    expect(await statesOf(place, 'users')).toEqual(['finished']);
  });

  test('after an interruption it goes on', async () => {
    const [place, straight] = [await filled(GOOD), await filled(GOOD)];
    const controller = new AbortController();
    const first = await load(place, { signal: controller.signal, listener: { progressed: () => controller.abort() } });
    expect(first).toMatchObject({ interrupted: true });
    expect(first.reverted).toBeUndefined();
    expect(await statesOf(place, 'users')).toEqual(['finished', 'loading']);
    const counts = countsOf(await load(place));
    expect(counts).toEqual(countsOf(await load(straight)));
    expect(await rowsIn(place)).toEqual(await rowsIn(straight));
  });

  describe('a run that is not continued', () => {
    async function interrupted(): Promise<{ place: Place; rows: unknown }> {
      const place = await filled(GOOD);
      const rows = await rowsIn(place);
      const controller = new AbortController();
      const loads = new Set<string>(NAMES);
      const loaded = (name: string) => {
        loads.delete(name);
        if (loads.size === 0) {
          controller.abort();
        }
      };
      await load(place, { signal: controller.signal, listener: { loaded } });
      expect(await statesOf(place, 'users')).toEqual(['finished', 'loaded']);
      return { place, rows };
    }

    test('is reverted by another command', async () => {
      const { place, rows } = await interrupted();
      writeIn(place.folder, 'users.csv', usersCsv([userLine(1)]));
      const warnings: string[] = [];
      await load(place, { allOrNothing: false, listener: { warned: (_, text) => warnings.push(text) } }, ['users']);
      expect(warnings).toEqual([
        expect.stringMatching(
          /^users: the run of .* which loads everything or nothing, .* Its rows have been reverted\.$/,
        ),
      ]);
      const [users, , orders] = await rowsIn(place);
      expect(users).toEqual((rows as unknown[][])[0]);
      expect(await statesOf(place, 'users')).toEqual(['finished', 'reverted', 'finished']);
      // its rows are still there, until a command opens this database
      expect(await statesOf(place, 'orders')).toEqual(['finished', 'loaded']);
      expect(orders).toHaveLength(5);
      await load(place, { allOrNothing: false, restart: true }, ['products', 'orders']);
      expect(await statesOf(place, 'orders')).toEqual(['finished', 'reverted', 'finished']);
    });

    test('is reverted with --restart, and loaded again', async () => {
      const { place } = await interrupted();
      expect(countsOf(await load(place, { restart: true }))['users']).toMatchObject({ inserted: 3, updated: 1 });
    });

    test.each([
      ['all are ready', ['ready', 'ready', 'ready'], ['abandoned', 'finished']],
      ['one has been released', ['ready', 'finished', 'ready'], ['abandoned', 'finished']],
      ['one is still loading', ['ready', 'loading', 'ready'], ['reverted', 'finished']],
      ['one has been reverted', ['ready', 'reverted', 'ready'], ['reverted', 'finished']],
    ])('stays when that was decided: %s', async (_, states, expected) => {
      const { place } = await interrupted();
      for (const [index, name] of NAMES.entries()) {
        const newest = `(select max(id) from meridian_runs_${name})`;
        await place.execute(name, `update meridian_runs_${name} set state = '${states[index]}' where id = ${newest}`);
      }
      writeIn(place.folder, 'users.csv', usersCsv([userLine(1)]));
      await load(place, { allOrNothing: false }, ['users']);
      expect(await statesOf(place, 'users')).toEqual(['finished', ...expected]);
      expect(await place.rowsOf('users')).toHaveLength(expected[0] === 'abandoned' ? 5 : 2);
    });
  });

  /** After so many transactions nothing is written any more, as if the process had been killed. */
  function dieAfter(transactions: number): { readonly count: () => number } {
    const original = Table.prototype.write;
    let count = 0;
    jest.spyOn(Table.prototype, 'write').mockImplementation(async function (this: Table, em, work) {
      count++;
      if (count > transactions) {
        throw new Error('killed');
      }
      const result = await original.call(this, em, work);
      if (count >= transactions) {
        throw new Error('killed');
      }
      return result as never;
    });
    return { count: () => count };
  }

  test.each([
    ['is kept', GOOD],
    ['is reverted', DANGLING],
  ])('wherever the process dies, the run %s', async (what, files) => {
    const prepared = await filled(files);
    const straight = await copiedPlace(prepared);
    const before = await rowsIn(straight);
    const watched = dieAfter(Number.POSITIVE_INFINITY);
    const expected = await load(straight);
    const transactions = watched.count();
    jest.restoreAllMocks();
    const rows = await rowsIn(straight);
    expect(isDeepStrictEqual(rows, before)).toBe(what === 'is reverted');
    // dead after one is dead before the next one: in the databases there is no difference
    for (let n = 0; n <= transactions; n += depth(23, 1)) {
      const place = await copiedPlace(prepared);
      dieAfter(n);
      await load(place).catch((error: unknown): PopulateReport => {
        if (!/killed/.test(String(error))) {
          throw error;
        }
        return expected;
      });
      jest.restoreAllMocks();
      const after = await load(place);
      expect([n, after.reverted === undefined, await rowsIn(place)]).toEqual([n, what === 'is kept', rows]);
      expect([n, await left(place)]).toEqual([n, []]);
      for (const name of NAMES) {
        expect((await statesOf(place, name)).at(-1)).toBe(what === 'is kept' ? 'finished' : 'reverted');
      }
    }
  });
});
