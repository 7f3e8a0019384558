/** `meridian report`: what it prints in each form, what it says beside it, and how it exits. */
import { mkdirSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, expect, test } from '@jest/globals';
import Papa from 'papaparse';
import { Database } from '../../../src/database/database.ts';
import { migrateUp } from '../../../src/database/migrate.ts';
import { OutboxEvent } from '../../../src/replication/outbox/outbox-event.entity.ts';
import { regionDatabase } from '../../../src/shop/regions/databases.ts';
import { addCursors, addDeadLetters, addOrders, addStock, centralIn } from '../../support/central.ts';
import { type CommandResult, meridian } from '../../support/command.ts';
import { forEachEngineMigratedThoroughly, type Place, sqlitePlace } from '../../support/engines.ts';
import { makeFolder } from '../../support/folder.ts';

const opened: Database[] = [];

afterEach(async () => {
  await Promise.all(opened.splice(0).map((database) => database.close()));
});

/** A folder that commands run in, and where their databases are. */
function workspace(): { readonly cwd: string; readonly place: Place } {
  const cwd = makeFolder();
  mkdirSync(join(cwd, 'databases'));
  return { cwd, place: sqlitePlace(join(cwd, 'databases')) };
}

const report = (cwd: string, ...args: string[]): Promise<CommandResult> => meridian(['report', ...args], { cwd });

async function withSales(): Promise<{ readonly cwd: string; readonly place: Place }> {
  const { cwd, place } = workspace();
  const central = await centralIn(place);
  await addOrders(central, [
    { country: 'France', quantity: 340, unitPrice: '3.03' },
    { country: 'France', quantity: 1, unitPrice: '2.65', region: 'denver', productId: 2 },
    { country: 'Norway, "Svalbard"', quantity: 900_719_926, unitPrice: '1000000.01', region: 'denver' },
    { country: null, quantity: 1, unitPrice: null, placedAt: null },
    { country: 'Spain', status: 'pending' },
  ]);
  await addStock(central, [
    { name: 'Mug', onHand: 1200 },
    { name: 'Vase', productId: 2, region: 'denver', onHand: 3, unitPrice: '2500.00' },
  ]);
  return { cwd, place };
}

test('a table has totals and separators, and a note for what is not in it', async () => {
  const { cwd } = await withSales();
  const { code, stdout, stderr } = await report(cwd, 'sales', '--by', 'country');
  expect(code).toBe(0);
  expect(stdout).toBe(
    [
      '┌────────────────────┬────────┬─────────────┬────────────────────────┐',
      '│ country            │ orders │       units │                revenue │',
      '├────────────────────┼────────┼─────────────┼────────────────────────┤',
      '│ Norway, "Svalbard" │      1 │ 900,719,926 │ 900,719,935,007,199.26 │',
      '│ France             │      2 │         341 │               1,032.85 │',
      '│ (none)             │      1 │           1 │                   0.00 │',
      '│ total              │      4 │ 900,720,268 │ 900,719,935,008,232.11 │',
      '└────────────────────┴────────┴─────────────┴────────────────────────┘',
      '',
    ].join('\n'),
  );
  expect(stderr).toBe(
    'Not counted: 1 pending order: npx meridian verify --repair confirms or cancels what is pending.\n' +
      'Without a unit price: 1 order, counted with their units, without revenue.\n',
  );
  expect(await report(cwd, 'sales', '--quiet')).toEqual({ code: 0, stdout: '', stderr: '' });
});

test('JSON is an array of plain objects named after --by, without totals', async () => {
  const { cwd } = await withSales();
  const country = await report(cwd, 'sales', '--by', 'country', '--json');
  expect(country.stdout).toBe(
    '[{"country":"Norway, \\"Svalbard\\"","orders":1,"units":900719926,"revenue":"900719935007199.26"},' +
      '{"country":"France","orders":2,"units":341,"revenue":"1032.85"},' +
      '{"country":null,"orders":1,"units":1,"revenue":"0.00"}]\n',
  );
  expect(country.stderr).toContain('Not counted: 1 pending order');
  const keys = async (...args: string[]) => JSON.parse((await report(cwd, ...args, '--json')).stdout);
  expect(await keys('sales', '--by', 'product', '--region', 'denver', '--to', '2010-12-01')).toEqual([
    { product: 1, orders: 1, units: 900719926, revenue: '900719935007199.26' },
    { product: 2, orders: 1, units: 1, revenue: '2.65' },
  ]);
  expect(await keys('sales', '--by', 'day', '--region', 'boston')).toEqual([
    { day: '2010-12-01', orders: 1, units: 340, revenue: '1030.20' },
    { day: null, orders: 1, units: 1, revenue: '0.00' },
  ]);
  expect(await keys('products')).toEqual([
    { product: 1, name: 'Mug', orders: 3, units: 900720267, revenue: '900719935008229.46', onHand: 1200 },
    { product: 2, name: 'Vase', orders: 1, units: 1, revenue: '2.65', onHand: 3 },
  ]);
  expect(await keys('stock')).toEqual([
    { region: 'boston', product: 1, name: 'Mug', onHand: 1200, unitPrice: '1.50', value: '1800.00' },
    { region: 'denver', product: 2, name: 'Vase', onHand: 3, unitPrice: '2500.00', value: '7500.00' },
  ]);
});

