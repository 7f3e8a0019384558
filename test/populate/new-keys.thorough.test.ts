/** Records without a primary key: their rows are found by natural keys, and new rows are given keys. */
import { randomUUID } from 'node:crypto';
import { expect, test } from '@jest/globals';
import { Entity, PrimaryKey, Property } from '@mikro-orm/decorators/legacy';
import { IsEmail, IsInt, IsNotEmpty, IsUUID } from 'class-validator';
import type { DatabaseOptions } from '../../src/database/database.ts';
import { fileSource } from '../../src/populate/read/file.ts';
import type { PopulateReport } from '../../src/populate/report.ts';
import { catalog } from '../../src/shop/catalog.ts';
import { countsOf } from '../support/databases.ts';
import {
  describeWithPostgresql,
  forEachEngine,
  forEachEngineMigrated,
  makePostgresqlPlace,
  type Place,
} from '../support/engines.ts';
import { writeIn } from '../support/folder.ts';
import { ownEntity } from '../support/own-entity.ts';
import { sourceOf } from '../support/sources.ts';

@Entity()
class Customer {
  @PrimaryKey({ type: 'integer' })
  @IsInt()
  id!: number;

  @Property({ type: 'text', unique: true })
  @IsEmail()
  email!: string;

  @Property({ type: 'text' })
  @IsNotEmpty()
  name!: string;

  @Property({ type: 'text', nullable: true, unique: true })
  phone: string | null = null;
}

@Entity()
class Token {
  @PrimaryKey({ type: 'uuid' })
  @IsUUID()
  id: string = randomUUID();

  @Property({ type: 'text', unique: true })
  code!: string;

  @Property({ type: 'text', nullable: true })
  note: string | null = null;
}

@Entity()
class Ticket {
  @PrimaryKey({ type: 'bigint', onCreate: () => BigInt(Date.now()) * 1000n + BigInt(count++) })
  id!: bigint;

  @Property({ type: 'text', unique: true })
  code!: string;
}

let count = 0;

const customer = (name: string, more: object = {}) => ({ email: `${name.toLowerCase()}@example.com`, name, ...more });

const stored = async (place: Place) =>
  (await place.execute('customers', 'select id, name from customer order by id')).map(({ id, name }) => [id, name]);

function messagesOf({ databases }: PopulateReport): readonly string[] {
  const [report] = Object.values(databases);
  expect(report?.failure).toBeUndefined();
  return (report?.details ?? []).map(({ id, outcome, errors }) =>
    [id ?? '-', outcome, ...errors.map(({ property, code, message }) => `${property} ${code}: ${message}`)].join(' '),
  );
}

