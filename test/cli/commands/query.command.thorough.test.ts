/** `meridian query` */
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { meridian, meridianProcess } from '../../support/command.ts';
import { apart, describeWithPostgresql, forEachEngineMigrated, makePostgresqlPlace } from '../../support/engines.ts';
import { digestsOf } from '../../support/files.ts';
import { makeFolder, writeIn } from '../../support/folder.ts';
import { workspace } from '../../support/workspace.ts';

const JOIN = `select o.id, u.name as buyer, p.name as product
  from orders.orders o join users.users u on u.id = o.user_id join products.products p on p.id = o.product_id
  order by o.id`;

/** Loaded with the samples. */
async function shop() {
  const space = workspace();
  await space.run(['populate', '--quiet']);
  return space;
}

test('joins tables of several databases: a table, JSON and CSV', async () => {
  const { run, cwd } = await shop();
  const before = digestsOf(cwd);
  const table = await run(['query', JOIN]);
  expect(table).toMatchObject({ code: 0, stderr: expect.stringMatching(/^\d+ rows\n$/) });
  expect(table.stdout).toMatch(/│ id │ buyer +│ product +│/);
  const json = await run(['query', '--json', JOIN]);
  expect(json.code).toBe(0);
  const rows = JSON.parse(json.stdout);
  expect(rows.length).toBeGreaterThan(1);
  expect(rows[0]).toEqual({ id: expect.any(Number), buyer: expect.any(String), product: expect.any(String) });
  const csv = await run(['query', '--csv', JOIN]);
  expect(csv.stdout.split('\r\n').slice(0, 2)).toEqual(['id,buyer,product', Object.values(rows[0]).join(',')]);
  expect(csv.stdout.trimEnd().split('\r\n')).toHaveLength(rows.length + 1);
  expect(digestsOf(cwd)).toEqual(before);
});

test('parameters, a file, values of all kinds, and columns of the same name', async () => {
  const { run, cwd } = await shop();
  writeIn(
    cwd,
    'query.sql',
    "-- in a file\nselect :id as id, name, id, null as empty, x'00ff' as bytes, 9007199254740993 as big, 1.5 as half from users where id = :id;\n",
  );
  const { stdout } = await run(['query', '--json', '--file', 'query.sql', '--param', 'id=1']);
  expect(JSON.parse(stdout)).toEqual([
    { id: 1, name: expect.any(String), 'id:1': 1, empty: null, bytes: 'AP8=', big: '9007199254740993', half: 1.5 },
  ]);
  const text = await run([
    'query',
    '--json',
    '--param',
    'a=007',
    '--param',
    'b=x=y',
    "select :a as a, :b as b, :a = '007' as same",
  ]);
  expect(JSON.parse(text.stdout)).toEqual([{ a: '007', b: 'x=y', same: 1 }]);
  const empty = await run(['query', '--json', 'select * from users where 1 = 0']);
  expect(JSON.parse(empty.stdout)).toEqual([]);
  const input = await run(['query', '--csv', '--file', '-'], { input: 'select 1 as one, 2 as two' });
  expect(input.stdout).toBe('one,two\r\n1,2\r\n');
});

test.each([
  [['query'], 'Give the query either as an argument'],
  [['query', 'select 1', '--file', 'x.sql'], 'Give the query either as an argument'],
  [['query', '--file', 'missing.sql'], 'The query in missing.sql cannot be read'],
  [['query', '--param', 'x', 'select :x'], 'It has to be <name>=<value>'],
  [['query', '--param', 'x=1', '--param', 'x=2', 'select :x'], 'The parameter x is given twice.'],
  [['query', '--database', 'people', 'select 1'], 'There is no database "people"'],
  [['query', "attach 'x.db' as x"], 'A query begins with SELECT'],
  [['query', 'select 1; drop table users'], 'There is more than one statement'],
  [['query', 'with a as (select 1) delete from users'], 'The query would change a database. It may only read.'],
  [
    ['query', 'select * from nowhere'],
    'SQLite does not run the query: no such table: nowhere. There are users.users, products.products, ',
  ],
  [['query', 'select * from central.order_fact'], 'These have no database yet: '],
])('%j is refused', async (args, sentence) => {
  const { run, cwd } = await shop();
  const before = digestsOf(cwd);
  const { code, stdout, stderr } = await run(args);
  expect({ code, stdout }).toEqual({ code: args.includes('missing.sql') ? 1 : 2, stdout: '' });
  expect(stderr).toContain(sentence);
  expect(digestsOf(cwd)).toEqual(before);
});

