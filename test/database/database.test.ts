/** A database: how it is opened and set up, what it says of itself, what it writes and gives back. */
import { mkdirSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, test } from '@jest/globals';
import SqliteFile from 'better-sqlite3';
import fc from 'fast-check';
import { Database, type DatabaseOptions } from '../../src/database/database.ts';
import { migrateUp } from '../../src/database/migrate.ts';
import { MeridianError } from '../../src/shared/errors.ts';
import { orders, products, users } from '../../src/shop/catalog.ts';
import { fileOf, locationIn } from '../support/databases.ts';
import { depth } from '../support/depth.ts';
import { forEachEngine } from '../support/engines.ts';
import { makeFolder, writeIn } from '../support/folder.ts';
import { onlyEntity, onlyTable } from '../support/only-table.ts';

const opened: Database[] = [];

afterEach(async () => {
  await Promise.all(opened.splice(0).map((database) => database.close()));
});

async function open(options: DatabaseOptions): Promise<Database> {
  const database = await Database.open(users, options);
  opened.push(database);
  return database;
}

async function errorOf(work: Promise<unknown>): Promise<MeridianError> {
  const error = await work.then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  expect(error).toBeInstanceOf(MeridianError);
  return error as MeridianError;
}

test('writes reach the disk before they are confirmed, and wait for other writers', async () => {
  const folder = makeFolder();
  const database = await open(locationIn(folder, 'users'));
  const em = database.fork();
  const pragma = async (name: string) => Object.values((await em.execute(`pragma ${name}`))[0] ?? {})[0];
  expect(await pragma('journal_mode')).toBe('wal');
  expect(await pragma('synchronous')).toBe(2);
  expect(await pragma('busy_timeout')).toBe(5000);
});

describe('a file that cannot be opened is named in the error', () => {
  test('a file that is not a database', async () => {
    const folder = makeFolder();
    const path = writeIn(folder, 'users.db', 'This is a text file and no database.\n'.repeat(50));
    const { code, message } = await errorOf(open(locationIn(folder, 'users')));
    expect(code).toBe('database');
    expect(message).toContain(path);
    expect(message).toContain('is not an SQLite database');
  });

  test('a directory', async () => {
    const folder = makeFolder();
    mkdirSync(fileOf(folder, 'users'));
    const { code, message } = await errorOf(open(locationIn(folder, 'users')));
    expect(code).toBe('database');
    expect(message).toContain(fileOf(folder, 'users'));
    expect(message).toContain('directory');
  });

  test('a file below a path that is not a directory', async () => {
    const folder = makeFolder();
    writeIn(folder, 'file', '');
    const { code, message } = await errorOf(open(locationIn(join(folder, 'file', 'below'), 'users')));
    expect(['database', 'directory']).toContain(code);
    expect(message).toContain(join(folder, 'file', 'below'));
  });

  test('a file that another process has locked', async () => {
    const folder = makeFolder();
    const holder = new SqliteFile(fileOf(folder, 'users'));
    holder.exec('create table t (id integer); begin exclusive');
    const { code, message } = await errorOf(open(locationIn(folder, 'users')));
    holder.close();
    expect(code).toBe('locked');
    expect(message).toContain(fileOf(folder, 'users'));
    await open(locationIn(folder, 'users'));
  });
});

test('create: false creates neither file nor directory', async () => {
  const folder = makeFolder();
  await open({ ...locationIn(join(folder, 'below'), 'users'), create: false });
  expect(readdirSync(folder)).toEqual([]);
});

