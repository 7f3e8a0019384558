/** `meridian regions remove`: nothing that holds something without --force, and then nothing is left of it anywhere. */
import { existsSync, rmSync } from 'node:fs';
import { expect, test } from '@jest/globals';
import { meridian } from '../../support/command.ts';
import { fileOf } from '../../support/databases.ts';
import { apart, forEachEngineThoroughly, type Place } from '../../support/engines.ts';

const DATABASES = ['users', 'products', 'orders.oslo', 'orders.bergen', 'central', 'documents'];

forEachEngineThoroughly((makePlace, engine) => {
  async function withTrade(): Promise<{ place: Place; run: (...args: string[]) => ReturnType<typeof meridian> }> {
    const place = apart(await makePlace());
    const env = { ...place.environment(...DATABASES), REGIONS: 'bergen' };
    const run = (...args: string[]) => meridian(args, { cwd: place.folder, env });
    for (const region of ['oslo', 'bergen']) {
      await run('stock', 'receive', '--region', region, '--product', '1', '--quantity', '9', '--price', '2.50');
      await run('order', 'place', '--region', region, '--user', '1', '--item', '1x2');
    }
    expect((await run('sync')).code).toBe(0);
    return { place, run };
  }

  const countIn = async (place: Place, table: string) =>
    Number(
      (await place.execute('central', `select count(*) as rows from ${table} where region = 'oslo'`))[0]?.['rows'],
    );

  test('a region that holds something is refused, and stays as it is', async () => {
    const { place, run } = await withTrade();
    const refused = await run('regions', 'remove', 'oslo');
    expect(refused.code).toBe(1);
    expect(refused.stderr).toMatch(
      /^Error: oslo has 1 orders and 1 products in its database, \d+ rows in central, documents in the document store\. .* nothing was removed\. Remove them with --force/,
    );
    expect(await place.rowsOf('orders', 'orders.oslo')).toHaveLength(1);
    expect(await countIn(place, 'order_fact')).toBe(1);
    expect((await run('compare')).code).toBe(0);
  });

  test('what central has under a name that no region can have is named by compare, and removed', async () => {
    const { place, run } = await withTrade();
    for (const table of ['order_fact', 'region_cursor']) {
      await place.execute('central', `update ${table} set region = '-oslo-' where region = 'oslo'`);
    }
    const compared = await run('compare');
    expect(compared.code).toBe(1);
    expect(compared.stderr).toContain(
      'Error: Central has events of "-oslo-", which is not a valid region name: no relay of Meridian published them, and reports count them. ' +
        'Remove them with npx meridian regions remove --force -- "-oslo-".',
    );
    expect((await run('regions', 'remove', '--force', '--', '-oslo-')).code).toBe(0);
    expect((await run('regions', 'remove', '--force', '--', '-oslo-')).code).toBe(2);
    expect(await place.execute('central', "select region from region_cursor where region = '-oslo-'")).toEqual([]);
    expect((await run('compare')).stderr).not.toContain('-oslo-');
  });

  test('with --force, nothing is left of it, and others stay', async () => {
    const { place, run } = await withTrade();
    const removed = await run('regions', 'remove', 'oslo', '--force', '--json');
    expect(removed.code).toBe(0);
    expect(JSON.parse(removed.stdout)).toMatchObject({ region: 'oslo', orders: 1, products: 1 });
    for (const table of [
      'order_fact',
      'stock_fact',
      'inbox_event',
      'region_cursor',
      'document_queue',
      'store_watermark',
    ]) {
      expect([table, await countIn(place, table)]).toEqual([table, 0]);
    }
    const regions = JSON.parse((await run('regions', '--json')).stdout);
    expect(regions).toMatchObject({ bergen: { orders: 1 } });
    expect(regions['oslo'] ?? null).toBeNull();
    expect((await run('compare')).code).toBe(0);
    expect(JSON.parse((await run('documents', 'find', '--json')).stdout)).toMatchObject([{ region: 'bergen' }]);

    // it can be created again, and starts empty
    await run('stock', 'receive', '--region', 'oslo', '--product', '1', '--quantity', '5', '--price', '1.00');
    expect(await run('sync')).toMatchObject({ code: 0, stderr: '' });
    expect((await run('compare')).code).toBe(0);
    expect(JSON.parse((await run('regions', '--json')).stdout)).toMatchObject({ oslo: { orders: 0, onHand: 5 } });
  });

  test('what a stopped removal left is removed by the next one', async () => {
    const { place, run } = await withTrade();
    if (engine === 'sqlite') {
      rmSync(fileOf(place.folder, 'orders.oslo'));
    } else {
      await place.execute('orders.oslo', 'drop schema orders_oslo cascade');
    }
    expect((await run('regions', 'remove', 'oslo')).stderr).toMatch(
      /oslo has 0 orders and 0 products in its database, \d/,
    );
    expect((await run('regions', 'remove', 'oslo', '--force')).code).toBe(0);
    expect((await run('compare')).code).toBe(0);
  });

  test('an empty one needs no --force; an unknown one is rejected', async () => {
    const { run } = await withTrade();
    await run('regions', 'add', 'oslo-2');
    expect(await run('regions', 'remove', 'oslo-2')).toMatchObject({
      code: 0,
      stdout: 'oslo-2 is removed: 0 orders and 0 products in its database, 0 rows in central.\n',
    });
    expect(await run('regions', 'remove', 'oslo-2')).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('There is no region "oslo-2".'),
    });
  });

  test.each([
    ['is running', ''],
    ['is paused', ', paused = (1 = 1)'],
    ['is about to try again', ', attempts = 3'],
  ])('not while a relay %s', async (_, state) => {
    const { place, run } = await withTrade();
    await place.execute('orders.oslo', `update relay_state set lease_until = '2999-01-01T00:00:00.000Z'${state}`);
    expect(await run('regions', 'remove', 'oslo', '--force')).toMatchObject({
      code: 1,
      stderr: expect.stringMatching(
        /^Error: orders\.oslo: a relay ships its events, .* Stop it, and run the same command/,
      ),
    });
    expect(await place.rowsOf('orders', 'orders.oslo')).toHaveLength(1);
    expect(await countIn(place, 'order_fact')).toBe(1);
  });

  test('what was opened is closed when the database is that of another region', async () => {
    const { place } = await withTrade();
    const env = {
      ...place.environment('users', 'products', 'central', 'documents'),
      ORDERS_DATABASE_URL_OSLO: place.url('orders.bergen'),
    };
    expect(await meridian(['regions', 'remove', 'oslo', '--force'], { cwd: place.folder, env })).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('is the database of orders.bergen.'),
    });
    expect(await openedIn(place, 'central')).toBe(0);
    expect(await openedIn(place, 'documents')).toBe(0);
  });

  /** Connections of Meridian to a database; of those to a file, only whether there are any. */
  async function openedIn(place: Place, database: string): Promise<number> {
    if (engine === 'sqlite') {
      // the last one to be closed removes it
      return existsSync(`${fileOf(place.folder, database)}-wal`) ? 1 : 0;
    }
    const [row] = await place.execute(
      database,
      `select count(*) as connections from pg_stat_activity
       where datname = current_database() and application_name like 'meridian ${database} %'`,
    );
    return Number(row?.['connections']);
  }
});