test('JSON and CSV exclude each other', async () => {
  const { code, stderr } = await meridian(['query', '--json', '--csv', 'select 1'], { cwd: makeFolder() });
  expect(code).toBe(2);
  expect(stderr).toContain('--json and --csv exclude each other');
});

test('nothing is made where no database is', async () => {
  const cwd = makeFolder();
  const { code, stderr } = await meridian(['query', 'select 1'], { cwd });
  expect(code).toBe(2);
  expect(stderr).toContain('There is no database to query yet.');
  expect(readdirSync(cwd)).toEqual([]);
});

test('a region by its quoted name; more databases than SQLite attaches are named', async () => {
  const { run } = workspace();
  const regions = Array.from({ length: 11 }, (_, index) => `region${index}`);
  const env = { REGIONS: regions.join(',') };
  await run(['migrate', ...regions.map((name) => `orders.${name}`)], { env });
  const all = await run(['query', 'select 1'], { env });
  expect(all.code).toBe(2);
  expect(all.stderr).toContain(
    'There are 11 databases, and SQLite reads at most 10 in one query. Name those that it is about, such as --database orders.region0 --database orders.region1.',
  );
  const two = await run(
    [
      'query',
      '--json',
      '--database',
      'orders.region0',
      '--database',
      'orders.region10',
      'select count(*) as n from "orders.region10".orders, "orders.region0".orders',
    ],
    { env },
  );
  expect(JSON.parse(two.stdout)).toEqual([{ n: 0 }]);
});

test('a wide table fits the terminal, and a long one says how many rows there are more', async () => {
  const { run } = await shop();
  const { stdout } = await run([
    'query',
    'with recursive t(n) as (select 1 union all select n + 1 from t limit 12000) select n from t',
  ]);
  expect(stdout).toMatch(/… and 2,000 rows more: --json has all of them\.\n$/);
});

test('long results are streamed, and their reader may go', async () => {
  const { run } = await shop();
  const numbers = 'with recursive t(n) as (select 1 union all select n + 1 from t limit 500000) select n from t';
  const all = await run(['query', '--csv', numbers], { input: '' });
  expect(all.stdout.length).toBeGreaterThan(3_000_000);
  const head = await run(['query', '--json', numbers], {
    during: (child) => child.stdout?.once('data', () => child.stdout?.destroy()),
    input: '',
  });
  expect(head.code).toBe(0);
});

test('Ctrl-C ends a query that would never end', async () => {
  const { cwd } = await shop();
  const result = await meridianProcess(
    ['query', '--csv', 'with recursive t(n) as (select 1 union all select n + 1 from t) select n from t'],
    { cwd, during: (child) => child.stdout?.once('data', () => child.kill('SIGINT')) },
  );
  expect([130, null]).toContain(result.code);
});

forEachEngineMigrated('catalog', (makePlace, engine) => {
  test('reads the databases of one place', async () => {
    const place = await makePlace();
    const env = place.environment('users', 'products', 'orders');
    const cwd = makeFolder();
    await meridian(['populate', '--quiet'], { cwd, env });
    const { code, stdout, stderr } = await meridian(
      [
        'query',
        '--json',
        '--param',
        'id=1',
        'select o.id, u.name from orders o join users u on u.id = o.user_id where o.id = :id',
      ],
      { cwd, env },
    );
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(JSON.parse(stdout)).toEqual([{ id: 1, name: expect.any(String) }]);
    for (const sql of [
      'with a as (delete from users returning id) select * from a',
      'select * from nowhere',
      'selec',
    ]) {
      expect(await meridian(['query', sql], { cwd, env })).toMatchObject({ code: 2, stdout: '' });
    }
    expect((await place.rowsOf('users')).length).toBeGreaterThan(0);
    expect(existsSync(join(cwd, 'databases'))).toBe(false);
    expect(engine).toBe(place.engine);
  });
});