forEachEngine((makePlace, engine) => {
  describe('write', () => {
    test('keeps other writers away before it reads', async () => {
      const place = await makePlace();
      const database = await open(place.options('users'));
      await migrateUp(database);
      const insert = "insert into users values (2, 'Bob', 'bob@example.com')";
      const impatient =
        engine === 'sqlite'
          ? () => new SqliteFile(fileOf(place.folder, 'users'), { timeout: 0 }).exec(insert)
          : undefined;
      await onlyTable(database).write(database.fork(), async (transaction) => {
        expect(await transaction.find(onlyEntity(users).entity, {})).toEqual([]);
        // in SQLite this would commit without the lock, and the insert below would fail with SQLITE_BUSY_SNAPSHOT
        if (impatient) {
          expect(impatient).toThrow('database is locked');
        } else {
          await expect(place.execute('users', `set lock_timeout to '50ms'; ${insert}`)).rejects.toThrow('lock timeout');
        }
        // readers are not kept away
        expect(await place.rowsOf('users')).toEqual([]);
        await transaction.execute("insert into users values (1, 'Alice', 'alice@example.com')");
      });
      await place.execute('users', insert);
      expect(await place.rowsOf('users')).toHaveLength(2);
    });

    test('rolls back everything when it fails', async () => {
      const place = await makePlace();
      const database = await open(place.options('users'));
      await migrateUp(database);
      const failing = onlyTable(database).write(database.fork(), async (transaction) => {
        await transaction.execute("insert into users values (1, 'Alice', 'alice@example.com')");
        throw new RangeError('on purpose');
      });
      await expect(failing).rejects.toThrow('on purpose');
      expect(await place.rowsOf('users')).toEqual([]);
    });
  });

  test('the content is known: nothing, a table, rows', async () => {
    const place = await makePlace();
    const look = async () => {
      const database = await open({ ...place.options('users'), create: false });
      const em = database.fork();
      return [database.isMissing, await onlyTable(database).isThere(em), await onlyTable(database).holdsRows(em)];
    };
    expect(await look()).toEqual([true, false, false]);
    const database = await open(place.options('users'));
    expect(database.isMissing).toBe(true);
    await migrateUp(database);
    expect(await look()).toEqual([false, true, false]);
    await place.execute('users', "insert into users values (1, 'Alice', 'alice@example.com')");
    expect(await look()).toEqual([false, true, true]);
  });

  describe('rows come back as they went in', () => {
    test('the largest ids and amounts, as numbers', async () => {
      const place = await makePlace();
      const largest = Number.MAX_SAFE_INTEGER;
      const bought = await Database.open(orders, place.options('orders'));
      const sold = await Database.open(products, place.options('products'));
      opened.push(bought, sold);
      await migrateUp(bought);
      await migrateUp(sold);
      const order = { id: largest, userId: largest, productId: largest - 1, quantity: 1_000_000_000 };
      await bought.fork().insertMany(onlyEntity(orders).entity, [order]);
      const found = await bought
        .fork()
        .findOneOrFail(onlyEntity(orders).entity, { userId: largest, id: { $in: [largest] } });
      expect(found).toMatchObject(order);
      const product = { id: largest, sku: null, name: 'Gold', price: '9999999999.99' };
      await sold.fork().insertMany(onlyEntity(products).entity, [product]);
      expect(await sold.fork().findOneOrFail(onlyEntity(products).entity, { id: largest })).toEqual(product);
    });

    test('any text that UTF-8 and SQL know', async () => {
      const place = await makePlace();
      const database = await open(place.options('users'));
      await migrateUp(database);
      const text = fc
        .string({ unit: 'grapheme', maxLength: 60 })
        .filter((one) => one.isWellFormed() && !one.includes('\0'));
      let id = 0;
      await fc.assert(
        fc.asyncProperty(fc.array(text, { minLength: 1, maxLength: 20 }), async (names) => {
          const rows = names.map((name) => ({ id: ++id, name, email: `${id}@example.com` }));
          await database.fork().insertMany(onlyEntity(users).entity, rows);
          const found = await database
            .fork()
            .find(
              onlyEntity(users).entity,
              { id: { $in: rows.map((row) => row.id) } },
              { orderBy: { id: 'asc' } as never },
            );
          expect(found).toEqual(rows.map((row) => expect.objectContaining(row)));
          const [first] = rows;
          expect(await database.fork().count(onlyEntity(users).entity, { name: first?.name } as never)).toBeGreaterThan(
            0,
          );
        }),
        { numRuns: depth(6, 30) },
      );
    });
  });

  test('two emails are the same exactly when they differ in the case of A–Z only', async () => {
    const place = await makePlace();
    const database = await open(place.options('users'));
    await migrateUp(database);
    const letters = fc.string({
      unit: fc.constantFrom('a', 'A', 'i', 'I', 'İ', 'ı', 'ß', 'ẞ', 'é', 'É', 'k', 'K', 'ſ', 's', '.'),
      minLength: 1,
      maxLength: 3,
    });
    const fold = (text: string) => text.replace(/[A-Z]/g, (letter) => letter.toLowerCase());
    await fc.assert(
      fc.asyncProperty(letters, letters, async (one, other) => {
        const em = database.fork();
        await em.begin();
        try {
          await em.insert(onlyEntity(users).entity, { id: 1, name: 'One', email: one } as never);
          const found = await onlyTable(database)
            .bulk()
            .find(em, [{ email: other }], { properties: ['email'], ignoreCase: true });
          expect(found).toHaveLength(fold(one) === fold(other) ? 1 : 0);
          const result = await em.execute('insert into users values (2, ?, ?) on conflict do nothing returning id', [
            'Two',
            other,
          ]);
          expect(result).toHaveLength(fold(one) === fold(other) ? 0 : 1);
        } finally {
          await em.rollback();
        }
      }),
    );
  });
});
