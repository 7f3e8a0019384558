/** `meridian regions add`, `rename` and no regions at all: a region that is new, one that is there, one that gets another name, and names that none can have. */
import { expect, test } from '@jest/globals';
import { lockDatabase } from '../../../src/database/lock.ts';
import { takeLease } from '../../../src/replication/relay/relay-row.ts';
import { hold } from '../../support/boston.ts';
import { meridian } from '../../support/command.ts';
import { forEachEngineThoroughly, type Place } from '../../support/engines.ts';
import { endLease, openRegion, regionalPlace } from '../../support/regional.ts';
import { workspace } from '../../support/workspace.ts';

test('says whether it has made the region or found it', async () => {
  const { run } = workspace();
  const add = ['regions', 'add', 'new-york'];
  expect((await run(add)).stdout).toBe('new-york has been created, in databases/orders.new-york.db.\n');
  expect((await run(add)).stdout).toBe('new-york exists already: 0 orders, in databases/orders.new-york.db.\n');
  const { stdout } = await run([...add, '--json']);
  expect(JSON.parse(stdout)).toEqual({
    region: 'new-york',
    orders: 0,
    products: 0,
    isNew: false,
    isBackfilled: false,
  });
});

test('an empty REGIONS switches regions off for every command, and none is made', async () => {
  const { run } = workspace();
  expect((await run(['regions', 'add', 'oslo'])).code).toBe(0);
  const env = { REGIONS: '' };
  const off = 'REGIONS is empty, which switches regions off. Name them there, or unset it for boston,seattle,denver.\n';
  expect(await run(['regions'], { env })).toEqual({ code: 0, stdout: off, stderr: '' });
  expect(await run(['regions', 'add', 'lima'], { env })).toMatchObject({ code: 2, stderr: `Error: ${off}` });
  for (const command of ['resend', 'documents rebuild']) {
    expect(await run(command.split(' '), { env })).toMatchObject({ code: 2, stderr: `Error: ${off}` });
  }
  for (const command of ['sync', 'compare', 'stock list']) {
    expect([command, await run(command.split(' '), { env })]).toMatchObject([command, { code: 0, stdout: off }]);
  }
  const status = await run(['migrate:status', '--json'], { env });
  expect(Object.keys(JSON.parse(status.stdout))).toEqual(['users', 'products', 'orders', 'central', 'documents']);
});

test.each([
  ['New York', 'new-york'],
  ['Boston', 'boston'],
  ['???', 'new-york'],
])('%p cannot be a name; %s could', async (name, example) => {
  const { run } = workspace();
  expect(await run(['regions', 'add', name])).toEqual({
    code: 2,
    stdout: '',
    stderr: `Error: A region cannot be called "${name}". The name of a region has up to 40 lower case letters, digits and single hyphens, such as ${example}.\n`,
  });
});

test('adopts a copy of orders, which publishes nothing by itself', async () => {
  const { place, run } = workspace();
  await run(['populate']);
  await place.execute('orders', `vacuum into '${place.url('orders.albany').replace('sqlite:', '')}'`);
  const { code, stdout } = await run(['regions', 'add', 'albany']);
  expect({ code, stdout }).toEqual({
    code: 0,
    stdout: 'albany: 6 orders and 0 products will be sent by the next sync.\n',
  });
  expect(await place.rowsOf('meridian_identity_orders', 'orders.albany')).toEqual([{ id: 1, name: 'orders.albany' }]);
  expect(await run(['sync'])).toMatchObject({ code: 0, stdout: expect.stringMatching(/ albany +│ +7 /) });
  expect(await run(['compare'])).toMatchObject({ code: 0 });
  // orders is as it was, and neither it nor another region is taken in
  const itself = { ORDERS_DATABASE_URL_UTICA: place.url('orders') };
  expect(await run(['regions', 'add', 'utica'], { env: itself })).toMatchObject({
    code: 1,
    stderr: expect.stringContaining('orders.utica: databases/orders.db is the database of orders.'),
  });
  expect(await run(['populate'])).toMatchObject({ code: 0 });
  await place.execute('orders.albany', `vacuum into '${place.url('orders.troy').replace('sqlite:', '')}'`);
  expect(await run(['regions', 'add', 'troy'])).toMatchObject({
    code: 1,
    stderr: expect.stringContaining('orders.troy: databases/orders.troy.db is the database of orders.albany.'),
  });
});

