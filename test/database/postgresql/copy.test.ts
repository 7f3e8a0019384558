/** Many rows go to PostgreSQL by `copy`, and only into tables that take them as they would take an insert. */
import '../../support/faults/server-statements.ts';
import { afterEach, expect, test } from '@jest/globals';
import { defineEntity, type EntityName, p } from '@mikro-orm/core';
import fc from 'fast-check';
import type { BulkTable } from '../../../src/database/bulk.ts';
import type { Row } from '../../../src/database/columns.ts';
import { Database, type EntityManager } from '../../../src/database/database.ts';
import { withOneEntity } from '../../../src/database/declaration.ts';
import { describeWithPostgresql, makePostgresqlPlace } from '../../support/engines.ts';
import { watchStatements } from '../../support/faults/statements.ts';
import { makeFolder } from '../../support/folder.ts';
import { onlyTable } from '../../support/only-table.ts';

const Part = defineEntity({
  name: 'Part',
  properties: {
    id: p.bigint('number').primary().autoincrement(false),
    label: p.text().nullable(),
    code: p.string().length(5).nullable(),
    price: p.decimal('string').precision(10).scale(2).nullable(),
    weight: p.double().nullable(),
    isSold: p.boolean().nullable(),
    madeAt: p.datetime(3).nullable(),
    picture: p.blob().nullable(),
    names: p.array().nullable(),
    notes: p.json().nullable(),
    state: p.text().default('new'),
  },
}) as never as EntityName<object>;

const declaration = withOneEntity({ name: 'parts', entity: Part as never, orm: {} } as never);

/** More than `copy` needs to be used. */
const MANY = 150;

const text = fc
  .oneof(fc.constantFrom('', 'null', '\\N', '\\.', '\\', '\t', '\n', '\r\n', '"', '{}', ',', 'é', '🎁'), fc.string())
  .filter((one) => !one.includes('\0') && one.isWellFormed());

const row: fc.Arbitrary<Row> = fc.record({
  label: fc.option(text),
  code: fc.constantFrom('a', 'abcde', ' \t ', null),
  price: fc.constantFrom('0.01', '-12345678.90', '1.005', null),
  weight: fc.option(fc.double({ noNaN: true, noDefaultInfinity: true })),
  isSold: fc.option(fc.boolean()),
  madeAt: fc.option(fc.date({ min: new Date('1970-01-01'), max: new Date('9999-12-31'), noInvalidDate: true })),
  picture: fc.option(fc.uint8Array({ maxLength: 4 }).map((bytes) => Buffer.from(bytes))),
  names: fc.option(fc.array(text, { maxLength: 3 })),
  notes: fc.option(fc.record({ text })),
});
/** All of one state, or of the default one: rows without a value that has a default are written apart from the others. */
const rows = fc
  .tuple(fc.constantFrom('old', undefined), fc.array(row, { minLength: MANY, maxLength: MANY }))
  .map(([state, some]) => some.map((one, index): Row => ({ id: index + 1, ...one, state })));

const cleanUp: (() => Promise<void>)[] = [];

afterEach(async () => {
  for (const clean of cleanUp.splice(0)) {
    await clean();
  }
});

async function open(): Promise<Database> {
  const place = await makePostgresqlPlace();
  const database = await Database.open(declaration, {
    ...place.options('parts'),
    migrationsDirectory: makeFolder(),
  });
  cleanUp.push(() => database.close());
  await database.fork().execute(await database.orm.schema.getCreateSchemaSQL({ wrap: false }));
  return database;
}

/** Leaves no rows behind. */
async function trial<T>(database: Database, work: (em: EntityManager, table: BulkTable) => Promise<T>): Promise<T> {
  const em = database.fork();
  await em.begin();
  try {
    return await work(em, onlyTable(database).bulk());
  } finally {
    await em.rollback();
  }
}

const stored = (em: EntityManager): Promise<unknown> => em.execute('select part::text as text from part order by id');

/** The first words of the statements that write rows. */
async function verbsOf(work: () => Promise<unknown>): Promise<string[]> {
  const statements: string[] = [];
  await watchStatements({ before: (_, sql) => statements.push(sql) }, async () => {
    await work();
  });
  return statements.flatMap((sql) => /^(copy|insert)/.exec(sql)?.[0] ?? []);
}

const plain = Array.from({ length: MANY }, (_, index): Row => ({ id: index + 1, label: `Part ${index + 1}` }));

