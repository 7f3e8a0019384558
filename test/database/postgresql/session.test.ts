/** Whatever a role, a database or the environment sets, statements mean what they say and sessions last. */
import process from 'node:process';
import { afterEach, expect, test } from '@jest/globals';
import { Database } from '../../../src/database/database.ts';
import { locate } from '../../../src/database/location.ts';
import { lockDatabase } from '../../../src/database/lock.ts';
import { migrateUp } from '../../../src/database/migrate.ts';
import { products, users } from '../../../src/shop/catalog.ts';
import { populateIn } from '../../support/databases.ts';
import { describeWithPostgresql, makePostgresqlPlace, type Place } from '../../support/engines.ts';
import { replaceEnvironment } from '../../support/environment.ts';
import { onlyEntity } from '../../support/only-table.ts';
import { connect, query } from '../../support/postgresql/fresh.ts';
import { sourceOf } from '../../support/sources.ts';

const opened: Database[] = [];

afterEach(async () => {
  await Promise.all(opened.splice(0).map((database) => database.close()));
});

async function open(declaration: typeof users, place: Place): Promise<Database> {
  const database = await Database.open(declaration, place.options(declaration.name));
  opened.push(database);
  return database;
}

/** Setting, the value that the database sets, and the value in our sessions. */
const SETTINGS: readonly (readonly [string, string, string])[] = [
  ['array_nulls', 'off', 'on'],
  ['standard_conforming_strings', 'off', 'on'],
  ['DateStyle', 'SQL, DMY', 'ISO, MDY'],
  ['TimeZone', 'Asia/Tokyo', 'UTC'],
  ['IntervalStyle', 'sql_standard', 'postgres'],
  ['bytea_output', 'escape', 'hex'],
  ['extra_float_digits', '-10', '3'],
  ['transform_null_equals', 'on', 'off'],
  ['gin_fuzzy_search_limit', '1', '0'],
  ['row_security', 'on', 'off'],
  ['default_transaction_isolation', 'serializable', 'read committed'],
  ['synchronous_commit', 'off', 'on'],
  ['exit_on_error', 'on', 'off'],
  ['statement_timeout', '2s', '0'],
  ['transaction_timeout', '2s', '0'],
  ['idle_in_transaction_session_timeout', '2s', '0'],
  ['idle_session_timeout', '2s', '0'],
  ['lock_timeout', '1ms', '5s'],
  ['search_path', 'pg_temp, nowhere', '"public"'],
  // the driver says at login that it speaks this
  ['client_encoding', 'LATIN1', 'UTF8'],
];

/** A fresh database that has them all. */
async function awkwardPlace(): Promise<Place> {
  const place = await makePostgresqlPlace();
  const url = place.url('users');
  const name = new URL(url).pathname.slice(1);
  await query(
    url,
    SETTINGS.map(([setting, value]) => `alter database ${name} set ${setting} to ${listOf(value)}`).join(';'),
  );
  return place;
}

const listOf = (value: string) =>
  value
    .split(', ')
    .map((one) => `'${one}'`)
    .join(', ');