test('CSV has a header, quotes what needs it, and no totals', async () => {
  const { cwd } = await withSales();
  const { code, stdout } = await report(cwd, 'sales', '--by', 'country', '--csv', '--quiet');
  expect(code).toBe(0);
  expect(stdout).toBe(
    'country,orders,units,revenue\r\n' +
      '"Norway, ""Svalbard""",1,900719926,900719935007199.26\r\n' +
      'France,2,341,1032.85\r\n' +
      ',1,1,0.00\r\n',
  );
  expect(Papa.parse((await report(cwd, 'stock', '--csv')).stdout.trimEnd()).data).toEqual([
    ['region', 'product', 'name', 'onHand', 'unitPrice', 'value'],
    ['boston', '1', 'Mug', '1200', '1.50', '1800.00'],
    ['denver', '2', 'Vase', '3', '2500.00', '7500.00'],
  ]);
});

test('no text in CSV is a formula, and numbers stay numbers', async () => {
  const { cwd, place } = workspace();
  const names = [
    '=1+1',
    '+1+1',
    '-2+3+cmd|x',
    '@SUM(A1)',
    '\t=1',
    '\r=1',
    '\n=1',
    '＝1',
    '=HYPERLINK("http://x")',
    "it's",
    '-12.50',
    '7',
  ];
  await addStock(
    await centralIn(place),
    names.map((name, index) => ({ name, productId: index + 1, onHand: index + 1, unitPrice: '1.00' })),
  );
  const { stdout } = await report(cwd, 'stock', '--csv');
  const { data } = Papa.parse<string[]>(stdout, { skipEmptyLines: true });
  expect(data.slice(1).map(([, , name]) => name)).toEqual([
    "'=1+1",
    "'+1+1",
    "'-2+3+cmd|x",
    "'@SUM(A1)",
    "'\t=1",
    "'\r=1",
    "'\n=1",
    "'＝1",
    `'=HYPERLINK("http://x")`,
    "it's",
    '-12.50',
    '7',
  ]);
  expect(data[2]).toEqual(['boston', '2', "'+1+1", '2', '1.00', '2.00']);
  // a program reads what was stored
  expect(JSON.parse((await report(cwd, 'stock', '--json')).stdout).map(({ name }: { name: string }) => name)).toEqual(
    names,
  );
});

test('a chart has a bar a row, is plain text and as wide as where there is no terminal', async () => {
  const { cwd } = await withSales();
  const { code, stdout } = await report(cwd, 'stock', '--chart');
  expect(code).toBe(0);
  const lines = stdout.trimEnd().split('\n');
  expect(lines[0]).toBe('Value of stock by region and product');
  expect(lines[1]).toMatch(/^boston Mug {2}1,800\.00 ╢█+$/);
  expect(lines[2]).toMatch(/^denver Vase 7,500\.00 ╢█+$/);
  expect(lines[2]).toHaveLength(80);
  expect(lines[3]).toMatch(/^ +╚═+$/);
  // biome-ignore lint/suspicious/noControlCharactersInRegex: that is what must not be there
  expect(stdout).not.toMatch(/\u001b/);
  for (const args of [['sales', '--by', 'day'], ['products'], ['lag']]) {
    expect((await report(cwd, ...args, '--chart')).code).toBe(0);
  }
});