describeWithPostgresql('PostgreSQL', () => {
  test('the rows are those of an insert', async () => {
    const database = await open();
    await fc.assert(
      fc.asyncProperty(rows, async (given) => {
        const one = await trial(database, async (em, table) => {
          expect(await verbsOf(() => table.insert(em, given))).toEqual(['copy']);
          return stored(em);
        });
        const other = await trial(database, async (em, table) => {
          for (let from = 0; from < MANY; from += 50) {
            expect(await table.insert(em, given.slice(from, from + 50))).toBe(50);
          }
          return stored(em);
        });
        expect(one).toEqual(other);
      }),
      { numRuns: 20 },
    );
  });

  test('many rows are copied, few are inserted, and a taken key is found in either', async () => {
    const database = await open();
    await trial(database, async (em, table) => {
      expect(await verbsOf(() => table.insert(em, plain))).toEqual(['copy']);
      await em.execute('savepoint again');
      const more = { id: MANY + 1 };
      expect(
        await table.insertAll(em, [...plain.slice(1).map(({ id }) => ({ id: Number(id) + MANY })), more, more]),
      ).toBe(false);
      await em.execute('rollback to savepoint again');
      expect(await verbsOf(() => table.insertAll(em, [more]))).toEqual(['insert']);
      expect(await stored(em)).toHaveLength(MANY + 1);
    });
  });

  test('a statement that the server refuses leaves the connection usable', async () => {
    const database = await open();
    await trial(database, async (em, table) => {
      await table.insert(em, plain);
      await em.execute('savepoint attempt');
      await em.execute('drop table part');
      await expect(table.insert(em, plain)).rejects.toThrow('"part" does not exist');
      await em.execute('rollback to savepoint attempt');
      expect(await stored(em)).toHaveLength(MANY);
    });
  });

  test('one statement sets a savepoint, copies rows and releases it', async () => {
    const database = await open();
    const other = plain.map((one) => ({ ...one, id: Number(one['id']) + MANY }));
    await trial(database, async (em, table) => {
      // the first one of a transaction looks at the table
      expect(await table.insertInSavepoint(em, plain, 'attempt')).toBe(true);
      const statements: string[] = [];
      await watchStatements({ before: (_, sql) => statements.push(sql) }, async () => {
        expect(await table.insertInSavepoint(em, other, 'attempt')).toBe(true);
      });
      expect(statements).toEqual([
        expect.stringMatching(/^savepoint attempt; copy .* from stdin; release savepoint attempt$/),
      ]);
      await expect(table.insertInSavepoint(em, [{ id: -1 }, ...plain], 'attempt')).rejects.toThrow('part_pkey');
      await em.execute('rollback to savepoint attempt');
      expect(await stored(em)).toHaveLength(MANY * 2);
    });
  });

  test('each copy takes 250 rows, and one that refuses a row undoes those before it', async () => {
    const database = await open();
    const more = Array.from({ length: 600 }, (_, index): Row => ({ id: index + 1, label: `Part ${index + 1}` }));
    const refused = more.map(({ id, label }, index) => ({ id: index === 300 ? 1 : Number(id) + more.length, label }));
    const labels = (em: EntityManager) => em.execute('select label from part order by id');
    await trial(database, async (em, table) => {
      const statements: string[] = [];
      await watchStatements({ before: (_, sql) => statements.push(sql) }, async () => {
        expect(await table.insert(em, more)).toBe(more.length);
      });
      expect(statements.flatMap((sql) => sql.match(/copy .*? from stdin/g)?.length ?? [])).toEqual([3]);
      expect(await labels(em)).toEqual(more.map(({ label }) => ({ label })));
      await expect(table.insertInSavepoint(em, refused, 'attempt')).rejects.toThrow('part_pkey');
      await em.execute('rollback to savepoint attempt');
      expect(await labels(em)).toHaveLength(more.length);
      expect(await table.insert(em, refused.slice(301))).toBe(299);
    });
  });

  test('no row is copied in that way where one may be skipped, or some have a default', async () => {
    const database = await open();
    await trial(database, async (em, table) => {
      const mixed = plain.map((one, index) => (index === 0 ? { ...one, state: 'old' } : one));
      expect(await table.insertInSavepoint(em, mixed, 'attempt')).toBe(false);
      expect(await table.insertInSavepoint(em, plain.slice(0, 10), 'attempt')).toBe(false);
      expect(await stored(em)).toEqual([]);
    });
    await database.fork().execute(
      `create function keep() returns trigger language plpgsql as 'begin return new; end';
       create trigger keep before insert on part for each row execute function keep()`,
    );
    await trial(database, async (em, table) => {
      expect(await table.insertInSavepoint(em, plain, 'attempt')).toBe(false);
      expect(await stored(em)).toEqual([]);
    });
  });

  test.each([
    ['a rule', 'create rule fewer as on insert to part where new.id > 100 do instead nothing', 100],
    ['a column of another type', 'alter table part alter column weight type integer', MANY],
  ])('a table with %s gets an insert', async (_, change, expected) => {
    const database = await open();
    await database.fork().execute(change);
    await trial(database, async (em, table) => {
      const given = plain.map((one) => ({ ...one, weight: 1.5 }));
      expect(await verbsOf(() => table.insert(em, given))).toEqual(['insert']);
      expect(await stored(em)).toHaveLength(expected);
    });
  });

  test('rows that a trigger skips are not counted', async () => {
    const database = await open();
    await database.fork().execute(
      `create function skip() returns trigger language plpgsql as 'begin return null; end';
       create trigger skip before insert on part for each row when (new.id > 140) execute function skip()`,
    );
    await trial(database, async (em, table) => {
      let count = 0;
      expect(
        await verbsOf(async () => {
          count = await table.insert(em, plain);
        }),
      ).toEqual(['copy']);
      expect(count).toBe(140);
    });
  });
});
