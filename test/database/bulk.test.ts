/** Statements over many rows do what the same rows would one by one, on every engine. */
import { afterEach, expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { BulkTable } from '../../src/database/bulk.ts';
import type { Row } from '../../src/database/columns.ts';
import { Database, type EntityManager } from '../../src/database/database.ts';
import { migrateUp } from '../../src/database/migrate.ts';
import { products } from '../../src/shop/catalog.ts';
import { forEachEngine, type Place } from '../support/engines.ts';
import { onlyTable } from '../support/only-table.ts';

/** Few keys, so that they meet; text with whatever a literal, an array or JSON could trip over. */
const text = fc
  .oneof(fc.constantFrom('', 'null', 'NULL', '{}', '"', '\\', "'", ',', '\t', '\r\n', '\\N', 'é', '🎁'), fc.string())
  .filter((one) => !one.includes('\0') && one.isWellFormed());
const row: fc.Arbitrary<Row> = fc.record({
  id: fc.oneof(fc.integer({ min: 1, max: 12 }), fc.constant(Number.MAX_SAFE_INTEGER)),
  sku: fc.oneof(fc.constant(null), fc.constantFrom('A', 'a', 'B'), text),
  name: fc.oneof(fc.constantFrom('Mug', 'mug'), text),
  price: fc.constantFrom('0.01', '1.00', '9999999999.99'),
});
const rows = fc.array(row, { maxLength: 12 });

const keysOf = ({ id, sku, name, price }: Row): string[] => [
  JSON.stringify(['id', id]),
  JSON.stringify(sku === null ? ['name', name, price] : ['sku', sku]),
];
const byId = (some: readonly Row[]) => some.toSorted((a, b) => Number(a['id']) - Number(b['id']));
/** The rows that go in when each is tried in its turn. */
function free(stored: readonly Row[], given: readonly Row[]): Row[] {
  const taken = new Set(stored.flatMap(keysOf));
  return given.filter((one) => {
    const keys = keysOf(one);
    const isFree = keys.every((key) => !taken.has(key));
    for (const key of isFree ? keys : []) {
      taken.add(key);
    }
    return isFree;
  });
}

const opened: Database[] = [];

afterEach(async () => {
  await Promise.all(opened.splice(0).map((database) => database.close()));
});

async function open(place: Place): Promise<Database> {
  const database = await Database.open(products, place.options('products'));
  opened.push(database);
  await migrateUp(database);
  return database;
}

/** Leaves nothing behind, so that one table serves all runs of a property. */
async function trial(database: Database, work: (em: EntityManager, table: BulkTable) => Promise<void>): Promise<void> {
  const em = database.fork();
  await em.begin();
  try {
    await work(em, onlyTable(database).bulk());
  } finally {
    await em.rollback();
  }
}

async function stored(em: EntityManager, table: BulkTable): Promise<Row[]> {
  const ids = (await em.execute('select id from products')) as { id: unknown }[];
  return byId(
    await table.findByPrimaryKey(
      em,
      ids.map(({ id }) => Number(id)),
    ),
  );
}

forEachEngine((makePlace) => {
  test('insertNew leaves out just the rows whose keys are taken', async () => {
    const database = await open(await makePlace());
    await fc.assert(
      fc.asyncProperty(rows, rows, (before, given) =>
        trial(database, async (em, table) => {
          const there = free([], before);
          expect(await table.insertFree(em, before)).toBe(there.length);
          const added = free(there, given);
          expect(await table.insertFree(em, given)).toBe(added.length);
          expect(await stored(em, table)).toEqual(byId([...there, ...added]));
        }),
      ),
    );
  });

  test('insertAll reports whether all keys were free, and leaves nothing when it is rolled back', async () => {
    const database = await open(await makePlace());
    await fc.assert(
      fc.asyncProperty(rows, rows, (before, given) =>
        trial(database, async (em, table) => {
          const there = free([], before);
          await table.insertFree(em, there);
          const areFree = free(there, given).length === given.length;
          await em.execute('savepoint attempt');
          expect(await table.insertAll(em, given)).toBe(areFree);
          if (!areFree) {
            await em.execute('rollback to savepoint attempt');
          }
          expect(await stored(em, table)).toEqual(byId(areFree ? [...there, ...given] : there));
        }),
      ),
    );
  });

  test('more rows than one statement takes are inserted in their order, and counted', async () => {
    const database = await open(await makePlace());
    const many = Array.from({ length: 777 }, (_, index) => ({
      id: index + 1,
      // every seventh has the sku of the one before
      sku: `S${index % 7 === 6 ? index - 1 : index}`,
      name: 'Mug',
      price: '1.00',
    }));
    await trial(database, async (em, table) => {
      expect(await table.insertFree(em, many)).toBe(666);
      expect(await stored(em, table)).toEqual(free([], many));
    });
    await trial(database, async (em, table) => {
      expect(await table.insertNew(em, many, 'id')).toHaveLength(666);
    });
    await trial(database, async (em, table) => {
      expect(await table.insertAll(em, many)).toBe(false);
    });
    await trial(database, async (em, table) => {
      expect(await table.insertAll(em, free([], many))).toBe(true);
    });
  });

  test('insertAll throws every error except a taken key', async () => {
    const database = await open(await makePlace());
    await trial(database, async (em, table) => {
      const nameless = { id: 1, sku: 'A', name: null, price: '1.00' };
      await expect(table.insertAll(em, [nameless])).rejects.toThrow(/not[- ]null/i);
    });
  });

  test('rows are found by each key, updated and deleted as if one by one', async () => {
    const database = await open(await makePlace());
    await fc.assert(
      fc.asyncProperty(rows, rows, fc.subarray([1, 2, 3, 4, 5]), (before, sought, ids) =>
        trial(database, async (em, table) => {
          const there = free([], before);
          await table.insertAll(em, there);
          const find = async (...key: Parameters<BulkTable['find']>) => byId(unique(await table.find(...key)));
          const having = (same: (one: Row, other: Row) => boolean) =>
            byId(there.filter((one) => sought.some((other) => same(one, other))));
          expect(await find(em, sought, { properties: ['id'] })).toEqual(having((a, b) => a['id'] === b['id']));
          const withSku = sought.filter(({ sku }) => sku !== null);
          expect(await find(em, withSku, { properties: ['sku'] })).toEqual(
            having((a, b) => a['sku'] !== null && a['sku'] === b['sku']),
          );
          expect(await find(em, sought, { properties: ['name', 'price'], onlyWithout: 'sku' })).toEqual(
            having((a, b) => a['sku'] === null && a['name'] === b['name'] && a['price'] === b['price']),
          );
          const known = new Set(there.map(({ id }) => id));
          expect(await table.missing(em, ids)).toEqual(expect.arrayContaining(ids.filter((id) => !known.has(id))));
          expect(await table.missing(em, ids)).toHaveLength(ids.filter((id) => !known.has(id)).length);

          // names of rows that have a sku are no key
          const renamed = there
            .filter(({ sku }) => sku !== null)
            .map((one): Row => ({ ...one, name: `New ${one['id']}` }));
          await table.update(em, renamed, ['name']);
          await table.deleteByPrimaryKey(em, ids);
          const left: Row[] = [...there.filter(({ sku }) => sku === null), ...renamed].filter(
            ({ id }) => !ids.includes(Number(id)),
          );
          expect(await stored(em, table)).toEqual(byId(left));
        }),
      ),
    );
  });
});

function unique(some: readonly Row[]): Row[] {
  return [...new Map(some.map((one) => [one['id'], one])).values()];
}
