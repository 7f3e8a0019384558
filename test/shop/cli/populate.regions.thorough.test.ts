/** `meridian populate` into regions: one by its name, or many by a column. */
import type { ChildProcess } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import process from 'node:process';
import { gzipSync } from 'node:zlib';
import { describe, expect, test } from '@jest/globals';
import { meridianStopped } from '../../support/breakpoint/breakpoint.ts';
import { type CommandResult, meridian } from '../../support/command.ts';
import { thoroughTest } from '../../support/depth.ts';
import { apart, forEachEngineMigrated, type Place } from '../../support/engines.ts';
import { makeFolder, writeIn } from '../../support/folder.ts';
import { realData } from '../../support/real-data.ts';
import { look } from '../../support/stored.ts';

const USERS = 'id,name,email\n1,Ada,ada@example.com\n2,Bob,bob@example.com\n';
const PRODUCTS = 'id,name,price\n1,Mug,5\n';
const HEADER = 'id,userId,productId,quantity,country\n';
const ORDERS = `${HEADER}1,1,1,1,United Kingdom\n2,2,1,1,France\n3,9,1,1,France\n4,1,1,1,EIRE\n`;

const databaseIn = (cwd: string, name: string) => join(cwd, 'databases', `${name}.db`);
const idsIn = (cwd: string, name: string) =>
  look(databaseIn(cwd, name), 'select id from orders order by id').map(({ id }) => id);

/** The counts that are not 0, by database. */
function countsOf({ stdout }: CommandResult): Record<string, Record<string, number>> {
  const { seconds: _, dryRun: __, interrupted: ___, ...databases } = JSON.parse(stdout);
  return Object.fromEntries(
    Object.entries(databases as Record<string, Record<string, number>>).map(([name, one]) => [
      name,
      Object.fromEntries(
        ['read', 'inserted', 'updated', 'unchanged', 'rejected'].flatMap((what) =>
          one[what] ? [[what, one[what]]] : [],
        ),
      ),
    ]),
  );
}

function withFiles(): string {
  const cwd = makeFolder();
  writeIn(cwd, 'users.csv', USERS);
  writeIn(cwd, 'products.csv', PRODUCTS);
  writeIn(cwd, 'orders.csv', ORDERS);
  return cwd;
}

const TARGETS = ['--users', 'users.csv', '--products', 'products.csv'];

describe('--region', () => {
  test('the sample, orders into the region', async () => {
    const cwd = makeFolder();
    const { code, stdout, stderr } = await meridian(['populate', '--region', 'boston'], { cwd });
    expect({ code, errors: stderr.match(/^Error.*/m) }).toEqual({ code: 0, errors: null });
    expect(stdout).toMatch(/^Inserted order 1: 2 of product 1 for user 1$/m);
    expect(stdout).toMatch(/│ orders\.boston │ +10 │ +6 │/);
    expect(stdout).toContain('rejects/orders.boston.ndjson');
    expect(readdirSync(join(cwd, 'rejects')).sort()).toEqual([
      'orders.boston.ndjson',
      'products.ndjson',
      'users.ndjson',
    ]);
    expect(existsSync(databaseIn(cwd, 'orders'))).toBe(false);
    expect(look(databaseIn(cwd, 'orders.boston'), 'select count(*) as events from outbox_event')).toEqual([
      { events: 6 },
    ]);
    const again = await meridian(['populate', '--region', 'boston', '--json', '--quiet'], { cwd });
    expect(countsOf(again)['orders.boston']).toEqual({ read: 10, unchanged: 6, rejected: 4 });
  });

  test('files, a format and a column by the name that options have; references are checked; a new region is made', async () => {
    const cwd = withFiles();
    writeIn(cwd, 'orders.txt', 'id,buyer,productId,quantity\n1,1,1,1\n2,9,1,1\n');
    const args = ['--orders', 'orders.txt', '--format', 'orders=csv', '--map', 'orders.userId=buyer'];
    const result = await meridian(['populate', '--json', '--quiet', ...TARGETS, ...args, '--region', 'new-york'], {
      cwd,
    });
    expect(result.code).toBe(0);
    expect(countsOf(result)).toEqual({
      users: { read: 2, inserted: 2 },
      products: { read: 1, inserted: 1 },
      'orders.new-york': { read: 2, inserted: 1, rejected: 1 },
    });
    expect(idsIn(cwd, 'orders.new-york')).toEqual([1]);
  });

  test('generated data', async () => {
    const cwd = makeFolder();
    const result = await meridian(['populate', '--json', '--quiet', '--generate', '50', '--region', 'denver'], { cwd });
    expect(countsOf(result)['orders.denver']).toEqual({ read: 50, inserted: 50 });
  });
});

