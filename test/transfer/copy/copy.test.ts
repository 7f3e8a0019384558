/** Copies between engines: relations, values of all kinds, and rows that the other engine cannot hold. */
import { afterEach, expect, test } from '@jest/globals';
import { Entity, ManyToOne, PrimaryKey, Property, Unique } from '@mikro-orm/decorators/legacy';
import { Database } from '../../../src/database/database.ts';
import type { DatabaseDeclaration } from '../../../src/database/declaration.ts';
import { copyDatabase } from '../../../src/transfer/copy/copy.ts';
import { makerOf } from '../../../src/transfer/copy/prepare-target.ts';
import { describeWithPostgresql, makePostgresqlPlace, type Place, sqlitePlace } from '../../support/engines.ts';
import { makeFolder } from '../../support/folder.ts';

@Entity({ tableName: 'teams' })
class Team {
  @PrimaryKey({ type: 'integer', autoincrement: true })
  id!: number;

  @Property({ type: 'text' })
  @Unique()
  name!: string;

  @ManyToOne(() => Team, { nullable: true })
  parent: Team | null = null;
}

@Entity({ tableName: 'members' })
class Member {
  @PrimaryKey({ type: 'uuid' })
  id!: string;

  @ManyToOne(() => Team)
  team!: Team;

  @Property({ type: 'bigint' })
  wide!: bigint;

  @Property({ type: 'decimal', precision: 12, scale: 3 })
  weight!: string;

  @Property({ type: 'datetime', length: 6, nullable: true })
  seen: Date | null = null;

  @Property({ type: 'boolean' })
  active!: boolean;

  @Property({ type: 'json', nullable: true })
  notes: unknown = null;

  @Property({ type: 'blob', nullable: true })
  picture: Buffer | null = null;

  @Property({ type: 'text', nullable: true })
  text: string | null = null;

  @Property({ type: 'double', nullable: true })
  rate: number | null = null;
}

const declaration: DatabaseDeclaration = {
  name: 'clubs',
  // children first: a copy finds the order by itself
  entities: [
    { name: 'member', entity: Member },
    { name: 'team', entity: Team },
  ],
};

const opened: Database[] = [];

afterEach(async () => {
  await Promise.all(opened.splice(0).map((database) => database.close()));
});

async function open(place: Place): Promise<Database> {
  const database = await Database.open(declaration, {
    ...place.options('clubs'),
    migrationsDirectory: makeFolder(),
  });
  opened.push(database);
  return database;
}

const uuid = (number: number) => `00000000-0000-4000-8000-${String(number).padStart(12, '0')}`;

async function filled(place: Place, members = 2500): Promise<Database> {
  const database = await open(place);
  await database.engine.prepareMigrations(database.fork());
  await database.orm.schema.create();
  await database.orm.migrator.up();
  const em = database.fork();
  await database.bulk(Team).insert(em, [
    { id: 2, name: 'first', parent: null },
    { id: 5, name: 'second', parent: null },
  ]);
  await database.bulk(Team).update(em, [{ id: 2, parent: 5 }], ['parent']);
  await database.bulk(Member).insert(
    em,
    Array.from({ length: members }, (_, index) => ({
      id: uuid(index),
      team: index % 2 === 0 ? 2 : 5,
      wide: 9_223_372_036_854_775_807n - BigInt(index),
      weight: `${index}.125`,
      seen: index % 3 === 0 ? new Date(Date.UTC(2026, 0, 1, 0, 0, index, 7)) : null,
      active: index % 2 === 0,
      notes: { b: [1, null, 'x'], a: { z: index, y: true } },
      picture: Buffer.from([0, index % 256, 255]),
      text: ['', ' x ', 'ü\u{1f600}', null][index % 4],
    })),
  );
  return database;
}

const copy = async (source: Database, target: Database, options: { restart?: boolean } = {}) =>
  copyDatabase(source, target, { maker: await makerOf(source, target), ...options });

