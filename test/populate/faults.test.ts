/** Faults in the middle of a load: it stops after its last whole batch, the others finish, a re-run completes. */
import { mkdirSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import SqliteFile from 'better-sqlite3';
import { MeridianError } from '../../src/errors.ts';
import { fileSource } from '../../src/populate/read/file.ts';
import { countsOf, fileOf, populateIn, rowsOf } from '../support/databases.ts';
import { makeFolder, writeIn } from '../support/folder.ts';
import { sampleSources } from '../support/sample.ts';
import { rawRecord, sourceOf, streamOf } from '../support/sources.ts';

const user = (id: number) => ({ id, name: `User ${id}`, email: `user${id}@example.com` });
const usersUpTo = (count: number) => Array.from({ length: count }, (_, index) => user(index + 1));
const csv = (ids: readonly number[]) =>
  `id,name,email\n${ids.map((id) => `${id},User ${id},user${id}@example.com\n`).join('')}`;

describe('a source that breaks', () => {
  test('keeps its whole batches, tells file and line, and the mended file completes the load', async () => {
    const folder = makeFolder();
    const file = writeIn(
      folder,
      'users.csv',
      `${csv([1, 2, 3, 4, 5])}6,"User 6,user6@example.com\n7,User 7,user7@example.com\n`,
    );
    const { products, orders } = sampleSources();
    const broken = await populateIn(folder, {
      sources: { users: fileSource(file), ...(products && orders ? { products, orders } : {}) },
      batchRecords: 2,
    });
    const { failure } = broken.databases['users'] ?? {};
    expect(failure).toBeInstanceOf(MeridianError);
    expect(failure?.message).toMatch(/users\.csv, line 7: a quote is opened here/);
    expect(countsOf(broken)['products']).toMatchObject({ read: 10, inserted: 8 });
    // references are checked all the same: orders of users that did not come in are taken out
    const stored = rowsOf(folder, 'users') as { id: number }[];
    expect(countsOf(broken)['users']).toMatchObject({ read: stored.length, inserted: stored.length });
    expect(stored).toHaveLength(4);
    for (const row of rowsOf(folder, 'orders') as { user_id: number }[]) {
      expect(stored.map(({ id }) => id)).toContain(row.user_id);
    }

    writeIn(folder, 'users.csv', csv([1, 2, 3, 4, 5, 6, 7]));
    const mended = await populateIn(folder, { sources: { users: fileSource(file) }, batchRecords: 2 });
    expect(countsOf(mended)['users']).toEqual({
      read: 7,
      inserted: 7 - stored.length,
      updated: 0,
      unchanged: stored.length,
      rejected: 0,
    });
  });

  test('leaves the rejects file alone that it was being read from', async () => {
    const folder = makeFolder();
    const reject = (id: number) =>
      JSON.stringify({ number: id, line: id, record: { ...user(id), name: '' }, errors: [] });
    const file = writeIn(folder, 'rejects/users.ndjson', `${reject(1)}\n${reject(2)}\n`);
    writeIn(folder, 'rejects/users.ndjson', Buffer.concat([readFileSync(file), Buffer.from([0xff, 0x0a])]));
    const before = readFileSync(file);
    const warnings: string[] = [];
    const report = await populateIn(folder, {
      sources: { users: fileSource(file) },
      batchRecords: 1,
      listener: { warned: (_, sentence) => warnings.push(sentence) },
    });
    expect(report.databases['users']?.failure?.message).toMatch(/users\.ndjson, line 3: the text is not valid UTF-8/);
    expect(countsOf(report)['users']).toMatchObject({ read: 2, rejected: 2 });
    expect(readFileSync(file).equals(before)).toBe(true);
    expect(warnings.join()).toMatch(/is not replaced/);
    expect(readdirSync(join(folder, 'rejects'))).toEqual(['users.ndjson']);
  });
});

describe('a database that refuses', () => {
  test('loses the batch that it refused and no other', async () => {
    const folder = makeFolder();
    await populateIn(folder, { sources: { users: sourceOf([]) } });
    const users = new SqliteFile(fileOf(folder, 'users'));
    users.exec(
      "create trigger full before insert on users when new.id = 6 begin select raise(abort, 'no more room'); end",
    );
    users.close();
    const report = await populateIn(folder, {
      sources: { ...sampleSources(), users: sourceOf(usersUpTo(9)) },
      batchRecords: 2,
    });
    expect(report.databases['users']?.failure?.message).toContain('no more room');
    expect(countsOf(report)['users']).toEqual({ read: 4, inserted: 4, updated: 0, unchanged: 0, rejected: 0 });
    expect(rowsOf(folder, 'users')).toHaveLength(4);
    expect(countsOf(report)['products']).toMatchObject({ inserted: 8 });
    // orders 5 and 6 are of users that did not come in
    expect((rowsOf(folder, 'orders') as { id: number }[]).map(({ id }) => id)).toEqual([1, 2, 3, 4]);
  });
});

describe('a rejects file that cannot be replaced', () => {
  test('fails its database, and hides neither the report nor the rejects of the others', async () => {
    const folder = makeFolder();
    const report = await populateIn(folder, {
      sources: sampleSources(),
      listener: { loaded: () => mkdirSync(join(folder, 'rejects', 'products.ndjson'), { recursive: true }) },
    });
    expect(report.databases['products']?.failure?.message).toMatch(/products\.ndjson cannot be replaced: /);
    expect(countsOf(report)['products']).toMatchObject({ inserted: 8, rejected: 2 });
    expect(readdirSync(join(folder, 'rejects')).sort()).toEqual(['orders.ndjson', 'products.ndjson', 'users.ndjson']);
  });
});

describe('an interruption', () => {
  test('ends after the batch under way, checks references and says so', async () => {
    const folder = makeFolder();
    const interruption = new AbortController();
    const report = await populateIn(folder, {
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
    expect(rowsOf(folder, 'users')).toHaveLength(50);
    expect(orders?.['rejected']).toBe(orders?.['read']);
    expect(rowsOf(folder, 'orders')).toEqual([]);
  });

  test('does not wait for a source that gives nothing', async () => {
    const interruption = new AbortController();
    const report = await populateIn(makeFolder(), {
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
  test('all sources that cannot be opened are told together', async () => {
    const folder = makeFolder();
    const missing = (name: string) => fileSource(join(folder, `${name}.csv`));
    const attempt = populateIn(folder, { sources: { users: missing('users'), orders: missing('orders') } });
    await expect(attempt).rejects.toThrow(/users\.csv does not exist\.\n.*orders\.csv does not exist\./);
    expect(readdirSync(folder)).toEqual([]);
  });

  test('a missing column stops every database', async () => {
    const folder = makeFolder();
    const file = writeIn(folder, 'orders.csv', 'id,user_id,qty\n1,1,1\n');
    const attempt = populateIn(folder, { sources: { ...sampleSources(), orders: fileSource(file) } });
    await expect(attempt).rejects.toThrow(/no column for productId, quantity\. Columns found: id, user_id, qty\./);
    expect(readdirSync(folder)).toEqual(['orders.csv']);
  });

  test('a reference to an undeclared database is told', async () => {
    const attempt = populateIn(makeFolder(), { catalog: [], sources: { users: sourceOf([]) } });
    await expect(attempt).rejects.toThrow(/There is no database "users"/);
  });
});