describe('--region-by', () => {
  test('what was rejected is fed back in with the columns that --map named', async () => {
    const cwd = withFiles();
    writeIn(cwd, 'orders.csv', ORDERS.replace('userId', 'Customer').replace('1,1,1,1,', '1,1,1,0,'));
    const load = async (...args: string[]) =>
      countsOf(await meridian(['populate', '--json', '--quiet', ...args, '--region-by', 'country'], { cwd }));
    await load(...TARGETS, '--orders', 'orders.csv', '--map', 'orders.userId=Customer');
    const rejects = join(cwd, 'rejects', 'orders.united-kingdom.ndjson');
    writeIn(cwd, 'fixed.ndjson', readFileSync(rejects, 'utf8').replace('"quantity":"0"', '"quantity":"2"'));
    expect(await load('--orders', 'fixed.ndjson')).toEqual({ 'orders.united-kingdom': { read: 1, inserted: 1 } });
    expect(look(databaseIn(cwd, 'orders.united-kingdom'), 'select user_id, quantity from orders')).toEqual([
      { user_id: 1, quantity: 2 },
    ]);
  });

  test('each value becomes a region, unless the map names another', async () => {
    const cwd = withFiles();
    writeIn(cwd, 'map.csv', 'Value,Region\nEIRE,ireland\nUnited Kingdom,uk\n');
    const args = ['--orders', 'orders.csv', '--region-by', 'Country', '--region-map', 'map.csv'];
    const { code, stdout, stderr } = await meridian(['populate', ...TARGETS, ...args], { cwd });
    expect({ code, errors: stderr.match(/^(Error|Warning).*/m) }).toEqual({ code: 0, errors: null });
    expect(stdout).toMatch(/^Rejected order 3: User 9 does not exist$/m);
    expect(stdout).toMatch(/│ orders\.france +│ +2 │ +1 │ +0 │ +0 │ +1 │/);
    expect(['uk', 'france', 'ireland'].map((name) => idsIn(cwd, `orders.${name}`))).toEqual([[1], [2], [4]]);
    const lines = readFileSync(join(cwd, 'rejects', 'orders.france.ndjson'), 'utf8')
      .trim()
      .split('\n');
    expect(lines.map((line) => JSON.parse(line))).toMatchObject([{ number: 3, line: 4, record: { id: '3' } }]);
    // what a populate has met is known
    const known = await meridian(['migrate:status', '--json'], { cwd });
    expect(Object.keys(JSON.parse(known.stdout))).toEqual(expect.arrayContaining(['orders.uk', 'orders.ireland']));
  });

  test('standard input, packed, as JSON, strictly', async () => {
    const cwd = withFiles();
    const records = [
      { id: 1, userId: 1, productId: 1, quantity: 1, country: 'France' },
      { id: 2, userId: 1, productId: 1, quantity: 1 },
    ];
    const args = ['--orders', '-', '--format', 'orders=json', '--region-by', 'country', '--strict'];
    const input = gzipSync(JSON.stringify(records));
    const result = await meridian(['populate', '--json', '--quiet', ...TARGETS, ...args], { cwd, input });
    expect(result.code).toBe(1);
    expect(countsOf(result)['orders.france']).toEqual({ read: 2, inserted: 1, rejected: 1 });
  });

  test('a dry run writes nothing', async () => {
    const cwd = withFiles();
    const args = ['--orders', 'orders.csv', '--region-by', 'country', '--dry-run'];
    const result = await meridian(['populate', '--json', '--quiet', ...TARGETS, ...args], { cwd });
    expect(countsOf(result)).toMatchObject({ 'orders.eire': { inserted: 1 }, 'orders.france': { rejected: 1 } });
    expect(readdirSync(cwd).sort()).toEqual(['orders.csv', 'products.csv', 'users.csv']);
  });

  test('many records are reported as counts, in any number of regions', async () => {
    const cwd = withFiles();
    const lines = Array.from({ length: 102 }, (_, id) => `${id + 1},1,1,1,${id % 2 ? 'A' : 'B'}\n`);
    writeIn(cwd, 'orders.csv', `${HEADER}${lines.join('')}`);
    const args = ['--orders', 'orders.csv', '--region-by', 'country'];
    const { stdout } = await meridian(['populate', ...TARGETS, ...args], { cwd });
    expect(stdout).toMatch(/^Inserted user 1: Ada/m);
    expect(stdout).not.toMatch(/order \d/);
    expect(stdout).toMatch(/│ orders\.a +│ +51 │ +51 │/);
  });
});