describeWithPostgresql('PostgreSQL', () => {
  test('every connection of a pool has the session settings, and the server knows each of them', async () => {
    const place = await awkwardPlace();
    const before = await connectedAsIs(place);
    const database = await open(users, place);
    for (const [setting, value, ours] of SETTINGS) {
      const [row] = await database.fork().execute(`select current_setting('${setting}') as value`);
      expect({ setting, value: row?.['value'] }).toEqual({ setting, value: ours });
      expect({ setting, ours: before[setting] === ours, value }).toEqual({
        setting,
        ours: setting === 'client_encoding',
        value,
      });
    }
  });

  test('a commit that waits for more than the disk still does', async () => {
    const place = await makePostgresqlPlace();
    const name = new URL(place.url('users')).pathname.slice(1);
    await query(place.url('users'), `alter database ${name} set synchronous_commit to remote_apply`);
    const database = await open(users, place);
    expect(await database.fork().execute('show synchronous_commit')).toEqual([{ synchronous_commit: 'remote_apply' }]);
  });

  test('a load has the same result as without them', async () => {
    const sources = () => ({
      products: sourceOf(
        Array.from({ length: 20 }, (_, index) => ({
          id: index + 1,
          // some null, some that would be taken for it, some with what an escape begins with
          sku:
            index % 3 === 0 ? null : ['NULL', 'null', '\\x41', "\\'"][index % 4]?.concat(index > 7 ? `${index}` : ''),
          name: `Product \\${index}`,
          price: `${index}.10`,
        })),
      ),
    });
    const [plain, awkward] = [await makePostgresqlPlace(), await awkwardPlace()];
    const [expected, found] = [
      await populateIn(plain, { sources: sources() }),
      await populateIn(awkward, { sources: sources() }),
    ];
    expect(expected.databases['products']?.inserted).toBeGreaterThan(10);
    expect(found.databases['products']?.details).toEqual(expected.databases['products']?.details);
    expect(await awkward.rowsOf('products')).toEqual(await plain.rowsOf('products'));
    const again = await populateIn(awkward, { sources: sources() });
    expect(again.databases['products']).toMatchObject({ inserted: 0, updated: 0 });
  });

  test('a lock outlives the time after which the server ends others', async () => {
    const place = await makePostgresqlPlace();
    const name = new URL(place.url('users')).pathname.slice(1);
    const database = await open(users, place);
    await query(place.url('users'), `alter database ${name} set idle_session_timeout to '500ms'`);
    const lock = await lockDatabase(database);
    const other = await connect(place.url('users'));
    await new Promise((resolve) => other.once('end', resolve));
    lock.check();
    await expect(lockDatabase(database, 0)).rejects.toMatchObject({ code: 'locked' });
    await lock.release();
  });

  test('PGOPTIONS does not override them', async () => {
    const place = await makePostgresqlPlace();
    const restore = replaceEnvironment({ ...process.env, PGOPTIONS: '-c array_nulls=off -c search_path=nowhere' });
    try {
      const database = await open(users, place);
      const rows = await database
        .fork()
        .execute("select current_setting('array_nulls') as nulls, current_schema() as schema");
      expect(rows).toEqual([{ nulls: 'on', schema: 'public' }]);
    } finally {
      restore();
    }
  });

  test('rows that a policy would hide are an error, not missing', async () => {
    const place = await makePostgresqlPlace();
    await migrateUp(await open(products, place));
    await place.execute('products', 'alter table products enable row level security');
    await place.execute('products', 'create policy low_ids on products using (id < 10)');
    await place.execute('products', "create role tenant login password 'tenant'");
    await place.execute('products', 'grant select on products, meridian_identity_products to tenant');
    const url = new URL(place.url('products'));
    [url.username, url.password] = ['tenant', 'tenant'];
    const database = await Database.open(products, {
      location: locate('products', { PRODUCTS_DATABASE_URL: url.href }),
    });
    opened.push(database);
    const counting = database.fork().count(onlyEntity(products).entity, {});
    const error = await counting.catch((thrown: unknown) => database.explain(thrown));
    expect(error).toMatchObject({
      message: expect.stringMatching(/^products: role "tenant" lacks a permission .*row-level security policy/),
    });
    await place.execute('products', 'drop owned by tenant; drop role tenant');
  });
});

/** The settings of a connection that is not prepared. */
async function connectedAsIs(place: Place): Promise<Record<string, unknown>> {
  const client = await connect(place.url('users'));
  const { rows } = await client.query('select name, current_setting(name) as value from pg_settings');
  await client.end();
  return { ...Object.fromEntries(rows.map(({ name, value }) => [name, value])), search_path: 'as the test sets it' };
}
