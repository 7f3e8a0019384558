/** Many databases on one server: together they take no more connections than the server can spare. */
import process from 'node:process';
import { afterEach, expect, test } from '@jest/globals';
import { Client } from 'pg';
import { Database } from '../../../src/database/database.ts';
import { eachDatabase } from '../../../src/database/each-database.ts';
import { locate } from '../../../src/database/location.ts';
import { lockDatabase } from '../../../src/database/lock.ts';
import { SERVER_CONNECTIONS } from '../../../src/database/postgresql/connection-limit.ts';
import { ordersOf } from '../../../src/shop/catalog.ts';
import { describeWithPostgresql } from '../../support/engines.ts';
import { freshDatabase, query } from '../../support/postgresql/fresh.ts';
import { until } from '../../support/until.ts';

const REGIONS = Array.from({ length: SERVER_CONNECTIONS + 10 }, (_, index) => `r${index}`);

const opened: Database[] = [];

afterEach(async () => {
  await Promise.all(opened.splice(0).map((database) => database.close()));
});

/** A schema each, none of which is there. */
async function openAll(url: string): Promise<Database[]> {
  const databases = await Promise.all(
    REGIONS.map((region) => {
      const location = locate('orders', { ORDERS_DATABASE_URL: `${url}?schema=${region}` });
      return Database.open(ordersOf(region), { location, create: false });
    }),
  );
  opened.push(...databases);
  return databases;
}

/** How many statements a connection is given before the first of them is answered, of which the driver warns. */
async function unansweredAtOnce(work: () => Promise<void>): Promise<number> {
  const prototype = Client.prototype as unknown as { query(...given: unknown[]): unknown };
  const { query: send } = prototype;
  const unanswered = new Map<object, number>();
  let most = 0;
  const count = (client: object, change: number) => {
    const now = (unanswered.get(client) ?? 0) + change;
    unanswered.set(client, now);
    most = Math.max(most, now);
  };
  prototype.query = async function (this: object, ...given: unknown[]) {
    count(this, 1);
    try {
      return await send.apply(this, given);
    } finally {
      count(this, -1);
    }
  };
  try {
    await work();
  } finally {
    prototype.query = send;
  }
  return most;
}

describeWithPostgresql('PostgreSQL', () => {
  const connections = async (url: string) => {
    const [{ count } = {}] = await query(
      url,
      `select count(*) from pg_stat_activity
       where datname = current_database() and application_name like '%pid ${process.pid}'`,
    );
    return Number(count);
  };

  test('idle databases leave their connections to busy ones', async () => {
    const url = await freshDatabase();
    const databases = await openAll(url);
    for (let round = 0; round < 3; round++) {
      const answers = await Promise.all(databases.map((database) => database.fork().execute('select 1 as one')));
      expect(answers).toEqual(databases.map(() => [{ one: 1 }]));
      // the server notices a moment later that one was closed
      await until('there are no more', async () => (await connections(url)) <= SERVER_CONNECTIONS);
    }
  });

  test('a server, or a role, that takes fewer connections is waited for', async () => {
    const url = await freshDatabase();
    const role = `few_${process.pid}`;
    await query(url, `create role ${role} login password 'few' connection limit 3`);
    const few = new URL(url);
    few.username = role;
    few.password = 'few';
    try {
      const databases = await openAll(few.href);
      await Promise.all(databases.map((database) => database.readAtOnce((em) => em.execute('select 1'))));
      await until('there are no more', async () => (await connections(url)) <= 3);
      await Promise.all(opened.splice(0).map((database) => database.close()));
    } finally {
      await query(url, `drop role ${role}`);
    }
  });

  test('locks take one connection, however many there are', async () => {
    const url = await freshDatabase();
    const databases = await openAll(url);
    const before = await connections(url);
    const locks = await Promise.all(databases.map((database) => lockDatabase(database)));
    expect(await connections(url)).toBeLessThanOrEqual(before + 1);
    await expect(lockDatabase(databases[0] as Database, 0)).rejects.toMatchObject({ code: 'locked' });
    await Promise.all(locks.slice(1).map((lock) => lock.release()));
    locks[0]?.check();
    await locks[0]?.release();
    await (await lockDatabase(databases[0] as Database, 0)).release();
    const left =
      "select 1 from pg_locks join pg_database d on d.oid = database where locktype = 'advisory' and datname = current_database()";
    expect(await query(url, left)).toEqual([]);
  });

  test('locks that are taken and released at the same time are asked for one after the other', async () => {
    const databases = await openAll(await freshDatabase());
    const most = await unansweredAtOnce(async () => {
      const locks = await Promise.all(databases.map((database) => lockDatabase(database)));
      await Promise.all(locks.map((lock) => lock.release()));
    });
    expect(most).toBe(1);
  });

  test('commands that read all regions need no more connections than there are', async () => {
    const url = await freshDatabase();
    const variables = REGIONS.map((region) => [
      `ORDERS_DATABASE_URL_${region.toUpperCase()}`,
      `${url}?schema=${region}`,
    ]);
    const before = { ...process.env };
    Object.assign(process.env, Object.fromEntries(variables));
    try {
      let most = 0;
      const results = await eachDatabase(REGIONS.map(ordersOf), { create: true, lock: true }, async (database) => {
        most = Math.max(most, await connections(url));
        return database.isMissing;
      });
      expect(results).toEqual(REGIONS.map((region) => ({ name: `orders.${region}`, value: true })));
      expect(most).toBeLessThan(REGIONS.length);
    } finally {
      for (const [name = ''] of variables) {
        delete process.env[name];
      }
      Object.assign(process.env, before);
    }
  });
});
