/** A row that is read by itself is the row that statements over many rows read, and that MikroORM does. */
import { expect, test } from '@jest/globals';
import { type EntityName, types } from '@mikro-orm/core';
import { Embeddable, Embedded, Entity, PrimaryKey, Property } from '@mikro-orm/decorators/legacy';
import fc from 'fast-check';
import type { Row } from '../../src/database/columns.ts';
import { Database } from '../../src/database/database.ts';
import type { DatabaseDeclaration } from '../../src/database/declaration.ts';
import { RowReader } from '../../src/database/row-reader.ts';
import { InstantType } from '../../src/types.ts';
import { depth } from '../support/depth.ts';
import { forEachEngine, type Place } from '../support/engines.ts';
import { makeTables } from '../support/served.ts';

@Embeddable()
class Size {
  @Property({ type: 'integer', nullable: true })
  width!: number | null;

  @Property({ type: 'decimal', precision: 10, scale: 2, nullable: true })
  depth!: string | null;
}

@Entity({ tableName: 'parts' })
class Part {
  @PrimaryKey({ type: 'uuid' })
  id!: string;

  @Property({ type: 'text' })
  name!: string;

  @Property({ type: new types.bigint('bigint'), nullable: true })
  serial!: bigint | null;

  @Property({ type: 'json', nullable: true })
  notes!: unknown;

  @Property({ type: InstantType, nullable: true })
  madeAt!: string | null;

  @Property({ type: 'datetime', nullable: true })
  soldAt!: Date | null;

  @Property({ type: 'boolean' })
  isNew!: boolean;

  @Property({ type: 'double' })
  weight!: number;

  @Property({ type: 'string[]', nullable: true })
  tags!: string[] | null;

  @Embedded(() => Size)
  size!: Size;
}

/** The same key in the types that keys have. */
@Entity({ tableName: 'longs' })
class Long {
  @PrimaryKey({ type: new types.bigint('bigint'), autoincrement: false })
  id!: bigint;
}

@Entity({ tableName: 'words' })
class Word {
  @PrimaryKey({ type: 'text' })
  id!: string;
}

@Entity({ tableName: 'days' })
class Day {
  @PrimaryKey({ type: 'date' })
  day!: string;

  @PrimaryKey({ type: 'integer', autoincrement: false })
  number!: number;

  @PrimaryKey({ type: 'boolean' })
  isLate!: boolean;
}

const declaration: DatabaseDeclaration = {
  name: 'parts',
  entities: [
    { name: 'part', entity: Part },
    { name: 'long', entity: Long },
    { name: 'word', entity: Word },
    { name: 'day', entity: Day },
  ],
};

const text = fc.string({ unit: 'grapheme' }).filter((one) => !one.includes('\0') && one.isWellFormed());
const long = fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n });
const instant = fc.date({ min: new Date('1970-01-01'), max: new Date('2100-01-01'), noInvalidDate: true });

const part: fc.Arbitrary<Row> = fc.record({
  id: fc.uuid(),
  name: text,
  serial: fc.option(long),
  notes: fc.option(fc.constantFrom<unknown>({ a: [1, 'b', null] }, ['x'], 'text', 5, true)),
  madeAt: fc.option(instant.map((one) => one.toISOString())),
  soldAt: fc.option(instant),
  isNew: fc.boolean(),
  weight: fc.double({ noNaN: true, noDefaultInfinity: true }),
  tags: fc.option(fc.array(fc.constantFrom('a', 'b c', 'é'), { minLength: 1 })),
  size_width: fc.option(fc.integer({ min: 0, max: 1000 })),
  size_depth: fc.option(fc.constantFrom('0.50', '12.00')),
});

const keys: readonly (readonly [EntityName<object>, fc.Arbitrary<Row>])[] = [
  [Long, fc.record({ id: fc.oneof(long, fc.constantFrom(2n ** 53n, 2n ** 53n + 1n, 0n, -1n)) })],
  [Word, fc.record({ id: fc.oneof(text, fc.constantFrom('', '1', '1.0', 'A', 'a', 'null', '"')) })],
  [
    Day,
    fc.record({
      day: fc.constantFrom('2026-01-01', '0001-01-01', '9999-12-31'),
      number: fc.integer(),
      isLate: fc.boolean(),
    }),
  ],
];

async function open(place: Place): Promise<Database> {
  await makeTables(place, [declaration]);
  return Database.open(declaration, place.options(declaration.name));
}

forEachEngine((makePlace) => {
  test('every kind of column, as it stands in a row', async () => {
    const database = await open(await makePlace());
    const [bulk, reader] = [database.bulk(Part), new RowReader(database, Part)];
    try {
      await fc.assert(
        fc.asyncProperty(part, async (row) => {
          const em = database.fork();
          await bulk.insertFree(em, [row]);
          const read = await reader.read(row);
          expect(read).toEqual((await bulk.findByPrimaryKey(em, [row['id']]))[0]);
          const entity = (await em.findOne(Part, { id: String(row['id']) })) as Part;
          const { size: _, ...plain } = entity;
          expect(read).toMatchObject({ ...plain });
          await bulk.deleteByPrimaryKey(em, [row['id']]);
          expect(await reader.read(row)).toBeUndefined();
        }),
        { numRuns: depth(30, 300) },
      );
    } finally {
      await database.close();
    }
  });

  test('every kind of key finds its own row, and no other', async () => {
    const database = await open(await makePlace());
    try {
      for (const [entity, key] of keys) {
        const [bulk, reader] = [database.bulk(entity), new RowReader(database, entity)];
        await fc.assert(
          fc.asyncProperty(key, key, async (stored, asked) => {
            const em = database.fork();
            await bulk.insertFree(em, [stored]);
            for (const one of [stored, asked]) {
              expect(await reader.read(one)).toEqual((await bulk.findByPrimaryKey(em, [bulk.primaryKey.of(one)]))[0]);
            }
            expect(await reader.read(stored)).toEqual(stored);
            await bulk.deleteByPrimaryKey(em, [bulk.primaryKey.of(stored)]);
          }),
          { numRuns: depth(20, 200) },
        );
      }
    } finally {
      await database.close();
    }
  });

  test('what a transaction has not committed is not read', async () => {
    const database = await open(await makePlace());
    const [bulk, reader] = [database.bulk(Word), new RowReader(database, Word)];
    let reading: Promise<Row | undefined> | undefined;
    const work = database.transaction(async (em) => {
      await bulk.insert(em, [{ id: 'open' }]);
      reading = reader.read({ id: 'open' });
      throw new Error('undone');
    });
    await expect(work).rejects.toThrow('undone');
    expect(await reading).toBeUndefined();
    await database.close();
  });
});