test('a chart of very many rows shows those that matter most, and says what it leaves out', async () => {
  const { cwd, place } = workspace();
  const days = Array.from({ length: 60 }, (_, index) => new Date(Date.UTC(2010, 0, 1 + index)).toISOString());
  await addOrders(
    await centralIn(place),
    days.map((placedAt, index) => ({ placedAt, productId: index + 1, quantity: index + 1 })),
  );
  const byDay = (await report(cwd, 'sales', '--by', 'day', '--chart')).stdout;
  expect(byDay).toMatch(/^Revenue by day\n2010-01-11 /);
  expect(byDay).toMatch(/\n2010-03-01 .*\n.*\nBefore these: 10 more rows\. The table has all rows\.\n$/);
  const byProduct = (await report(cwd, 'sales', '--by', 'product', '--chart')).stdout;
  expect(byProduct).toMatch(/^Revenue by product\n60 .*\n59 /);
  expect(byProduct).toMatch(/\n11 .*\n.*\nBelow these: 10 more rows\. The table has all rows\.\n$/);
});

test('a region that is behind, has dead letters or cannot be read is marked in every report', async () => {
  const { cwd, place } = await withSales();
  const central = await centralIn(place);
  await addCursors(central, [{ region: 'boston', seq: 5, headSeq: 17 }, { region: 'denver' }, { region: 'reno' }]);
  await addDeadLetters(central, [{ region: 'denver' }, { region: 'denver' }]);
  mkdirSync(join(cwd, 'databases', 'orders.seattle.db'));
  const blind = 'its database cannot be read, so more may be missing';
  const behind = `boston: 12 events not yet in central; ${blind}`;
  const deadLettered = `denver: 2 dead letters: npx meridian dead-letters list; ${blind}`;
  const unreachable = `seattle: ${blind}`;

  for (const args of [['sales'], ['stock'], ['lag']]) {
    const { code, stdout } = await report(cwd, ...args);
    expect(code).toBe(0);
    expect(stdout).toMatch(/^│ boston \* /m);
    expect(stdout).toMatch(/^│ denver \* /m);
    expect(stdout).not.toMatch(/reno \*/);
    expect(stdout.trimEnd().split('\n').slice(-3)).toEqual([`* ${behind}`, `* ${deadLettered}`, `* ${unreachable}`]);
  }
  for (const args of [['sales', '--by', 'country'], ['sales', '--by', 'day', '--chart'], ['products']]) {
    const { stdout } = await report(cwd, ...args);
    expect(stdout.trimEnd().split('\n').slice(-3)).toEqual(
      [behind, deadLettered, unreachable].map((line) => `Incomplete: ${line}`),
    );
  }
  const ofOne = await report(cwd, 'sales', '--by', 'country', '--region', 'denver');
  expect(ofOne.stdout.match(/Incomplete: .*/g)).toEqual([`Incomplete: ${deadLettered}`]);
  for (const form of ['--json', '--csv']) {
    const { code, stdout, stderr } = await report(cwd, 'sales', form, '--quiet');
    expect(code).toBe(0);
    expect(stdout).not.toMatch(/\*|Incomplete/);
    expect(stderr).toBe([behind, deadLettered, unreachable].map((line) => `Incomplete: ${line}\n`).join(''));
  }
});

test('lag is shown for every region that central has events of or that has a backlog', async () => {
  const { cwd, place } = workspace();
  await addCursors(await centralIn(place), [
    { region: 'boston', epoch: 2, seq: 1005, headSeq: 1017, occurredAt: null },
  ]);
  const denver = await Database.open(regionDatabase('denver'), place.options('orders.denver'));
  opened.push(denver);
  await migrateUp(denver);
  await denver.bulk(OutboxEvent).insertAll(denver.fork(), [
    {
      eventId: 'an event',
      type: 'placed',
      schemaVersion: 1,
      aggregate: 'order',
      aggregateId: 1,
      aggregateVersion: 1,
      payload: '{}',
      occurredAt: new Date(Date.now() - 40 * 86_400_000).toISOString(),
    },
  ]);
  const { stdout } = await report(cwd, 'lag');
  expect(stdout).toMatch(
    /│ boston \* │ +– │ +12 │ – +│ +0 │ +0 │ 2010-12-01 08:26:01Z │\n│ denver \* │ +1 │ +0 │ 40 d +│ +0 │ +0 │ never +│\n│ total +│ +1 │ +12 │ +│ +0 │ +0 │ +│/,
  );
  expect(stdout).toContain('* denver: 1 event not yet in central (oldest 40 d)');
  expect(JSON.parse((await report(cwd, 'lag', '--json')).stdout)[1]).toEqual({
    region: 'denver',
    epoch: null,
    seq: null,
    headSeq: null,
    missingEvents: 1,
    parkedEvents: 0,
    failingEvents: 0,
    heardAt: null,
    occurredAt: null,
  });
});

