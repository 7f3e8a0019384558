/** One sentence for each thing that can be wrong with a PostgreSQL database, from the real server; never a password. */
import { once } from 'node:events';
import { createServer, type Server, type Socket } from 'node:net';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import { Database } from '../../../src/database/database.ts';
import { locate } from '../../../src/database/location.ts';
import { lockDatabase } from '../../../src/database/lock.ts';
import { migrateUp } from '../../../src/database/migrate.ts';
import {
  explainPostgresqlError,
  isPostgresqlAnswer,
  isTransientPostgresqlError,
  refusesPostgresqlValue,
} from '../../../src/database/postgresql/errors.ts';
import type { PostgresqlLocation } from '../../../src/database/postgresql/url.ts';
import { MeridianError } from '../../../src/shared/errors.ts';
import { users } from '../../../src/shop/catalog.ts';
import { meridian } from '../../support/command.ts';
import { describeWithPostgresql } from '../../support/engines.ts';
import { makeFolder } from '../../support/folder.ts';
import { onlyEntity, onlyTable } from '../../support/only-table.ts';
import { connect, freshDatabase, query } from '../../support/postgresql/fresh.ts';
import { freePort, type PostgresqlServer, startPostgresql } from '../../support/postgresql/server.ts';
import { terminateUnnoticed } from '../../support/postgresql/terminate.ts';
import { migrationsOf, ownMigrationsOf } from '../../support/schema.ts';

const opened: Database[] = [];

afterEach(async () => {
  await Promise.all(opened.splice(0).map((database) => database.close()));
});

const at = (url: string) => ({ location: locate('users', { USERS_DATABASE_URL: url }) });

async function open(url: string): Promise<Database> {
  const database = await Database.open(users, at(url));
  opened.push(database);
  return database;
}

/** The code and the message that the user sees. */
async function failureOf(work: Promise<unknown>): Promise<string> {
  const error = await work.then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  expect(error).toBeInstanceOf(MeridianError);
  const { code, message } = error as MeridianError;
  expect(message).toMatch(/^users: .*\.$/s);
  expect(message).not.toMatch(/p@ss|p%40ss|s3cret/);
  return `${code}: ${message}`;
}

const writing = (database: Database, sql: string) =>
  failureOf(
    onlyTable(database)
      .write(database.fork(), (transaction) => transaction.execute(sql))
      .catch((error: unknown) => Promise.reject(database.explain(error))),
  );

const edit = (url: string, change: (parts: URL) => void) => {
  const parts = new URL(url);
  change(parts);
  return parts.href;
};

