/** `meridian rejects`: what runs have rejected is listed, explained, exported, loaded again and deleted. */
import { cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from '@jest/globals';
import { SqliteFile } from '../../../../src/database/sqlite/better-sqlite3.ts';
import { writeIn } from '../../../support/folder.ts';
import { project } from '../../../support/project.ts';
import { look } from '../../../support/stored.ts';
import { type Workspace, workspace } from '../../../support/workspace.ts';

const USERS = 'id,name,Mail\n1,Ann,ann@example.com\n2,,bob@example.com\n3,Cid,none\n4,,dan@example.com\n';
const MAPPED = ['--map', 'users.email=Mail'];
const PRODUCTS = 'id,sku,name,price\n1,S1,One,1.00\n';
const ORDERS = 'id,userId,productId,quantity\n1,1,1,1\n2,9,1,1\n3,1,1,-2\n';

/** What two loads leave, which each test that needs it gets a copy of. */
const left = mkdtempSync(join(tmpdir(), 'meridian-test-'));

afterAll(() => rmSync(left, { recursive: true }));

async function loaded(): Promise<Workspace> {
  const place = workspace();
  if (readdirSync(left).length === 0) {
    await load(place);
    cpSync(place.cwd, left, { recursive: true });
  } else {
    cpSync(left, place.cwd, { recursive: true });
  }
  return place;
}

async function load(place: Workspace): Promise<void> {
  writeIn(place.cwd, 'users.csv', USERS);
  writeIn(place.cwd, 'products.csv', PRODUCTS);
  writeIn(place.cwd, 'orders.csv', ORDERS);
  const { code } = await place.run(['populate', '--users', 'users.csv', ...MAPPED]);
  expect(code).toBe(0);
  expect((await place.run(['populate', '--products', 'products.csv', '--orders', 'orders.csv'])).code).toBe(0);
}

const databaseIn = ({ cwd }: Workspace, name: string) => join(cwd, 'databases', `${name}.db`);

function change(place: Workspace, database: string, sql: string, ...values: readonly unknown[]): void {
  const connection = new SqliteFile(databaseIn(place, database));
  connection.prepare(sql).run(...values);
  connection.close();
}

const json = async ({ run }: Workspace, ...args: string[]) => {
  const { code, stdout } = await run(['rejects', ...args, '--json']);
  return { code, value: JSON.parse(stdout) };
};
const runsOf = async (place: Workspace) => (await json(place, 'list')).value as { run: string }[];

test('nothing was rejected yet', async () => {
  const place = workspace();
  for (const [command, nothing] of Object.entries({
    list: [],
    show: { run: null, tables: {} },
    export: {},
    retry: {},
  })) {
    const out = command === 'export' ? ['--out', 'nothing.csv'] : [];
    expect([command, await json(place, command, ...out)]).toEqual([command, { code: 0, value: nothing }]);
    expect((await place.run(['rejects', command])).code).toBe(0);
  }
  expect(existsSync(join(place.cwd, 'nothing.csv'))).toBe(false);
});

test('list names the runs with rejects, the newest first', async () => {
  const place = await loaded();
  const { value } = await json(place, 'list');
  expect(value).toEqual([
    {
      run: expect.any(String),
      startedAt: expect.any(String),
      tables: [{ table: 'orders', source: 'orders.csv', state: 'finished', startedAt: expect.any(String), rejects: 2 }],
    },
    {
      run: expect.any(String),
      startedAt: expect.any(String),
      tables: [expect.objectContaining({ table: 'users', rejects: 3 })],
    },
  ]);
  const { stdout } = await place.run(['rejects', 'list', '--limit', '1']);
  expect(stdout).toContain(value[0].run);
  expect(stdout).not.toContain('users.csv');
});

describe('show', () => {
  test('groups the rejects by their reason, with the values that were wrong', async () => {
    const place = await loaded();
    const [, first] = await runsOf(place);
    const { value } = await json(place, 'show', first?.run.slice(0, 24) ?? '', '--examples', '1');
    expect(value.tables.users).toMatchObject({
      source: 'users.csv',
      state: 'finished',
      rejects: 3,
      reasons: [
        { property: 'name', count: 2, examples: [{ number: 2, file: null, line: 3, value: '' }] },
        // by the column that --map named
        { property: 'email', count: 1, examples: [{ line: 4, value: 'none' }] },
      ],
    });
    const { stdout } = await place.run(['rejects', 'show']);
    expect(stdout).toMatch(/orders: 2 records of orders\.csv rejected/);
    expect(stdout).toMatch(/orders\.csv, line 3/);
    expect(stdout).toMatch(/"-2"/);
  });

  test('refuses a run that has none, a start of several, and a table without', async () => {
    const place = await loaded();
    expect((await place.run(['rejects', 'show', 'nonesuch'])).stderr).toMatch(/No run "nonesuch" has rejects/);
    expect((await place.run(['rejects', 'show', '20'])).stderr).toMatch(/2 runs with rejects begin with "20"/);
    const { code, stderr } = await place.run(['rejects', 'show', '--table', 'users']);
    expect([code, stderr]).toEqual([2, expect.stringMatching(/has no rejects of "users", but of orders\./)]);
  });
});

describe('export', () => {
  test('writes the lines of a rejects file', async () => {
    const place = await loaded();
    const { stdout } = await place.run(['rejects', 'export']);
    expect(stdout).toBe(readFileSync(join(place.cwd, 'rejects', 'orders.ndjson'), 'utf8'));
  });

  test('writes CSV with the reason, which can be corrected and loaded', async () => {
    const place = await loaded();
    const [, first] = await runsOf(place);
    expect((await place.run(['rejects', 'export', first?.run ?? '', '--out', 'fix.csv'])).code).toBe(0);
    const text = readFileSync(join(place.cwd, 'fix.csv'), 'utf8');
    expect(text.split('\n').slice(0, 2)).toEqual([
      'rejected_number,rejected_file,rejected_line,rejected_because,id,name,Mail',
      '2,,3,Name cannot be empty,2,,bob@example.com',
    ]);
    writeIn(place.cwd, 'fix.csv', text.replace(',2,,bob', ',2,Bob,bob'));
    const { code, stderr } = await place.run(['populate', '--users', 'fix.csv', ...MAPPED]);
    expect(code).toBe(0);
    expect(stderr).not.toMatch(/rejected_number/);
    expect(await place.place.rowsOf('users')).toMatchObject([{ id: 1 }, { id: 2, name: 'Bob' }]);
  });

  test.each(['fix.csv', 'fix.ndjson'])(
    'into %s: what could not be read as a record has its reason when it is loaded again',
    async (file) => {
      const place = workspace();
      writeIn(place.cwd, 'users.csv', 'id,name,email\n1,Ada\n2,"Bob\n');
      const load = (path: string) => place.run(['populate', '--users', path]);
      await load('users.csv');
      const reasons = async () => {
        const { value } = await json(place, 'show');
        return value.tables.users.reasons.map(
          ({ count, examples }: { count: number; examples: { message: string }[] }) => [
            count,
            examples.map(({ message }) => message),
          ],
        );
      };
      const first = await reasons();
      expect(first).toEqual([
        [2, [expect.stringMatching(/^The row has 2 fields/), expect.stringMatching(/^A quote is/)]],
      ]);
      await place.run(['rejects', 'export', '--out', file]);
      const { code, stderr } = await load(file);
      expect([code, stderr]).toEqual([0, expect.not.stringContaining('Warning: fix')]);
      expect(await reasons()).toEqual(first);
      // again from its own rejects
      await place.run(['rejects', 'export', '--out', file]);
      expect(await load(file)).toMatchObject({ code: 0 });
      expect(await reasons()).toEqual(first);
    },
  );

  test('as CSV, what could not be read as a record can be filled in', async () => {
    const place = workspace();
    writeIn(place.cwd, 'users.csv', 'id,name,Mail\n1,Ada\n');
    await place.run(['populate', '--users', 'users.csv', ...MAPPED]);
    await place.run(['rejects', 'export', '--out', 'fix.csv']);
    const [header = '', row = ''] = readFileSync(join(place.cwd, 'fix.csv'), 'utf8').split('\n');
    expect(header).toMatch(/^rejected_number,rejected_file,rejected_line,rejected_because,rejected_text,id,name,Mail/);
    const filled = `${row.replace(/,*$/, '')},1,Ada,ada@example.com`;
    const spare = ','.repeat(header.split(',').length - 8);
    writeIn(place.cwd, 'fix.csv', `${header}\n${filled}${spare}\n`);
    expect((await place.run(['populate', '--users', 'fix.csv', ...MAPPED])).code).toBe(0);
    expect(await place.place.rowsOf('users')).toMatchObject([{ id: 1, name: 'Ada' }]);
  });

  test('writes a file of each table into a folder', async () => {
    const place = workspace();
    writeIn(place.cwd, 'users.csv', USERS);
    writeIn(place.cwd, 'orders.csv', ORDERS);
    await place.run(['populate', '--users', 'users.csv', ...MAPPED, '--orders', 'orders.csv']);
    expect((await place.run(['rejects', 'export', '--out', 'both.ndjson'])).stderr).toMatch(
      /has rejects of users, orders\. Name one of them with --table, or a folder/,
    );
    mkdirSync(join(place.cwd, 'out'));
    const { value } = await json(place, 'export', '--out', 'out', '--format', 'csv');
    expect(Object.keys(value)).toEqual(['users', 'orders']);
    expect(readdirSync(join(place.cwd, 'out')).sort()).toEqual(['orders.rejects.csv', 'users.rejects.csv']);
    expect((await place.run(['rejects', 'export', '--json'])).code).toBe(2);
  });

  test('as CSV, a number of JSON that settings of values would read as another one is warned of', async () => {
    const place = workspace();
    writeIn(place.cwd, 'products.ndjson', '{"id":1,"name":"","price":1.5}\n');
    await place.run(['populate', '--products', 'products.ndjson', '--decimal', ',']);
    const exported = (...out: string[]) => place.run(['rejects', 'export', '--out', ...out]);
    expect((await exported('fix.csv')).stderr).toMatch(/^Warning: products: 1 record of it would be read otherwise/m);
    expect((await exported('fix.ndjson')).stderr).not.toContain('Warning');
  });
});

describe('retry', () => {
  test('loads what can go in by now, with the columns of the run, and keeps the rest under its lines', async () => {
    const place = await loaded();
    const [second, first] = await runsOf(place);
    writeIn(place.cwd, 'more.csv', 'id,name,email\n9,Ida,ida@example.com\n');
    await place.run(['populate', '--users', 'more.csv']);
    const dry = await json(place, 'retry', '--dry-run');
    expect(dry).toMatchObject({ code: 0, value: { orders: { read: 2, inserted: 1, rejected: 1 } } });
    expect(await runsOf(place)).toHaveLength(2);

    expect(await json(place, 'retry')).toMatchObject({
      code: 0,
      value: { orders: { read: 2, inserted: 1, rejected: 1 } },
    });
    expect(await place.place.rowsOf('orders')).toMatchObject([{ id: 1 }, { id: 2, user_id: 9 }]);
    const after = await runsOf(place);
    expect(after.map(({ run }) => run)).not.toContain(second?.run);
    const { value } = await json(place, 'show');
    expect(value.tables.orders.reasons).toMatchObject([{ property: 'quantity', examples: [{ number: 3, line: 4 }] }]);
    // the mapping of the run is used again: the same reasons, with its column
    expect(await json(place, 'retry', first?.run ?? '')).toMatchObject({
      value: { users: { read: 3, rejected: 3, reasons: [{ property: 'name', count: 2 }, { property: 'email' }] } },
    });
    expect(readFileSync(join(place.cwd, 'rejects', 'users.ndjson'), 'utf8')).toContain('"map":{"email":"Mail"}');
  });

  test.each([
    ['everything or nothing', { allOrNothing: true }],
    ['a limit', { maxRejects: 0 }],
  ])('keeps what it cannot load yet, where the config wants %s of files', async (_, defaults) => {
    const place = await loaded();
    writeIn(place.cwd, 'more.csv', 'id,name,email\n9,Ida,ida@example.com\n');
    await place.run(['populate', '--users', 'more.csv']);
    const { code, stdout } = await place.run(['rejects', 'retry', '--json'], {
      project: { ...project, defaults },
    });
    expect([code, JSON.parse(stdout)]).toEqual([
      0,
      expect.objectContaining({ orders: expect.objectContaining({ read: 2, inserted: 1, rejected: 1 }) }),
    ]);
    expect(await place.place.rowsOf('orders')).toHaveLength(2);
    expect((await json(place, 'show')).value.tables.orders).toMatchObject({ rejects: 1 });
  });

  test('continues a retry that was stopped, and no prune takes away what it needs', async () => {
    const place = await loaded();
    const [second] = await runsOf(place);
    const rejects = look(databaseIn(place, 'orders'), 'select * from meridian_rejects_orders');
    expect((await place.run(['rejects', 'retry'])).code).toBe(0);
    // as if its process had been killed while it wrote its rejects file
    change(
      place,
      'orders',
      "update meridian_runs_orders set state = 'checked' where id = (select max(id) from meridian_runs_orders)",
    );
    for (const row of rejects) {
      change(
        place,
        'orders',
        'insert into meridian_rejects_orders (number, line, record, errors, file, run, entity) values (@number, @line, @record, @errors, @file, @run, @entity)',
        row,
      );
    }
    const [open] = await runsOf(place);
    expect(open?.run).not.toBe(second?.run);
    expect((await json(place, 'prune', '--keep', '1')).value).toEqual([]);
    expect((await place.run(['rejects', 'retry'])).stderr).toMatch(/continuing the run/);
    expect((await runsOf(place)).map(({ run }) => run)).not.toContain(second?.run);
    expect((await json(place, 'list')).value[0].tables[0].state).toBe('finished');
  });

  test('leaves a run that is still open to its own command', async () => {
    const place = workspace();
    writeIn(place.cwd, 'users.csv', USERS);
    await place.run(['populate', '--users', 'users.csv', ...MAPPED, '--max-rejects', '0']);
    const { code, stderr } = await place.run(['rejects', 'retry']);
    expect(code).toBe(2);
    expect(stderr).toMatch(/users: the run .* was stopped before its end, and its command would continue it/);
  });
});

describe('prune', () => {
  test('deletes those of older runs, and tells which', async () => {
    const place = await loaded();
    writeIn(place.cwd, 'more.csv', 'id,name,email\n8,,h@example.com\n');
    await place.run(['populate', '--users', 'more.csv']);
    expect((await place.run(['rejects', 'prune'])).code).toBe(2);
    expect((await json(place, 'prune', '--older-than', '1')).value).toEqual([]);
    const dry = await json(place, 'prune', '--keep', '1', '--dry-run');
    expect(dry.value).toMatchObject([{ table: 'users', rejects: 3 }]);
    expect(await runsOf(place)).toHaveLength(3);
    expect((await place.run(['rejects', 'prune', '--keep', '1'])).stdout).toMatch(/Deleted 3 rejects/);
    expect((await runsOf(place)).map(({ run }) => run)).not.toContain(dry.value[0].run);
    expect(await runsOf(place)).toHaveLength(2);
  });

  test('keeps those of a run that is open', async () => {
    const place = workspace();
    writeIn(place.cwd, 'users.csv', USERS);
    await place.run(['populate', '--users', 'users.csv', ...MAPPED, '--max-rejects', '0']);
    expect((await place.run(['rejects', 'prune', '--older-than', '1', '--keep', '1'])).stdout).toMatch(
      /Deleted 0 rejects/,
    );
    expect(await runsOf(place)).toHaveLength(1);
  });
});
