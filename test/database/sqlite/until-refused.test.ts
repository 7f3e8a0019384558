/** Rows that are inserted until one is refused: those before it stay, without a savepoint, in the tables where their number is known. */
import { afterEach, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { type BulkTable } from '../../../src/database/bulk.ts';
import { Database, type EntityManager } from '../../../src/database/database.ts';
import { products } from '../../../src/shop/catalog.ts';
import { fileOf } from '../../support/databases.ts';
import { makeFolder } from '../../support/folder.ts';
import { onlyTable } from '../../support/only-table.ts';
import { copyMigrated } from '../../support/sqlite/migrated.ts';
import { showsFiles, temporaryFiles } from '../../support/sqlite/temporary-files.ts';

const opened: Database[] = [];

afterEach(async () => {
  for (const one of opened.splice(0)) {
    await one.close();
  }
});

async function openProducts(): Promise<Database> {
  const file = fileOf(makeFolder(), 'products');
  await copyMigrated(products, file);
  const database = await Database.open(products, { location: { engine: 'sqlite', file } });
  opened.push(database);
  return database;
}

/** Leaves nothing behind. */
async function trial(
  database: Database,
  statements: readonly string[],
  work: (em: EntityManager, table: BulkTable) => Promise<void>,
): Promise<void> {
  const em = database.fork();
  await em.begin();
  try {
    for (const statement of statements) {
      await em.execute(statement);
    }
    await work(em, onlyTable(database).bulk());
  } finally {
    await em.rollback();
  }
}

const productOf = (id: number, sku: string | null = `sku ${(id * 7919) % 100_003}`) => ({
  id,
  sku,
  name: `Mug ${id}`,
  price: '1.00',
});

const idsIn = async (em: EntityManager) =>
  (await em.execute<{ id: number }[]>('select id from products order by id')).map(({ id }) => id);

test('as many go in as come before the first whose key is taken, over several statements', async () => {
  const database = await openProducts();
  const key = fc.integer({ min: 1, max: 3000 });
  await fc.assert(
    fc.asyncProperty(fc.uniqueArray(key, { maxLength: 5 }), fc.array(key, { maxLength: 700 }), async (there, given) => {
      await trial(database, [], async (em, table) => {
        await table.insert(
          em,
          there.map((id) => productOf(id)),
        );
        // alternately with a sku and without one, so that other columns are given
        const rows = given.map((id) => productOf(id, id % 2 === 0 ? null : `sku ${id}`));
        const isTaken = (id: number, index: number) => there.includes(id) || given.indexOf(id) < index;
        const first = given.findIndex(isTaken);
        const before = first === -1 ? given : given.slice(0, first);
        expect(await table.insertUntilRefused(em, rows)).toBe(before.length);
        expect(await idsIn(em)).toEqual([...there, ...before].toSorted((a, b) => a - b));
      });
    }),
    { numRuns: 30 },
  );
});

const MADE = 'create table products (id integer primary key, sku text, name text not null, price_cents bigint not null';

test.each([
  ['a trigger', ['create trigger watched after insert on products begin select 1; end']],
  ['an index over an expression', ['create index lower_names on products (lower(name))']],
  ['an index whose condition calls a function', ['create index priced on products (id) where json_valid(name) = 1']],
  ['an index whose condition reads JSON', ["create index priced on products (id) where name ->> '$.a' = 1"]],
  ['a check', ['drop table products', `${MADE}, check (json_extract(name, '$.a') is null))`]],
  ['a foreign key', ['drop table products', `${MADE} references prices)`]],
  ['a conflict resolved in another way', ['drop table products', `${MADE}, unique (sku) on conflict replace)`]],
  ['a generated column', ['drop table products', `${MADE}, length int as (length(name)))`]],
  ['strict types', ['drop table products', `${MADE.replace('bigint', 'int')}) strict`]],
  ['a column of another type', ['drop table products', `${MADE.replace('sku text', 'sku integer')})`]],
])('not in a table with %s', async (_, statements) => {
  await trial(await openProducts(), statements, async (em, table) => {
    expect(await table.insertUntilRefused(em, [productOf(1)])).toBeUndefined();
    expect(await idsIn(em)).toEqual([]);
  });
});

test('in a table that was made otherwise, where nothing of that is', async () => {
  await trial(await openProducts(), ['drop table products', `${MADE})`], async (em, table) => {
    expect(await table.insertUntilRefused(em, [productOf(1), productOf(2), productOf(1)])).toBe(2);
    expect(await idsIn(em)).toEqual([1, 2]);
  });
});

test('only in a transaction', async () => {
  const database = await openProducts();
  expect(
    await onlyTable(database)
      .bulk()
      .insertUntilRefused(database.fork(), [productOf(1)]),
  ).toBeUndefined();
});

test('an error that leaves open how many went in is thrown', async () => {
  await trial(await openProducts(), [], async (em, table) => {
    const rows = [productOf(1), { ...productOf(2), id: 'two' }];
    await expect(table.insertUntilRefused(em, rows)).rejects.toThrow('datatype mismatch');
  });
});

(showsFiles ? test : test.skip)('rows all over a large index need no temporary file', async () => {
  const database = await openProducts();
  const from = (first: number, count: number) => Array.from({ length: count }, (_, index) => productOf(first + index));
  const table = onlyTable(database).bulk();
  await database.transaction((em) => table.insertAll(em, from(1, 10_000)));
  await database.transaction(async (em) => {
    expect(await table.insertUntilRefused(em, from(10_001, 500))).toBe(500);
    expect(temporaryFiles()).toEqual([]);
  });
});