describe('a command line that is wrong', () => {
  const wrong: [args: string, message: RegExp][] = [
    ['--region New_York', /A region cannot be called "New_York"\. .*such as new-york/],
    ['--region boston --users users.csv', /--region boston needs --orders <file>/],
    ['--region boston --region-by country --orders orders.csv', /--region .* and --region-by .*: give one of them/],
    ['--region-by country', /--region-by country needs --orders <file>/],
    ['--region-by country --generate 10', /--region-by country needs --orders <file>/],
    ['--region-map map.csv --orders orders.csv', /--region-map needs --region-by/],
    ['--orders orders.csv --region-by country --region-map none.csv', /--region-map: none\.csv does not exist/],
    [
      '--orders orders.csv --region-by country --region-map orders.csv',
      /--region-map: orders\.csv: no column for value, region/,
    ],
    [
      '--orders orders.csv --region-by country --region-map bad.csv',
      /--region-map: bad\.csv, line 3: "Up North" .*; write up-north\./,
    ],
  ];

  test.each(wrong)('%s', async (args, message) => {
    const cwd = withFiles();
    writeIn(cwd, 'bad.csv', 'value,region\nFrance,france\nEIRE,Up North\n');
    const { code, stdout, stderr } = await meridian(['populate', ...args.split(' ')], { cwd });
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toMatch(message);
    expect(existsSync(join(cwd, 'databases'))).toBe(false);
  });

  test('a column that is not there is not the fault of the command line', async () => {
    const cwd = withFiles();
    const { code, stderr } = await meridian(['populate', '--orders', 'orders.csv', '--region-by', 'land'], { cwd });
    expect(code).toBe(1);
    expect(stderr).toMatch(/^Error: orders\.csv: no column for land\. Columns found: id, userId, /m);
  });
});