describeWithPostgresql('between SQLite and PostgreSQL', () => {
  test('there and back, both hold the same', async () => {
    const source = await filled(sqlitePlace(makeFolder()));
    const server = await makePostgresqlPlace('clubs');
    const there = await open(server);
    const tables = await copy(source, there);
    expect(tables).toMatchObject(
      [
        { table: 'teams', source: { rows: 2 }, isSame: true },
        { table: 'members', source: { rows: 2500 }, isSame: true },
      ].map((one) => expect.objectContaining({ ...one, source: expect.objectContaining(one.source) })),
    );
    expect(await server.execute('clubs', 'select id, parent_id from teams order by id')).toEqual([
      { id: 2, parent_id: 5 },
      { id: 5, parent_id: null },
    ]);
    const [next] = await server.execute('clubs', "insert into teams (name) values ('new') returning id");
    expect(next).toEqual({ id: 6 });
    await server.execute('clubs', 'delete from teams where id = 6');
    const back = await open(sqlitePlace(makeFolder()));
    const again = await copy(there, back);
    expect(again.map(({ table, source: { digest } }) => [table, digest])).toEqual(
      tables.map(({ table, source: { digest } }) => [table, digest]),
    );
    expect(again.every(({ isSame }) => isSame)).toBe(true);
  });

  test('rows that the target cannot hold are named by key and column', async () => {
    const folder = sqlitePlace(makeFolder());
    const source = await filled(folder, 3);
    await folder.execute('clubs', `update members set weight = '12345678901.5' where id = '${uuid(1)}'`);
    const error = await copy(source, await open(await makePostgresqlPlace())).catch((one: unknown) => one);
    expect(error).toMatchObject({ code: 'database' });
    expect(String(error)).toContain(`cannot hold rows of members as they are: id ${uuid(1)}: weight `);
    const server = await makePostgresqlPlace();
    const other = await filled(server, 3);
    await server.execute('clubs', `update members set seen = '2026-01-01T00:00:00.123456Z' where id = '${uuid(2)}'`);
    await expect(copy(other, await open(sqlitePlace(makeFolder())))).rejects.toThrow(
      `clubs: members has times with microseconds, which a copy would cut to milliseconds: seen of id ${uuid(2)}.`,
    );
    const third = await makePostgresqlPlace();
    const last = await filled(third, 3);
    await third.execute('clubs', `update members set rate = 'NaN' where id = '${uuid(2)}'`);
    await expect(copy(last, await open(sqlitePlace(makeFolder())))).rejects.toThrow(
      `id ${uuid(2)}: rate is not a number that its database can store (NaN)`,
    );
    await third.execute('clubs', `update members set rate = null, notes = '{"a": 9007199254740993}'`);
    await expect(copy(last, await open(sqlitePlace(makeFolder())))).rejects.toThrow(
      `id ${uuid(0)}: notes holds a number that JavaScript cannot hold exactly`,
    );
  });
});

test('a target with other rows is refused, and so is the same place', async () => {
  const source = await filled(sqlitePlace(makeFolder()), 3);
  const other = await filled(sqlitePlace(makeFolder()), 1);
  await expect(copy(source, other)).rejects.toThrow(
    'holds rows already (in teams), and a copy would mix them with others.',
  );
  await expect(copy(source, source)).rejects.toThrow('Name another place with --to.');
});

test('what changes in the source between two runs shows, and --restart copies again', async () => {
  const folder = sqlitePlace(makeFolder());
  const source = await filled(folder, 1500);
  const target = await open(sqlitePlace(makeFolder()));
  let batches = 0;
  const stop = new AbortController();
  const stopped = copyDatabase(source, target, {
    maker: 'schema generator',
    signal: stop.signal,
    onBatch: () => {
      batches++;
      if (batches === 2) {
        stop.abort(new Error('stopped'));
      }
    },
  });
  await expect(stopped).rejects.toThrow('stopped');
  await folder.execute('clubs', `update members set text = 'changed' where id = '${uuid(0)}'`);
  const continued = await copy(source, target);
  expect(continued.map(({ table, isSame }) => [table, isSame])).toEqual([
    ['teams', true],
    ['members', false],
  ]);
  const again = await copy(source, target, { restart: true });
  expect(again.every(({ isSame }) => isSame)).toBe(true);
  await expect(copy(source, target)).rejects.toThrow('holds rows already');
});

test('a copy of another place is not continued', async () => {
  const source = await filled(sqlitePlace(makeFolder()), 1500);
  const other = await filled(sqlitePlace(makeFolder()), 2);
  const target = await open(sqlitePlace(makeFolder()));
  const stop = new AbortController();
  await expect(
    copyDatabase(source, target, {
      maker: 'schema generator',
      signal: stop.signal,
      onBatch: () => stop.abort(new Error('stopped')),
    }),
  ).rejects.toThrow('stopped');
  await expect(copy(other, target)).rejects.toThrow('holds a part of a copy of');
  expect((await copy(other, target, { restart: true })).every(({ isSame }) => isSame)).toBe(true);
});