test.each([
  ['sales', 'No sales yet: the central database has no confirmed order.', 'region,orders,units,revenue'],
  [
    'products',
    'No products yet: the central database has neither orders nor stock',
    'product,name,orders,units,revenue,onHand',
  ],
  ['stock', 'No stock yet: the central database has none', 'region,product,name,onHand,unitPrice,value'],
  [
    'lag',
    'No regions yet: the central database has no events of a region.',
    'region,epoch,seq,headSeq,missingEvents,parkedEvents,failingEvents,heardAt,occurredAt',
  ],
])('an empty central database: %s', async (name, sentence, header) => {
  const { cwd, place } = workspace();
  await centralIn(place);
  const plain = await report(cwd, name);
  expect(plain).toMatchObject({ code: 0, stderr: '' });
  expect(plain.stdout).toContain(sentence);
  expect((await report(cwd, name, '--chart')).stdout).toBe(plain.stdout);
  expect(await report(cwd, name, '--json')).toEqual({ code: 0, stdout: '[]\n', stderr: '' });
  expect(await report(cwd, name, '--csv')).toEqual({ code: 0, stdout: `${header}\r\n`, stderr: '' });
});

test('a filter without a match is reported as such', async () => {
  const { cwd } = await withSales();
  const { code, stdout } = await report(cwd, 'sales', '--by', 'country', '--from', '2020-01-01');
  expect(code).toBe(0);
  expect(stdout).toBe('No sales: the central database has no confirmed order that matches.\n');
});

test.each([
  [['sales', '--json', '--csv'], "option '--json' cannot be used with option '--csv'"],
  [['stock', '--json', '--chart'], "option '--json' cannot be used with option '--chart'"],
  [['lag', '--csv', '--chart'], "option '--csv' cannot be used with option '--chart'"],
  [['sales', '--by', 'user'], 'Allowed choices are region, product, day, country.'],
  [['sales', '--from', '2011-02-29'], '--from takes a date such as 2010-12-01'],
  [['sales', '--from', '2010-12-02', '--to', '2010-12-01'], '--from 2010-12-02 is after --to 2010-12-01.'],
  [['sales', '--region', 'bostn'], 'There is no region "bostn". There are boston, seattle, denver.'],
  [['products', '--from', '2010-12-01'], "unknown option '--from'"],
  [['stocks'], "unknown command 'stocks'"],
  [[], 'Usage: meridian report'],
])('wrong usage: report %j', async (args, message) => {
  const { cwd, place } = workspace();
  await centralIn(place);
  const { code, stdout, stderr } = await report(cwd, ...args);
  expect(code).toBe(2);
  // with --json the error is JSON, whatever the other options
  expect(stdout).toBe(args.includes('--json') ? `${JSON.stringify({ error: message, code: 'usage' })}\n` : '');
  expect(stderr).toContain(message);
});

test('a missing central database is reported as such, and not created', async () => {
  const cwd = makeFolder();
  const { code, stdout, stderr } = await report(cwd, 'sales', '--json');
  expect(code).toBe(1);
  expect(stderr).toMatch(/^Error: central: databases\/central\.db does not exist, .*npx meridian sync/);
  expect(JSON.parse(stdout)).toMatchObject({ code: 'database' });
  expect(readdirSync(cwd)).toEqual([]);
});

test('every option is described', async () => {
  const { code, stdout } = await report(makeFolder(), 'sales', '--help');
  expect(code).toBe(0);
  for (const option of ['--by', '--from', '--to', '--region', '--json', '--csv', '--chart', '--quiet', '--verbose']) {
    expect(stdout).toMatch(new RegExp(`^  ${option}\\b`, 'm'));
  }
});

forEachEngineMigratedThoroughly('catalog', (makePlace) => {
  test('the same from any engine', async () => {
    const place = await makePlace();
    await addOrders(await centralIn(place), [{}, { region: 'denver', unitPrice: '2.00' }]);
    const result = await meridian(['report', 'sales', '--json'], {
      cwd: place.folder,
      env: place.environment('central'),
    });
    expect(result).toEqual({
      code: 0,
      stdout:
        '[{"region":"denver","orders":1,"units":2,"revenue":"4.00"},{"region":"boston","orders":1,"units":2,"revenue":"3.00"}]\n',
      stderr: '',
    });
  });
});
