/** Every row is read once and as it is stored, or the row that cannot be is named. */
import { afterEach, expect, test } from '@jest/globals';
import { Entity, PrimaryKey, Property } from '@mikro-orm/decorators/legacy';
import { Database } from '../../src/database/database.ts';
import { tablesOf } from '../../src/database/table.ts';
import { fileSource } from '../../src/populate/read/file.ts';
import { exportTables } from '../../src/transfer/export/export.ts';
import type { Format } from '../../src/transfer/export/formats.ts';
import { pagesOf, storedTable } from '../../src/transfer/stored-tables.ts';
import { countsOf } from '../support/databases.ts';
import { forEachEngineThoroughly } from '../support/engines.ts';
import { makeFolder, writeIn } from '../support/folder.ts';
import { type OwnEntity, ownEntity } from '../support/own-entity.ts';

@Entity({ tableName: 'meters' })
class Meter {
  @PrimaryKey({ type: 'bigint', autoincrement: false })
  id!: bigint;

  @PrimaryKey({ type: 'datetime', length: 6 })
  at!: Date;

  @Property({ type: 'integer', nullable: true })
  count: number | null = null;

  @Property({ type: 'double', nullable: true })
  level: number | null = null;

  @Property({ type: 'date', nullable: true })
  day: string | null = null;

  @Property({ type: 'json', nullable: true })
  notes: unknown = null;

  @Property({ type: 'blob', nullable: true })
  bytes: Buffer | null = null;
}

const AT = '2026-01-02T03:04:05.678Z';

const opened: Database[] = [];

afterEach(async () => {
  await Promise.all(opened.splice(0).map((database) => database.close()));
});

async function openOwn({ declaration, options }: OwnEntity): Promise<Database> {
  const database = await Database.open(declaration, options);
  opened.push(database);
  return database;
}

async function exported(database: Database, format: Format) {
  const pieces: Uint8Array[] = [];
  const tables = await exportTables(database, tablesOf(database), {
    format,
    open: (_, work) =>
      work(async (piece) => {
        pieces.push(Buffer.from(piece));
      }),
  });
  return { content: Buffer.concat(pieces), ...tables['meters'] };
}

forEachEngineThoroughly((makePlace, engine) => {
  async function meters(records: readonly unknown[]) {
    const own = await ownEntity(await makePlace(), { name: 'meters', entity: Meter });
    expect(countsOf(await own.load(records))['meters']).toMatchObject({ inserted: records.length });
    return { own, database: await openOwn(own), run: (sql: string) => own.place.execute('meters', sql) };
  }

  const read = async (database: Database, pageRows: number) => {
    const ids: unknown[] = [];
    const table = storedTable(database, database.metadataOf(Meter));
    for await (const { rows } of pagesOf(database.fork(), database, table, { pageRows })) {
      ids.push(...rows.map((row) => row['id']));
    }
    return ids;
  };

  test('pages go by a key of 64 bits as a number, and reach every row once', async () => {
    const ids = [-12n, -2n, 1n, 2n, 9n, 10n, 11n, 100n, 9_007_199_254_740_993n, 9_223_372_036_854_775_807n];
    const { database } = await meters(ids.map((id) => ({ id: String(id), at: AT })));
    expect(await read(database, 3)).toEqual(ids);
    expect(await read(database, 100)).toEqual(ids);
  });

  test('values that JSON and texts could be mistaken for come back as they were', async () => {
    const notes = ['text', '{}', '1', 'null', 1.5, [], { a: [1, '1'] }, true];
    const records = notes.map((note, id) => ({ id, at: AT, notes: JSON.stringify(note), bytes: 'AP8=' }));
    const { own, database } = await meters(records);
    for (const format of ['csv', 'ndjson', 'parquet'] as const) {
      const { content, trimmed } = await exported(database, format);
      expect(trimmed).toEqual([]);
      const sources = { meters: fileSource(writeIn(makeFolder(), `meters.${format}`, content)) };
      expect(countsOf(await own.load([], { sources }))['meters']).toMatchObject({ unchanged: records.length });
    }
  });

  test('bytes that populate would take for none are named', async () => {
    const { database, run } = await meters([{ id: 1, at: AT, bytes: 'AP8=' }]);
    await run(`update meters set bytes = ${engine === 'sqlite' ? "x''" : "''::bytea"}`);
    expect(await exported(database, 'ndjson')).toMatchObject({ trimmed: ['bytes'], cut: [] });
  });

  test.each([
    ['count', '9007199254740993', 'count is a whole number beyond 9007199254740991, which a property'],
    ['notes', `'{"a": [12345678901234567890]}'`, 'notes holds a number that JavaScript cannot hold exactly'],
  ])('a row whose %s would be rounded is named', async (column, value, sentence) => {
    const { database, run } = await meters([{ id: 7, at: AT }]);
    await run(`update meters set ${column} = ${value}`);
    for (const format of ['csv', 'ndjson', 'parquet'] as const) {
      await expect(exported(database, format)).rejects.toThrow(
        `meters: rows of meters hold values that would be changed: id 7, at ${AT}: ${sentence}`,
      );
    }
  });

  if (engine === 'postgresql') {
    test.each([
      ['day', `'infinity'`, 'day is not a date in the years 1 to 9999'],
      ['day', `'0044-03-15 BC'`, 'day is not a date in the years 1 to 9999'],
      ['day', `'12026-03-15'`, 'day is not a date in the years 1 to 9999'],
      ['at', `'infinity'`, 'at is a time that JavaScript cannot represent'],
    ])('a row whose %s is %s is named', async (column, value, sentence) => {
      const { database, run } = await meters([{ id: 7, at: AT }]);
      await run(`update meters set ${column} = ${value}`);
      await expect(exported(database, 'csv')).rejects.toThrow(sentence);
    });

    test('times with microseconds are cut, which is said, and a key of them is passed once', async () => {
      const { database, run } = await meters([1, 2, 3].map((id) => ({ id, at: AT })));
      await run(`update meters set id = 1, at = at + id * interval '1 microsecond'`);
      expect(await read(database, 1)).toEqual([1n, 1n, 1n]);
      expect(await exported(database, 'csv')).toMatchObject({ rows: 3, cut: ['at'] });
    });

    test('an infinity is no null', async () => {
      const { database, run } = await meters([{ id: 7, at: AT, level: 1.5 }]);
      await run(`update meters set level = '-infinity'`);
      expect(JSON.parse((await exported(database, 'ndjson')).content.toString())).toMatchObject({ level: '-Infinity' });
      await exported(database, 'parquet');
    });
  }
});
