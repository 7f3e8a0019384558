/** Faults in the middle of a load: it stops after its last whole batch, the others finish, a re-run completes. */
import { existsSync, mkdirSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { fileSource } from '../../src/populate/read/file.ts';
import { MeridianError } from '../../src/shared/errors.ts';
import { countsOf, populateIn } from '../support/databases.ts';
import { apart, forEachEngineThoroughly, type Place } from '../support/engines.ts';
import { writeIn } from '../support/folder.ts';
import { refuseRows } from '../support/refusing.ts';
import { regionalCatalog } from '../support/regional-catalog.ts';
import { sampleSources } from '../support/sample.ts';
import { rawRecord, sourceOf, streamOf } from '../support/sources.ts';

const user = (id: number) => ({ id, name: `User ${id}`, email: `user${id}@example.com` });
const usersUpTo = (count: number) => Array.from({ length: count }, (_, index) => user(index + 1));
const csv = (ids: readonly number[]) =>
  `id,name,email\n${ids.map((id) => `${id},User ${id},user${id}@example.com\n`).join('')}`;

/** Of the newest runs. */
async function statesOf(place: Place): Promise<Record<string, unknown>> {
  const states = ['users', 'products', 'orders'].map(async (name) => {
    const [run] = await place.execute(name, `select state from meridian_runs_${name} order by id desc limit 1`);
    return [name, run?.['state']];
  });
  return Object.fromEntries(await Promise.all(states));
}

forEachEngineThoroughly((makePlace) => {
  describe('a source that breaks', () => {
    test('keeps its whole batches, names file and line, and the repaired file completes the load', async () => {
      const place = await makePlace();
      const file = writeIn(
        place.folder,
        'users.csv',
        `${csv([1, 2, 3, 4, 5])}6,"User 6,user6@example.com\n7,User 7,user7@example.com\n`,
      );
      const { products, orders } = sampleSources();
      const broken = await populateIn(place, {
        sources: {
          users: fileSource(file, { strictFormat: true }),
          ...(products && orders ? { products, orders } : {}),
        },
        batchRecords: 2,
      });
      const { failure } = broken.databases['users'] ?? {};
      expect(failure).toBeInstanceOf(MeridianError);
      expect(failure?.message).toMatch(/users\.csv, line 7: a quote is opened here/);
      expect(countsOf(broken)['products']).toMatchObject({ read: 10, inserted: 8 });
      const stored = (await place.rowsOf('users')) as { id: number }[];
      expect(countsOf(broken)['users']).toMatchObject({ read: stored.length, inserted: stored.length });
      expect(stored).toHaveLength(4);
      // no order is rejected for a user who may still come
      expect(countsOf(broken)['orders']).toMatchObject({ read: 10, inserted: 8 });
      expect(await place.rowsOf('orders')).toHaveLength(8);
      expect(broken.databases['orders']).toMatchObject({
        isUnfinished: true,
        rejectsFile: undefined,
        failure: {
          message: expect.stringMatching(
            /^orders: some records refer to keys that are missing in users, whose load was stopped/,
          ),
        },
      });
      expect(await statesOf(place)).toEqual({ users: 'failed', products: 'finished', orders: 'loaded' });

      writeIn(place.folder, 'users.csv', csv([1, 2, 3, 4, 5, 6, 7]));
      const repaired = await populateIn(place, { sources: { users: fileSource(file) }, batchRecords: 2 });
      expect(countsOf(repaired)['users']).toEqual({
        read: 7,
        inserted: 7 - stored.length,
        updated: 0,
        unchanged: stored.length,
        rejected: 0,
      });
    });

    test('leaves the rejects file alone that it was being read from', async () => {
      const place = await makePlace();
      const reject = (id: number) =>
        JSON.stringify({ number: id, line: id, record: { ...user(id), name: '' }, errors: [] });
      const file = writeIn(place.folder, 'rejects/users.ndjson', `${reject(1)}\n${reject(2)}\n`);
      writeIn(place.folder, 'rejects/users.ndjson', Buffer.concat([readFileSync(file), Buffer.from([0xff, 0x0a])]));
      const before = readFileSync(file);
      const warnings: string[] = [];
      const report = await populateIn(place, {
        sources: { users: fileSource(file, { encoding: 'utf-8', strictFormat: true }) },
        batchRecords: 1,
        listener: { warned: (_, sentence) => warnings.push(sentence) },
      });
      expect(report.databases['users']?.failure?.message).toMatch(/users\.ndjson, line 3: the text is not valid UTF-8/);
      expect(countsOf(report)['users']).toMatchObject({ read: 2, rejected: 2 });
      expect(readFileSync(file).equals(before)).toBe(true);
      expect(warnings.join()).toMatch(/is not replaced/);
      expect(readdirSync(join(place.folder, 'rejects'))).toEqual(['users.ndjson']);
    });
  });

  describe('a database that refuses a record', () => {
    test('costs that record, and what points at it', async () => {
      const place = await makePlace();
      await populateIn(place, { sources: { users: sourceOf([]) } });
      await refuseRows(place, { table: 'users', on: 'insert', when: 'new.id = 6' }, 'no more room');
      const report = await populateIn(place, {
        sources: { ...sampleSources(), users: sourceOf(usersUpTo(9)) },
        batchRecords: 2,
      });
      expect(report.databases['users']?.failure).toBeUndefined();
      expect(report.databases['users']?.refused?.message).toMatch(
        /^users: the database refused 1 record of memory, lines 6 to 7, .*no more room/,
      );
      expect(countsOf(report)['users']).toEqual({ read: 9, inserted: 8, updated: 0, unchanged: 0, rejected: 1 });
      expect(countsOf(report)['products']).toMatchObject({ inserted: 8 });
      for (const row of (await place.rowsOf('orders')) as { user_id: number }[]) {
        expect(row.user_id).not.toBe(6);
      }
    });

    test('publishes no event of an order that was not loaded', async () => {
      const place = apart(await makePlace());
      const catalog = regionalCatalog('orders.boston');
      const order = (id: number) => ({ id, userId: 1, productId: 1, quantity: 1 });
      await populateIn(place, { catalog, sources: { 'orders.boston': sourceOf([]) } });
      const refused = { ...place, execute: (_: string, sql: string) => place.execute('orders.boston', sql) };
      await refuseRows(refused, { table: 'orders', on: 'insert', when: 'new.id = 3' }, 'no more room');
      const report = await populateIn(place, {
        catalog,
        sources: {
          users: sourceOf(usersUpTo(1)),
          products: sourceOf([{ id: 1, sku: 'S', name: 'P', price: '1' }]),
          'orders.boston': sourceOf([1, 2, 3, 4].map(order)),
        },
      });
      expect(countsOf(report)['orders.boston']).toMatchObject({ inserted: 3, rejected: 1 });
      const events = await place.execute(
        'orders.boston',
        'select aggregate_id from outbox_event order by aggregate_id',
      );
      expect(events.map((event) => Number(event['aggregate_id']))).toEqual([1, 2, 4]);
    });
  });

  describe('a database that takes no record any more', () => {
    test.each([
      ['a table that is gone', 'alter table users rename to people'],
      ['a column that is gone', 'alter table users drop column name'],
    ])('%s: database and lines are named', async (_, change) => {
      const place = await makePlace();
      const all = usersUpTo(6).map((one, index) => rawRecord(one, index + 1));
      const report = await populateIn(place, {
        batchRecords: 2,
        sources: {
          ...sampleSources(),
          users: streamOf(async function* () {
            yield all.slice(0, 2);
            // asked for more when these are committed
            await place.execute('users', change);
            yield all.slice(2);
          }),
        },
      });
      const message = report.databases['users']?.failure?.message;
      expect(message).toMatch(/^users: .* does not run a statement \(/);
      expect(message).toMatch(/ The records of memory, lines 4 to 5 were not loaded\.$/);
      expect(countsOf(report)['users']).toMatchObject({ read: 2, inserted: 2 });
      // no order is rejected for a user who may still come
      expect(countsOf(report)['orders']).toMatchObject({ read: 10, inserted: 8 });
      expect(await statesOf(place)).toEqual({ users: 'loading', products: 'finished', orders: 'loaded' });
      for (const name of ['users', 'orders']) {
        expect(report.databases[name]).toMatchObject({ isUnfinished: true, rejectsFile: undefined });
      }
    });
  });

  describe('a rejects file that cannot be replaced', () => {
    test('fails its database, and hides neither the report nor the rejects of the others', async () => {
      const place = await makePlace();
      const report = await populateIn(place, {
        sources: sampleSources(),
        listener: { loaded: () => mkdirSync(join(place.folder, 'rejects', 'products.ndjson'), { recursive: true }) },
      });
      expect(report.databases['products']?.failure?.message).toMatch(/products\.ndjson cannot be replaced: /);
      expect(countsOf(report)['products']).toMatchObject({ inserted: 8, rejected: 2 });
      expect(readdirSync(join(place.folder, 'rejects')).sort()).toEqual([
        'orders.ndjson',
        'products.ndjson',
        'users.ndjson',
      ]);
    });
  });

  describe('an interruption', () => {
    test('ends after the current batch, checks nothing and reports that', async () => {
      const place = await makePlace();
      const interruption = new AbortController();
      const report = await populateIn(place, {
        batchRecords: 10,
        signal: interruption.signal,
        sources: {
          users: sourceOf(usersUpTo(1000)),
          products: sourceOf([{ id: 1, sku: 'S', name: 'P', price: 1 }]),
          orders: sourceOf(
            Array.from({ length: 1000 }, (_, index) => ({ id: index + 1, userId: 1000, productId: 1, quantity: 1 })),
          ),
        },
        listener: {
          progressed: (database, _, read) => {
            if (database === 'users' && read >= 50) {
              interruption.abort();
            }
          },
        },
      });
      expect(report.interrupted).toBe(true);
      const { users, orders } = countsOf(report);
      expect(users?.['read']).toBe(50);
      expect(await place.rowsOf('users')).toHaveLength(50);
      expect(orders?.['rejected']).toBe(0);
      expect(await place.rowsOf('orders')).toHaveLength(orders?.['read'] ?? 0);
      expect(report.databases['orders']).toMatchObject({ failure: undefined, isUnfinished: true });
      expect(await statesOf(place)).toEqual({
        users: 'loading',
        products: expect.stringMatching(/^load/),
        orders: expect.stringMatching(/^load/),
      });
      expect(existsSync(join(place.folder, 'rejects'))).toBe(true);
      expect(readdirSync(join(place.folder, 'rejects'))).toEqual([]);
    });

    test('does not wait for a source that gives nothing', async () => {
      const interruption = new AbortController();
      const report = await populateIn(await makePlace(), {
        signal: interruption.signal,
        sources: {
          users: streamOf(async function* () {
            yield [rawRecord(user(1), 1)];
            interruption.abort();
            await new Promise(() => undefined);
          }),
        },
      });
      expect(report.interrupted).toBe(true);
      expect(countsOf(report)['users']).toMatchObject({ read: 0 });
    });
  });

  describe('before anything is loaded', () => {
    test('all sources that cannot be opened are reported together', async () => {
      const place = await makePlace();
      const missing = (name: string) => fileSource(join(place.folder, `${name}.csv`));
      const attempt = populateIn(place, { sources: { users: missing('users'), orders: missing('orders') } });
      await expect(attempt).rejects.toThrow(/users\.csv does not exist\.\n.*orders\.csv does not exist\./);
      expect(readdirSync(place.folder)).toEqual([]);
    });

    test('a missing column stops every database', async () => {
      const place = await makePlace();
      const file = writeIn(place.folder, 'orders.csv', 'id,user_id,qty\n1,1,1\n');
      const attempt = populateIn(place, { sources: { ...sampleSources(), orders: fileSource(file) } });
      await expect(attempt).rejects.toThrow(/no column for productId, quantity\. Columns found: id, user_id, qty\./);
      expect(readdirSync(place.folder)).toEqual(['orders.csv']);
    });

    test('a reference to an undeclared database is reported', async () => {
      const attempt = populateIn(await makePlace(), { catalog: [], sources: { users: sourceOf([]) } });
      await expect(attempt).rejects.toThrow(/There is no database "users"/);
    });
  });
});
