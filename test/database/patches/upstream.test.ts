/** What each patch works around. A test that fails here says that the library no longer needs its patch: remove the patch. */
import { createServer, type Socket } from 'node:net';
import { afterEach, expect, test } from '@jest/globals';
import { Type } from '@mikro-orm/core';
import { Entity, PrimaryKey, Property, ReflectMetadataProvider } from '@mikro-orm/decorators/legacy';
import { MikroORM } from '@mikro-orm/sqlite';
import SqliteFile from 'better-sqlite3';
import { CompiledQuery, Kysely, PostgresDialect, SqliteDialect } from 'kysely';
import { Client } from 'pg';
import { ENTITY_NAMES } from '../../../src/database/entity-tables.ts';
import { describeWithPostgresql } from '../../support/engines.ts';
import { makeFolder } from '../../support/folder.ts';
import { connect, freshDatabase } from '../../support/postgresql/fresh.ts';

const cleanUp: (() => unknown)[] = [];

afterEach(async () => {
  for (const clean of cleanUp.splice(0).reverse()) {
    await clean();
  }
});

const SETTLES_WITHIN_MILLISECONDS = 200;

/** Whether a promise settles soon. */
function settles(promise: Promise<unknown>): Promise<boolean> {
  const settled = promise.then(
    () => true,
    () => true,
  );
  return Promise.race([
    settled,
    new Promise<boolean>((resolve) => setTimeout(resolve, SETTLES_WITHIN_MILLISECONDS, false)),
  ]);
}

test('Kysely keeps the connection of a transaction that cannot begin (kysely-transactions.ts)', async () => {
  const database = new SqliteFile(':memory:');
  cleanUp.push(() => database.close());
  const kysely = new Kysely<unknown>({ dialect: new SqliteDialect({ database }) });
  database.exec('begin');
  await expect(kysely.startTransaction().execute()).rejects.toThrow('within a transaction');
  database.exec('rollback');
  expect(await settles(kysely.executeQuery(CompiledQuery.raw('select 1')))).toBe(false);
});

test('Kysely prepares a statement of SQLite each time (better-sqlite3-statements.ts)', async () => {
  const database = new SqliteFile(':memory:');
  const prepared: string[] = [];
  const prepare = database.prepare.bind(database);
  database.prepare = ((sql: string) => {
    prepared.push(sql);
    return prepare(sql);
  }) as typeof database.prepare;
  const kysely = new Kysely<unknown>({ dialect: new SqliteDialect({ database }) });
  cleanUp.push(() => kysely.destroy());
  const query = CompiledQuery.raw('select 1');
  await kysely.executeQuery(query);
  await kysely.executeQuery(query);
  expect(prepared).toEqual(['select 1', 'select 1']);
});

test('better-sqlite3 blocks its thread while it waits for a lock (better-sqlite3-waiting.ts)', async () => {
  const file = `${makeFolder()}/locked.db`;
  const holder = new SqliteFile(file);
  const waiter = new SqliteFile(file, { timeout: 100 });
  cleanUp.push(
    () => holder.close(),
    () => waiter.close(),
  );
  holder.exec('begin immediate');
  let turns = 0;
  const timer = setInterval(() => turns++, 1);
  cleanUp.push(() => clearInterval(timer));
  expect(() => waiter.exec('begin immediate')).toThrow('database is locked');
  expect(turns).toBe(0);
});

test('Kysely gives statements of PostgreSQL no name (pg-client.ts)', async () => {
  const given: unknown[][] = [];
  const client = {
    query: (...query: unknown[]) => {
      given.push(query);
      return Promise.resolve({ command: 'SELECT', rowCount: 0, rows: [] });
    },
    release: () => undefined,
  };
  const pool = { connect: () => Promise.resolve(client), end: () => Promise.resolve() };
  const kysely = new Kysely<unknown>({ dialect: new PostgresDialect({ pool: pool as never }) });
  await kysely.executeQuery(CompiledQuery.raw('select $1', [1]));
  expect(given).toEqual([['select $1', [1]]]);
});

test('pg leaves the connection of a failed login open (pg-client.ts)', async () => {
  const sockets: Socket[] = [];
  const server = createServer((socket) => {
    sockets.push(socket);
    // AuthenticationSASL with SCRAM-SHA-256, then AuthenticationSASLContinue
    socket.once('data', () => {
      socket.write(message(10, 'SCRAM-SHA-256\0\0'));
      socket.once('data', () => socket.write(message(11, 'r=nonce,s=c2FsdA==,i=4096')));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as { readonly port: number };
  const client = new Client({ host: '127.0.0.1', port, user: 'role', password: () => undefined as never });
  cleanUp.push(
    () => new Promise((resolve) => server.close(resolve)),
    () => sockets.map((socket) => socket.destroy()),
    () => client.end(),
  );
  client.on('error', () => undefined);
  let ended = false;
  client.once('end', () => {
    ended = true;
  });
  await expect(client.connect()).rejects.toThrow('client password must be a string');
  await new Promise((resolve) => setTimeout(resolve, SETTLES_WITHIN_MILLISECONDS));
  expect(ended).toBe(false);
});

describeWithPostgresql('PostgreSQL', () => {
  test('pg sends no rows of a copy (pg-client.ts)', async () => {
    const client = await connect(await freshDatabase());
    cleanUp.push(() => client.end());
    await client.query('create table sample (id integer)');
    await expect(client.query('copy sample from stdin')).rejects.toThrow('No source stream defined');
  });
});

function message(code: number, text: string): Buffer {
  const body = Buffer.from(text);
  const header = Buffer.alloc(9);
  header.write('R');
  header.writeInt32BE(8 + body.length, 1);
  header.writeInt32BE(code, 5);
  return Buffer.concat([header, body]);
}

class Doubling extends Type<number, number> {
  override convertToJSValue(value: number): number {
    return value * 2;
  }

  override getColumnType(): string {
    return 'integer';
  }
}

@Entity({ tableName: 'samples' })
class Sample {
  @PrimaryKey({ type: 'integer' })
  id!: number;

  @Property({ type: Doubling, fieldName: 'stored' })
  value!: number;
}

test('MikroORM converts a renamed column twice in the results of Kysely (AmountType)', async () => {
  const orm = new MikroORM({ entities: [Sample], dbName: ':memory:', metadataProvider: ReflectMetadataProvider });
  cleanUp.push(() => orm.close());
  await orm.em.execute('create table samples (id integer primary key, stored integer)');
  await orm.em.execute('insert into samples values (1, 3)');
  const kysely = orm.em.fork().getKysely<{ Sample: { id: number; value: number } }>(ENTITY_NAMES);
  expect(await kysely.selectFrom('Sample').selectAll().execute()).toEqual([{ id: 1, value: 12 }]);
});