describeWithPostgresql('PostgreSQL', () => {
  test('schemas of one database, values of all kinds, and a statement that may not write', async () => {
    const place = apart(await makePostgresqlPlace());
    const env = place.environment('users', 'products', 'orders');
    const cwd = makeFolder();
    await meridian(['populate', '--quiet'], { cwd, env });
    const run = (...args: string[]) => meridian(['query', ...args], { cwd, env });
    const joined = await run('--json', JOIN);
    expect(JSON.parse(joined.stdout).length).toBeGreaterThan(1);
    const values = await run(
      '--json',
      `select 9007199254740993::bigint as big, 5::bigint as small, '2026-01-02'::date as day, '2026-01-02T03:04:05.123456Z'::timestamptz as instant,
         '2026-01-02T03:04:05'::timestamp as local, 1.10::numeric as amount, '{"a": [1]}'::jsonb as json, '\\x00ff'::bytea as bytes, null as nothing, true as truth`,
    );
    expect(JSON.parse(values.stdout)).toEqual([
      {
        big: '9007199254740993',
        small: 5,
        day: '2026-01-02',
        instant: '2026-01-02T03:04:05.123456Z',
        local: '2026-01-02 03:04:05',
        amount: '1.10',
        json: { a: [1] },
        bytes: 'AP8=',
        nothing: null,
        truth: true,
      },
    ]);
    const exact = await run(
      '--json',
      `select '{"a": [12345678901234567890, 1.5]}'::jsonb as json, array['12345678901234567890.10'::numeric] as amounts, 'NaN'::float8 as none,
         array['2026-01-02T03:04:05.123456Z'::timestamptz] as instants`,
    );
    expect(exact.stdout).toBe(
      '[\n{"json":{"a":[12345678901234567890,1.5]},"amounts":["12345678901234567890.10"],"none":"NaN","instants":["2026-01-02 03:04:05.123456+00"]}\n]\n',
    );
    const lists = await run(
      '--json',
      `select array['Infinity'::float8, 1.5, null] as floats, array[9007199254740993, 5]::bigint[] as wholes, array['\\x00ff'::bytea] as bytes,
         array[array['{"a": 9007199254740993}'::jsonb]] as json`,
    );
    expect(lists.stdout).toBe(
      '[\n{"floats":["Infinity",1.5,null],"wholes":["9007199254740993",5],"bytes":["AP8="],"json":[[{"a":9007199254740993}]]}\n]\n',
    );
    expect((await run('--csv', 'explain select 1')).stdout).toMatch(/^QUERY PLAN\r\n/);
    expect((await run('--csv', 'select \'{"a": 1}\'::json as j')).stdout).toBe('j\r\n"{""a"":1}"\r\n');
    const many = await run('--csv', 'select n from generate_series(1, 2500) as n');
    expect(many.stdout.trimEnd().split('\r\n')).toHaveLength(2501);
    const written = await run("select setval('users.nothing', 1)");
    expect(written.code).toBe(2);
    const sequence = await run('select lo_create(0)');
    expect({ code: sequence.code, stdout: sequence.stdout }).toEqual({ code: 2, stdout: '' });
    expect(sequence.stderr).toContain('read-only');
  });

  test('mixed engines, and several server databases, are refused', async () => {
    const place = await makePostgresqlPlace();
    const other = await makePostgresqlPlace();
    const { run } = await shop();
    await run(['migrate', 'users', 'orders'], {
      env: { ...place.environment('orders'), ...other.environment('users') },
    });
    const mixed = await run(['query', 'select 1'], { env: place.environment('orders') });
    expect(mixed).toMatchObject({ code: 2, stdout: '' });
    expect(mixed.stderr).toContain(
      'users is on SQLite and orders on PostgreSQL, and a query runs on one engine. Move one of them with npx meridian copy orders --to <url>, or name databases of one engine with --database.',
    );
    const apart = await run(['query', '--database', 'users', '--database', 'orders', 'select 1'], {
      env: { ...place.environment('orders'), ...other.environment('users') },
    });
    expect(apart.stderr).toContain('PostgreSQL joins tables of one server database only.');
  });

  test('Ctrl-C ends a query on the server as well', async () => {
    const place = await makePostgresqlPlace();
    const env = place.environment('users');
    const cwd = makeFolder();
    await meridian(['migrate', 'users'], { cwd, env });
    const result = await meridianProcess(['query', '--database', 'users', "select 'asleep', pg_sleep(60)"], {
      cwd,
      env,
      during: (child) => {
        const watch = setInterval(async () => {
          const rows = await place.execute(
            'users',
            "select 1 from pg_stat_activity where state = 'active' and query like 'fetch%meridian_query'",
          );
          if (rows.length > 0) {
            clearInterval(watch);
            child.kill('SIGINT');
          }
        }, 100);
      },
    });
    expect(result.code).toBe(130);
    expect(
      await place.execute(
        'users',
        "select 1 from pg_stat_activity where state = 'active' and query like 'fetch%meridian_query'",
      ),
    ).toEqual([]);
  });
});
