/** What is exported, `populate` loads back: every record is unchanged, and in an empty database the rows are the same. */
import { afterEach, expect, test } from '@jest/globals';
import { Type } from '@mikro-orm/core';
import { Entity, PrimaryKey, Property } from '@mikro-orm/decorators/legacy';
import fc from 'fast-check';
import { Database } from '../../../src/database/database.ts';
import { tablesOf } from '../../../src/database/table.ts';
import { fileSource } from '../../../src/populate/read/file.ts';
import { digestOf } from '../../../src/transfer/digest.ts';
import { exportTables } from '../../../src/transfer/export/export.ts';
import type { Format } from '../../../src/transfer/export/formats.ts';
import { storedTable } from '../../../src/transfer/stored-tables.ts';
import { countsOf } from '../../support/databases.ts';
import { forEachEngine, type Place } from '../../support/engines.ts';
import { makeFolder, writeIn } from '../../support/folder.ts';
import { type OwnEntity, ownEntity } from '../../support/own-entity.ts';

/** An object on the entity, and a whole number in its column. */
class MoneyType extends Type<{ cents: number } | null, number | null> {
  override convertToDatabaseValue(value: { cents: number } | null): number | null {
    return typeof value === 'object' ? (value?.cents ?? null) : value;
  }

  override convertToJSValue(value: number | null): { cents: number } | null {
    return value === null ? null : { cents: Number(value) };
  }

  override getColumnType(): string {
    return 'integer';
  }
}

@Entity({ tableName: 'samples' })
class Sample {
  @PrimaryKey({ type: 'text' })
  key!: string;

  @Property({ type: 'integer' })
  whole!: number;

  @Property({ type: 'bigint' })
  wide!: bigint;

  @Property({ type: 'decimal', precision: 12, scale: 3 })
  decimal!: string;

  @Property({ type: 'double', nullable: true })
  float: number | null = null;

  @Property({ type: 'boolean' })
  truth!: boolean;

  @Property({ type: 'date', nullable: true })
  day: string | null = null;

  @Property({ type: 'datetime', length: 3, nullable: true })
  instant: Date | null = null;

  @Property({ type: 'time', nullable: true })
  time: string | null = null;

  @Property({ type: 'uuid', nullable: true })
  uuid: string | null = null;

  @Property({ type: 'text', nullable: true })
  text: string | null = null;

  @Property({ type: 'json', nullable: true })
  json: unknown = null;

  @Property({ type: 'blob', nullable: true })
  bytes: Buffer | null = null;

  @Property({ type: 'array', nullable: true })
  list: string[] | null = null;

  @Property({ type: MoneyType, nullable: true })
  money: { cents: number } | null = null;

  @Property({ type: 'integer', version: true })
  version!: number;
}

const text = fc
  .string({ unit: 'grapheme', minLength: 1 })
  .filter((value) => value.trim() === value && value !== '' && !value.includes('\0') && value.isWellFormed());
const orNull = <T>(arbitrary: fc.Arbitrary<T>) => fc.option(arbitrary, { nil: null });
const instants = fc.date({ min: new Date('1970-01-01'), max: new Date('2200-01-01'), noInvalidDate: true });

const record = fc.record({
  key: text,
  whole: fc.integer(),
  wide: fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }).map(String),
  decimal: fc
    .tuple(fc.integer({ min: -99_999, max: 99_999 }), fc.nat(999))
    .map(([a, b]) => `${a}.${String(b).padStart(3, '0')}`),
  float: orNull(fc.double({ noNaN: true, noDefaultInfinity: true })),
  truth: fc.boolean(),
  day: orNull(instants.map((date) => date.toISOString().slice(0, 10))),
  instant: orNull(instants.map((date) => date.toISOString())),
  time: orNull(instants.map((date) => date.toISOString().slice(11, 19))),
  uuid: orNull(fc.uuid()),
  json: orNull(fc.object({ withNullPrototype: false, values: [fc.integer(), fc.boolean(), text, fc.constant(null)] })),
  money: orNull(fc.nat()),
  bytes: orNull(fc.uint8Array({ minLength: 1 }).map((bytes) => Buffer.from(bytes).toString('base64'))),
  text: orNull(fc.oneof(text, fc.constantFrom('a,b', '"', 'null', '1e3', '=1+1', 'a\r\nb', '\ufeffx', '007'))),
});

const records = fc.uniqueArray(record, { selector: ({ key }) => key, minLength: 1, maxLength: 12 });

const opened: Database[] = [];

afterEach(async () => {
  await Promise.all(opened.splice(0).map((database) => database.close()));
});

async function openOwn({ declaration, options }: OwnEntity): Promise<Database> {
  const database = await Database.open(declaration, options);
  opened.push(database);
  return database;
}

async function contentOf(database: Database, format: Format): Promise<string> {
  let content = '';
  await exportTables(database, tablesOf(database), {
    format,
    open: (_, work) =>
      work(async (piece) => {
        content += String(piece);
      }),
  });
  return content;
}

async function sampleDigest(database: Database): Promise<unknown> {
  return digestOf(database.fork(), database, storedTable(database, database.metadataOf(Sample)));
}

forEachEngine((makePlace) => {
  const samples = async (place?: Place) => ownEntity(place ?? (await makePlace()), { name: 'samples', entity: Sample });

  test.each(['csv', 'ndjson'] as const)('%s: every record is unchanged', async (format) => {
    const source = await samples();
    await source.load([]);
    const database = await openOwn(source);
    await fc.assert(
      fc.asyncProperty(records, async (given) => {
        await source.place.execute('samples', 'delete from samples');
        await source.load(given);
        const file = writeIn(makeFolder(), `samples.${format}`, await contentOf(database, format));
        const again = await source.load([], { sources: { samples: fileSource(file) } });
        const changed = again.databases['samples']?.details?.filter(({ outcome }) => outcome !== 'unchanged');
        expect({ ...countsOf(again)['samples'], changed }).toMatchObject({ unchanged: given.length, changed: [] });
      }),
      { numRuns: 15 },
    );
  });

  test.each(['csv', 'ndjson'] as const)('%s: in an empty database, the rows are the same', async (format) => {
    const source = await samples();
    await source.load(fc.sample(records, { numRuns: 1, seed: 7 })[0] ?? []);
    const file = writeIn(makeFolder(), `samples.${format}`, await contentOf(await openOwn(source), format));
    const target = await samples();
    await target.load([], { sources: { samples: fileSource(file) } });
    const digest = await sampleDigest(await openOwn(target));
    expect(digest).toEqual(await sampleDigest(await openOwn(source)));
    expect(digest).toMatchObject({ rows: expect.any(Number) });
  });
});