forEachEngineMigrated('catalog', (makePlace) => {
  const REGIONS = ['orders.boston', 'orders.denver', 'orders.seattle'];
  const RECORDS = 60_000;

  /** A file with orders of three regions, some of which point at nothing. */
  function ordersFile(place: Place): string {
    const lines = Array.from({ length: RECORDS }, (_, index) => {
      const id = index + 1;
      const region = ['Boston', 'Denver', 'Seattle'][(index % 7) % 3];
      return `${id},${id % 41 === 0 ? 99 : 1},1,${id % 97 === 0 ? 0 : 1},${region}\n`;
    });
    return writeIn(place.folder, 'all.csv', `${HEADER}${lines.join('')}`);
  }

  function populate(place: Place, disturb?: (child: ChildProcess) => unknown): Promise<CommandResult> {
    writeIn(place.folder, 'users.csv', USERS);
    writeIn(place.folder, 'products.csv', PRODUCTS);
    const args = ['populate', ...TARGETS, '--orders', 'all.csv', '--region-by', 'country', '--json', '--quiet'];
    const options = {
      cwd: place.folder,
      env: { ...place.environment('users', 'products', ...REGIONS), TMPDIR: place.folder },
    };
    return disturb ? meridianStopped('after-commit', args, options, disturb) : meridian(args, options);
  }

  async function contentsOf(place: Place): Promise<unknown> {
    const tables = await Promise.all(
      REGIONS.map(async (name) => [
        await place.execute(name, 'select id, user_id, quantity, country, version from orders order by id'),
        await place.execute(
          name,
          'select aggregate_id, aggregate_version, payload from outbox_event order by aggregate_id',
        ),
      ]),
    );
    return [tables, REGIONS.map((name) => readFileSync(join(place.folder, 'rejects', `${name}.ndjson`), 'utf8'))];
  }

  thoroughTest(
    'a populate that is killed is continued by the same command, and ends as if nothing had happened',
    async () => {
      const [place, straight] = [apart(await makePlace()), apart(await makePlace())];
      ordersFile(place);
      ordersFile(straight);
      const killed = await populate(place, (child) => child.kill('SIGKILL'));
      expect(killed.code).toBeNull();
      const [again, expected] = [await populate(place), await populate(straight)];
      expect({ code: again.code, stderr: again.stderr }).toEqual({ code: 0, stderr: '' });
      expect(countsOf(again)).toEqual(countsOf(expected));
      const rejected = countsOf(again)['orders.boston']?.['rejected'];
      expect(rejected).toBeGreaterThan(0);
      expect(await contentsOf(place)).toEqual(await contentsOf(straight));
    },
  );

  thoroughTest('real orders of a month, a region for each country', async () => {
    const data = realData('online-retail-2010');
    if (data === undefined) {
      process.stderr.write('Skipped: the orders of 2010 are not here.\n');
      return;
    }
    const { byCountry, orders, users, products } = JSON.parse(readFileSync(join(data, 'expected.json'), 'utf8'));
    const place = apart(await makePlace());
    const countries = Object.keys(byCountry).map((name) => name.toLowerCase().replaceAll(' ', '-'));
    const databases = [...countries, 'bahrain', 'israel'].map((name) => `orders.${name}`);
    const files = ['users', 'products', 'orders'].flatMap((name) => [`--${name}`, join(data, `${name}.csv`)]);
    const result = await meridian(['populate', '--json', '--quiet', ...files, '--region-by', 'country'], {
      cwd: place.folder,
      env: place.environment('users', 'products', ...databases),
    });
    expect(result.code).toBe(0);
    const { users: ofUsers, products: ofProducts, ...counts } = countsOf(result);
    expect([ofUsers?.['inserted'], ofProducts?.['inserted']]).toEqual([users.inserted, products.inserted]);
    expect(Object.keys(counts).sort()).toEqual(databases.sort());
    const sum = (what: string) => Object.values(counts).reduce((all, one) => all + (one[what] ?? 0), 0);
    expect([sum('read'), sum('inserted')]).toEqual([orders.read, orders.insertedOnceUnitPriceIsRead]);
    for (const [index, { orders: expected }] of (Object.values(byCountry) as { orders: number }[]).entries()) {
      expect([countries[index], counts[`orders.${countries[index]}`]?.['inserted']]).toEqual([
        countries[index],
        expected,
      ]);
    }
    const [france] = await place.execute('orders.france', 'select count(*) as events from outbox_event');
    expect(Number(france?.['events'])).toBe(byCountry.France.orders);
  });
});