forEachEngine((makePlace, engine) => {
  const customers = async () => ownEntity(await makePlace(), { name: 'customers', entity: Customer });

  test('new rows get the next keys, and rows that are there are found by their natural key', async () => {
    const { load, place } = await customers();
    expect(messagesOf(await load([customer('Ada'), customer('Bob')]))).toEqual(['1 inserted', '2 inserted']);
    const again = [customer('Ada'), { ...customer('Bob'), name: 'Robert' }, customer('Cid')];
    expect(messagesOf(await load(again))).toEqual([
      '1 unchanged',
      '2 rejected email conflict: Customer 2 already exists with another name',
      '3 inserted',
    ]);
    expect(messagesOf(await load(again, { onConflict: 'update' }))).toEqual([
      '1 unchanged',
      '2 updated',
      '3 unchanged',
    ]);
    expect(await stored(place)).toEqual([
      [1, 'Ada'],
      [2, 'Robert'],
      [3, 'Cid'],
    ]);
    await place.execute('customers', `insert into customer (email, name) values ('d@example.com', 'Dan')`);
    expect((await stored(place)).at(-1)).toEqual([4, 'Dan']);
  });

  test.each([1, 1000])('the second record of a natural key is a duplicate (batches of %d)', async (batchRecords) => {
    const { load } = await customers();
    const records = [
      customer('Ada'),
      { ...customer('Ada'), name: 'Other' },
      customer('Bob', { phone: '1' }),
      customer('Cid', { phone: '1' }),
      { name: 'Nobody', email: '' },
      { ...customer('Dan'), name: '' },
      customer('Dan'),
    ];
    expect(messagesOf(await load(records, { batchRecords }))).toEqual([
      '1 inserted',
      '1 rejected email duplicate: Email ada@example.com occurs earlier in this source',
      '2 inserted',
      '2 rejected phone duplicate: Phone 1 occurs earlier in this source',
      expect.stringMatching(/^- rejected email/),
      '- rejected name isNotEmpty: name cannot be empty',
      '3 inserted',
    ]);
  });

  test('keys that records bring are not given to others', async () => {
    const { load, place } = await customers();
    const report = await load([
      customer('Ada', { id: 1 }),
      customer('Bob'),
      customer('Cid', { id: 3 }),
      customer('Dan'),
    ]);
    expect(countsOf(report)['customers']).toMatchObject({ inserted: 4, rejected: 0 });
    expect(new Set((await stored(place)).map(([id]) => id)).size).toBe(4);
    expect(countsOf(await load([customer('Eve'), customer('Bob')]))['customers']).toMatchObject({
      inserted: 1,
      unchanged: 1,
    });
  });

  test('a row that gives up its natural key leaves it to a new one', async () => {
    const { load, place } = await customers();
    await load([customer('Ada', { id: 1 })]);
    const records = [customer('Ada', { id: 1, email: 'new@example.com' }), { ...customer('Ada'), name: 'Second' }];
    expect(messagesOf(await load(records, { onConflict: 'update' }))).toEqual(['1 updated', '2 inserted']);
    expect(await stored(place)).toEqual([
      [1, 'Ada'],
      [2, 'Second'],
    ]);
  });

  test('a file needs no column for the key', async () => {
    const { load, place } = await customers();
    const file = writeIn(place.folder, 'customers.csv', 'email,name\na@example.com,Ada\nb@example.com,\n');
    const sources = () => ({ sources: { customers: fileSource(file) } });
    expect(messagesOf(await load([], sources()))).toEqual([
      '1 inserted',
      '- rejected name isNotEmpty: name cannot be empty',
    ]);
    expect(messagesOf(await load([], sources()))[0]).toBe('1 unchanged');
  });

  test('an interrupted load is continued', async () => {
    const { load, place } = await customers();
    const names = ['Ada', 'Bob', 'Ada', 'Cid', 'Dan', 'Eve'];
    const lines = names.map((name) => `${name.toLowerCase()}@example.com,${name}\n`);
    const file = writeIn(place.folder, 'customers.csv', `email,name\n${lines.join('')}`);
    const stopped = new AbortController();
    const interrupted = await load([], {
      sources: { customers: fileSource(file) },
      batchRecords: 2,
      signal: stopped.signal,
      listener: { progressed: () => stopped.abort() },
    });
    expect(interrupted).toMatchObject({ interrupted: true, databases: { customers: { inserted: 2 } } });
    const report = await load([], { sources: { customers: fileSource(file) }, batchRecords: 2 });
    expect(countsOf(report)['customers']).toMatchObject({ read: 6, inserted: 5, unchanged: 0, rejected: 1 });
    expect(await stored(place)).toEqual([
      [1, 'Ada'],
      [2, 'Bob'],
      [3, 'Cid'],
      [4, 'Dan'],
      [5, 'Eve'],
    ]);
  });

  test('a dry run takes no keys', async () => {
    const { load } = await customers();
    await load([customer('Ada')]);
    expect(messagesOf(await load([customer('Bob'), customer('Cid')], { dryRun: true }))).toEqual([
      '2 inserted',
      '3 inserted',
    ]);
    expect(messagesOf(await load([customer('Dan')]))).toEqual(['2 inserted']);
  });

  test('an entity may give its keys itself', async () => {
    const { load, place } = await ownEntity(await makePlace(), { name: 'tokens', entity: Token });
    const first = await load([{ code: 'a' }, { code: 'b' }, { code: 'a', note: 'again' }]);
    expect(countsOf(first)['tokens']).toMatchObject({ inserted: 2, rejected: 1 });
    const ids = (await place.execute('tokens', 'select id from token order by code')).map(({ id }) => id);
    expect(new Set(ids).size).toBe(2);
    const second = await load([{ code: 'b', note: 'new' }, { code: 'c' }, { code: 'a' }], { onConflict: 'update' });
    expect(countsOf(second)['tokens']).toMatchObject({ inserted: 1, updated: 1, unchanged: 1 });
    expect((await place.execute('tokens', 'select id from token order by code')).map(({ id }) => id)).toEqual([
      ...ids,
      expect.any(String),
    ]);
  });

  test('or leave it to the default of the column', async () => {
    const expression = { sqlite: '(lower(hex(randomblob(16))))', postgresql: 'md5(random()::text)' };
    @Entity()
    class Coupon {
      @PrimaryKey({ type: 'text', defaultRaw: expression[engine] })
      id!: string;

      @Property({ type: 'text', unique: true })
      code!: string;
    }
    const { load, place } = await ownEntity(await makePlace(), { name: 'coupons', entity: Coupon });
    expect(countsOf(await load([{ code: 'a' }, { code: 'b' }]))['coupons']).toMatchObject({ inserted: 2 });
    expect(countsOf(await load([{ code: 'b' }, { code: 'c' }]))['coupons']).toMatchObject({
      inserted: 1,
      unchanged: 1,
    });
    const ids = (await place.rowsOf('coupon', 'coupons')).map((row) => (row as { id: string }).id);
    expect(new Set(ids.filter((id) => /^[0-9a-f]{32}$/.test(id))).size).toBe(3);
  });

  test('or do so when it is created', async () => {
    const { load } = await ownEntity(await makePlace(), { name: 'tickets', entity: Ticket });
    expect(countsOf(await load([{ code: 'a' }, { code: 'b' }]))['tickets']).toMatchObject({ inserted: 2 });
    expect(countsOf(await load([{ code: 'b' }, { code: 'a' }]))['tickets']).toMatchObject({ unchanged: 2 });
  });

  test('without a natural key, each record needs its key', async () => {
    @Entity()
    class Plain {
      @PrimaryKey({ type: 'integer' })
      id!: number;

      @Property({ type: 'text' })
      name!: string;
    }
    const { load, place } = await ownEntity(await makePlace(), { name: 'plain', entity: Plain });
    const file = writeIn(place.folder, 'plain.csv', 'name\nAda\n');
    await expect(load([], { sources: { plain: fileSource(file) } })).rejects.toThrow(
      `${file}: no column for id. Columns found: name. A row without a key is found by a natural key: declare naturalKeys of Plain, or add the column.`,
    );
    expect(messagesOf(await load([{ name: 'Ada' }]))).toEqual(['- rejected id parse: id cannot be empty']);
  });
});