forEachEngineThoroughly((_, engine) => {
  /** Boston with two orders that are in central, and one that is not, in a place that is salem's by now. */
  async function moved() {
    const place = await regionalPlace(engine);
    const { ORDERS_DATABASE_URL_BOSTON: url, ...others } = place.environment(
      ...['users', 'products', 'orders', 'central', 'documents', 'orders.boston'],
    );
    const run = (command: string, env: NodeJS.ProcessEnv) =>
      meridian(command.split(' '), { cwd: place.folder, env: { ...others, ...env } });
    const before = { REGIONS: 'boston', ORDERS_DATABASE_URL_BOSTON: url };
    await run('populate --quiet', before);
    await run('stock receive --region boston --product 1 --quantity 9 --price 1.00', before);
    for (const key of ['a', 'b']) {
      await run(`order place --region boston --user 1 --item 1x1 --key ${key}`, before);
    }
    await run('sync', before);
    await run('order place --region boston --user 1 --item 1x1 --key c', before);
    const after = { REGIONS: 'salem', ORDERS_DATABASE_URL_SALEM: url };
    return {
      place,
      before,
      run: (command: string) => run(command, after),
      runAsBefore: (command: string) => run(command, before),
    };
  }

  async function orderFacts(place: Place) {
    return place.execute(
      'central',
      'select region, count(*) as orders from order_fact group by region order by region',
    );
  }

  test('a region that is renamed sends everything under its new name', async () => {
    const { place, run, runAsBefore } = await moved();
    expect(await run('sync')).toMatchObject({
      code: 1,
      stderr: expect.stringMatching(
        /If region boston is to be called salem, run npx meridian regions rename boston salem\./,
      ),
    });
    expect(await run('regions rename boston salem')).toMatchObject({
      code: 0,
      stdout: expect.stringMatching(
        /^boston is salem now, in .*\. The next sync sends everything that it holds; central has boston as well until it is rebuilt\.\n$/,
      ),
      stderr: '',
    });
    expect(await run('sync')).toMatchObject({ code: 0 });
    expect(await orderFacts(place)).toEqual([
      { region: 'boston', orders: 2 },
      { region: 'salem', orders: 3 },
    ]);
    expect(await place.execute('central', 'select count(*) as letters from dead_letter')).toEqual([{ letters: 0 }]);
    expect(await run('compare --region salem')).toMatchObject({ code: 0 });
    // the old name is another's now
    expect(await runAsBefore('sync')).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('is the database of orders.salem.'),
    });
    const documents = await run('documents find --user 1 --json');
    expect(new Set((JSON.parse(documents.stdout) as { region: string }[]).map(({ region }) => region))).toEqual(
      new Set(['boston', 'salem']),
    );
  });

  test('not one of another region, a missing one, or one that is in use', async () => {
    const { place, run } = await moved();
    expect(await run('regions rename denver salem')).toMatchObject({
      code: 1,
      stderr: expect.stringMatching(/^Error: orders\.denver: .* is the database of orders\.boston\./),
    });
    expect(await run('regions rename salem boston')).toMatchObject({
      code: 1,
      stderr: expect.stringMatching(
        /^Error: orders\.boston: there is no database yet\. Move that of orders\.salem there, or say where it is with ORDERS_DATABASE_URL_BOSTON/,
      ),
    });
    expect(await run('regions rename salem salem')).toMatchObject({
      code: 2,
      stderr: 'Error: Region salem is called so already. Name another one.\n',
    });
    await takeLease(await openRegion(place), 3600);
    expect(await run('regions rename boston salem')).toMatchObject({
      code: 1,
      stderr: expect.stringMatching(
        /^Error: orders\.boston: a relay ships its events, .* Stop it, and run the same command/,
      ),
    });
    const lock = await lockDatabase(await openRegion(place));
    expect(await run('regions rename boston salem')).toMatchObject({
      code: 1,
      stderr: expect.stringMatching(/^Error: orders\.boston: another populate or migration is running/),
    });
    await lock.release();
    await hold(place, 1, 'loading');
    expect(await run('regions rename boston salem')).toMatchObject({
      code: 1,
      stderr: expect.stringMatching(/^Error: orders\.boston: a populate of boston is not finished\./),
    });
    expect(await place.rowsOf('meridian_identity_orders', 'orders.boston')).toEqual([{ id: 1, name: 'orders.boston' }]);
  });

  test('a rename that fails on its way has changed nothing, and can be repeated', async () => {
    const { place, run } = await moved();
    const waiting = await place.rowsOf('outbox_event', 'orders.boston');
    for (const statement of refusalOf('epoch')) {
      await place.execute('orders.boston', statement);
    }
    expect((await run('regions rename boston salem')).code).toBe(1);
    expect(await place.rowsOf('outbox_event', 'orders.boston')).toEqual(waiting);
    expect(await place.rowsOf('meridian_identity_orders', 'orders.boston')).toEqual([{ id: 1, name: 'orders.boston' }]);
    await place.execute('orders.boston', `drop trigger refusal${engine === 'sqlite' ? '' : ' on relay_state'}`);
    await endLease(await openRegion(place));
    expect(await run('regions rename boston salem')).toMatchObject({ code: 0 });
    expect(await run('sync')).toMatchObject({ code: 0 });
    expect(await orderFacts(place)).toContainEqual({ region: 'salem', orders: 3 });
  });

  /** Statements that let no other change of a column of relay_state through. */
  function refusalOf(column: string): string[] {
    return engine === 'sqlite'
      ? [
          `create trigger refusal before update on relay_state when new.${column} <> old.${column} begin select raise(abort, 'no'); end`,
        ]
      : [
          "create function refuse() returns trigger language plpgsql as $$ begin raise exception 'no'; end $$",
          `create trigger refusal before update on relay_state for each row when (new.${column} <> old.${column}) execute function refuse()`,
        ];
  }
});