describeWithPostgresql('PostgreSQL', () => {
  let url = '';

  beforeAll(async () => {
    url = await freshDatabase();
  });

  test('no server at that port', async () => {
    const port = await freePort();
    expect(await failureOf(open(`postgresql://meridian:s3cret@localhost:${port}/users`))).toMatch(
      new RegExp(`^database: users: no PostgreSQL server answers at localhost:${port} \\(.*ECONNREFUSED`),
    );
  });

  test('no such host', async () => {
    expect(await failureOf(open('postgresql://meridian:s3cret@nowhere.invalid/users'))).toContain(
      'there is no host nowhere.invalid',
    );
  });

  test('a server that never answers', async () => {
    const sockets: Socket[] = [];
    const server: Server = createServer((socket) => sockets.push(socket.on('error', () => undefined)));
    await once(server.listen(0, '127.0.0.1'), 'listening');
    const { port } = server.address() as { port: number };
    const silent = `postgresql://meridian:s3cret@127.0.0.1:${port}/users?connect_timeout=1`;
    expect(await failureOf(open(silent))).toContain('did not answer within 1 seconds');
    server.close();
    for (const socket of sockets) {
      socket.destroy();
    }
  });

  test('a wrong password, no password, and no such role', async () => {
    const wrong = edit(url, (parts) => {
      parts.password = 's3cret';
    });
    expect(await failureOf(open(wrong))).toContain('refuses the password of role "meridian"');
    const none = edit(url, (parts) => {
      parts.password = '';
    });
    expect(await failureOf(open(none))).toContain('refuses the password of role "meridian"');
    const unknown = edit(url, (parts) => {
      parts.username = 'stranger';
    });
    expect(await failureOf(open(unknown))).toContain('role "stranger"');
  });

  test('no such database', async () => {
    const missing = edit(url, (parts) => {
      parts.pathname = '/nowhere';
    });
    expect(await failureOf(open(missing))).toMatch(/has no database "nowhere"\. Create it \(createdb nowhere\)/);
    const { code, stderr } = await meridian(['migrate', 'users'], {
      cwd: makeFolder(),
      env: { USERS_DATABASE_URL: missing },
    });
    expect(code).toBe(1);
    expect(stderr).toMatch(/^Error: users: the PostgreSQL server at .* has no database "nowhere"/);
  });

  test('an encoding that does not have every character', async () => {
    const server = url.slice(0, url.lastIndexOf('/'));
    const name = `latin_${process.pid}`;
    const create = (encoding: string) =>
      query(
        url,
        `create database ${name} template template0 encoding '${encoding}' locale_provider libc lc_collate 'C' lc_ctype 'C'`,
      );
    try {
      await create('LATIN1');
      expect(await failureOf(open(`${server}/${name}`))).toMatch(
        /is encoded in LATIN1, which does not have every character\. Create a database with encoding 'UTF8'/,
      );
      await query(url, `drop database ${name}`);
      await create('SQL_ASCII');
      expect((await open(`${server}/${name}`)).isMissing).toBe(true);
    } finally {
      await Promise.all(opened.splice(0).map((database) => database.close()));
      await query(url, `drop database if exists ${name} with (force)`);
    }
  });

  test('a server without encryption, and a missing certificate file', async () => {
    expect(await failureOf(open(`${url}?sslmode=require`))).toContain('no encrypted connection to');
    const missing = `${url}?sslmode=verify-full&sslrootcert=${encodeURIComponent('/nowhere/ca.pem')}`;
    expect(await failureOf(open(missing))).toContain('/nowhere/ca.pem that sslrootcert names cannot be read');
  });

  test('no permission for the schema', async () => {
    await query(url, "create role clerk login password 's3cret'");
    const clerk = edit(url, (parts) => {
      parts.username = 'clerk';
      parts.password = 's3cret';
    });
    const database = await open(clerk);
    expect(await failureOf(migrateUp(database))).toContain('role "clerk" lacks a permission in');
    expect(await failureOf(migrateUp(await open(`${clerk}?schema=own`)))).toContain(
      'role "clerk" lacks a permission in',
    );
    // with the permission it works, for a role that is no superuser
    await query(url, 'grant create on schema public to clerk');
    expect(await migrateUp(await open(clerk))).toEqual([
      ...migrationsOf('users', 'postgresql'),
      ...ownMigrationsOf('users'),
    ]);
  });

  describe('during an operation', () => {
    let there = '';

    beforeAll(async () => {
      there = await freshDatabase();
      const database = await Database.open(users, at(there));
      await migrateUp(database);
      await database.close();
    });

    test('a table that another connection has locked', async () => {
      const other = await connect(there);
      await other.query('begin; lock table users');
      const database = await open(there);
      expect(await writing(database, 'select 1')).toContain('locked by another connection (waited 5 seconds)');
      await other.end();
    });

    test('a server that takes no writes', async () => {
      const elsewhere = edit(there, (parts) => {
        parts.pathname = '/postgres';
      });
      const name = new URL(there).pathname.slice(1);
      await query(elsewhere, `alter database ${name} set default_transaction_read_only to on`);
      expect(await writing(await open(there), 'delete from users')).toContain('is read-only');
      await query(elsewhere, `alter database ${name} reset all`);
    });

    test('a statement that takes too long', async () => {
      const database = await open(there);
      expect(await writing(database, "set local statement_timeout to '10ms'; select pg_sleep(5)")).toContain(
        'a statement was cancelled',
      );
    });

    test('a deadlock of two transactions', async () => {
      await query(there, "insert into users values (1, 'A', 'a@b.cd'), (2, 'B', 'b@b.cd')");
      const database = await open(there);
      const [one, other] = [database.fork(), database.fork()];
      await one.begin();
      await other.begin();
      const update = (em: typeof one, id: number) => em.execute('update users set name = name where id = ?', [id]);
      await update(one, 1);
      await update(other, 2);
      const both = [update(one, 2), update(other, 1)].map((work) => work.catch((error) => database.explain(error)));
      const loser = (await Promise.all(both)).find((result) => result instanceof MeridianError);
      await one.rollback();
      await other.rollback();
      expect(loser).toMatchObject({ message: expect.stringContaining('conflicted with another') });
    });

    test('an idle connection that the server ends causes no error', async () => {
      const database = await open(there);
      terminateUnnoticed(there);
      // the pool hears of it now, through an event
      await nextTurn();
      await nextTurn();
      await database
        .fork()
        .count(onlyEntity(users).entity, {})
        .catch(() => undefined);
      expect(await database.fork().count(onlyEntity(users).entity, {})).toBe(2);
    });

    test('the message of a refused statement contains the words of the server', async () => {
      const database = await open(there);
      expect(await writing(database, "insert into users values (1, 'A', 'c@b.cd')")).toContain('the database refused');
    });
  });

  describe('whether it is the value that is refused', () => {
    let there = '';

    beforeAll(async () => {
      there = await freshDatabase();
      await query(
        there,
        `create table parent (id int primary key, name text not null unique);
         create table t (parent int references parent, text text check (text <> 'bad'), short varchar(3), at timestamptz, json jsonb);
         insert into parent values (1, 'A');
         create function refuse() returns trigger language plpgsql as $$ begin
           if new.text = 'full' then raise 'no space left' using errcode = '53100'; end if;
           raise 'never that';
         end $$;
         create trigger picky before insert on t for each row when (new.text in ('worse', 'full')) execute function refuse()`,
      );
    });

    test.each<[string, string, boolean]>([
      ['a check', "insert into t (text) values ('bad')", true],
      ['a trigger', "insert into t (text) values ('worse')", true],
      ['text that is too long', "insert into t (short) values ('four')", true],
      ['a number that is out of range', 'insert into t (parent) values (3000000000)', true],
      ['text that is no number', "insert into t (parent) values ('x')", true],
      ['a time that there is not', "insert into t (at) values ('2026-02-31')", true],
      ['text that is no time', "insert into t (at) values ('yesteryear')", true],
      ['text that is no JSON', "insert into t (json) values ('{')", true],
      ['a zero character in JSON', 'insert into t (json) values (\'"\\u0000"\')', true],
      ['a zero character', "insert into t (text) values (convert_from('\\x00', 'UTF8'))", true],
      ['a key that is taken', "insert into parent values (1, 'B')", false],
      ['a value that is missing', 'insert into parent values (2, null)', false],
      ['a row that refers to nothing', 'insert into t (parent) values (7)', false],
      ['a table that is not there', "insert into elsewhere values ('bad')", false],
      ['a column that is not there', "insert into t (elsewhere) values ('bad')", false],
      ['a division by zero', 'insert into t (parent) values (1 / 0)', false],
      ['a trigger that says that the disk is full', "insert into t (text) values ('full')", false],
    ])('%s', async (_, statement, isValue) => {
      const error = await query(there, statement).catch((thrown: unknown) => thrown);
      expect([isPostgresqlAnswer(error), refusesPostgresqlValue(error)]).toEqual([true, isValue]);
    });

    test('a value that reads like a lost connection is a value all the same', async () => {
      const text = 'Connection terminated: timeout exceeded, SSL';
      const error = await query(there, `insert into t (parent) select '${text}'::int`).catch(
        (thrown: unknown) => thrown,
      );
      expect(error).toMatchObject({ message: expect.stringContaining(text) });
      const { location } = at(there);
      expect([
        refusesPostgresqlValue(error),
        isTransientPostgresqlError(error),
        explainPostgresqlError(location as PostgresqlLocation, error),
      ]).toEqual([true, false, undefined]);
    });
  });

  test('a full disk', () => {
    const { location } = at(url);
    const error = Object.assign(new Error('could not extend file'), { code: '53100' });
    expect(explainPostgresqlError(location as PostgresqlLocation, error)).toMatchObject({
      code: 'database',
      sentence: expect.stringContaining("the server's disk is full"),
    });
  });

  describe('a server of its own', () => {
    let server: PostgresqlServer;

    beforeAll(async () => {
      server = await startPostgresql(['max_connections=4', 'superuser_reserved_connections=0', 'max_wal_senders=0']);
    });

    afterAll(() => server.remove());

    test('with no connection left', async () => {
      const home = `${server.url}/postgres`;
      const others = await Promise.all([1, 2, 3, 4].map(() => connect(home)));
      expect(await failureOf(open(home))).toContain('has no connection left');
      await Promise.all(others.map((client) => client.end()));
    });

    test('that stops during an operation, and starts again', async () => {
      const database = await open(`${server.url}/postgres`);
      await migrateUp(database);
      const lock = await lockDatabase(database);
      const em = database.fork();
      await em.begin();
      await em.execute("insert into users values (1, 'Alice', 'alice@example.com')");
      await server.stop();
      const failing = em.execute('select 1').catch((error: unknown) => Promise.reject(database.explain(error)));
      expect(await failureOf(failing)).toMatch(/the connection to .* was lost/);
      await em.rollback();
      expect(() => lock.check()).toThrow('was lost');
      expect(await writing(database, 'select 1')).toMatch(/no PostgreSQL server answers|was lost/);
      await server.start();
      expect(await database.fork().count(onlyEntity(users).entity, {})).toBe(0);
      await lock.release();
      await (await lockDatabase(database)).release();
    });
  });
});