forEachEngineMigrated('catalog', (makePlace) => {
  test('a record whose reference does not exist is reverted', async () => {
    @Entity()
    class Visit {
      @PrimaryKey({ type: 'integer' })
      id!: number;

      @Property({ type: 'text', unique: true })
      code!: string;

      @Property({ type: 'integer' })
      userId!: number;
    }
    const references = { userId: { database: 'users', entity: 'user' } };
    const place = await makePlace();
    const { declaration, options, load } = await ownEntity(place, { name: 'visits', entity: Visit, references });
    const databaseOptions = (name: string): DatabaseOptions => (name === 'visits' ? options : place.options(name));
    const user = { id: 1, name: 'Ada', email: 'ada@example.com' };
    const visits = [
      { code: 'a', userId: 9 },
      { code: 'b', userId: 1 },
      { code: 'c', userId: 9 },
    ];
    const report = await load([], {
      catalog: [...catalog, declaration],
      databaseOptions,
      sources: { users: sourceOf([user]), visits: sourceOf(visits) },
      batchRecords: 2,
    });
    expect(countsOf(report)['visits']).toMatchObject({ inserted: 1, rejected: 2 });
    expect(await place.rowsOf('visit', 'visits')).toEqual([{ id: 2, code: 'b', user_id: 1 }]);
  });
});

describeWithPostgresql('PostgreSQL', () => {
  @Entity()
  class Member {
    @PrimaryKey({ type: 'bigint', generated: 'identity', autoincrement: false })
    id!: bigint;

    @Property({ type: 'text', unique: true })
    code!: string;

    @Property({ type: 'integer', nullable: true })
    points: number | null = null;
  }

  test('keys that the database always generates are drawn from its sequence', async () => {
    const { load, place } = await ownEntity(await makePostgresqlPlace(), { name: 'members', entity: Member });
    expect(countsOf(await load([{ code: 'a' }, { code: 'b', points: 1 }]))['members']).toMatchObject({ inserted: 2 });
    const second = await load([{ code: 'b', points: 2 }, { code: 'c' }, { code: 'a' }], { onConflict: 'update' });
    expect(countsOf(second)['members']).toMatchObject({ inserted: 1, updated: 1, unchanged: 1, rejected: 0 });
    expect(await place.rowsOf('member', 'members')).toEqual([
      { id: 1, code: 'a', points: null },
      { id: 2, code: 'b', points: 2 },
      { id: 3, code: 'c', points: null },
    ]);
    const other = await place.execute('members', `insert into member (code) values ('d') returning id`);
    expect(other).toEqual([{ id: 4 }]);
  });

  test('keys come from the default of the column, and from a sequence of any name', async () => {
    @Entity()
    class Key {
      @PrimaryKey({ type: 'uuid', defaultRaw: 'gen_random_uuid()' })
      id!: string;

      @Property({ type: 'text', unique: true })
      code!: string;
    }
    const keys = await ownEntity(await makePostgresqlPlace(), { name: 'keys', entity: Key });
    expect(countsOf(await keys.load([{ code: 'a' }, { code: 'b' }]))['keys']).toMatchObject({ inserted: 2 });
    expect(countsOf(await keys.load([{ code: 'b' }, { code: 'c' }]))['keys']).toMatchObject({
      inserted: 1,
      unchanged: 1,
    });
    const { load } = await ownEntity(
      await makePostgresqlPlace(),
      { name: 'customers', entity: Customer },
      {
        after: [
          'create sequence numbers start 500',
          `alter table customer alter column id set default nextval('numbers')`,
          'drop sequence customer_id_seq cascade',
          `alter table customer alter column id set default nextval('numbers')`,
        ],
      },
    );
    expect(messagesOf(await load([customer('Ada')]))).toEqual(['500 inserted']);
  });
});
