/** `meridian sync`: what it prints, how it exits, and how it ends when it runs on. */
import type { ChildProcess } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { describeWithPostgresql } from '../../support/engines.ts';
import { openRegion, regionalPlace, writeOrders } from '../../support/regional.ts';
import { until } from '../../support/until.ts';
import { workspace } from '../../support/workspace.ts';

test('without any region there is nothing to ship', async () => {
  const { run } = workspace();
  const { code, stdout } = await run(['sync']);
  expect(code).toBe(0);
  expect(stdout).toBe(
    'There is nothing to ship, because no region has a database yet. Make one with npx meridian regions add <name>, or load orders with npx meridian populate --region <name> --orders <file>.\n',
  );
  expect((await run(['sync', '--json'])).stdout).toBe('{}\n');
});

test.each([
  [
    ['--region', 'bostn'],
    'Error: There is no region "bostn". There are boston, seattle, denver. A new one is made with npx meridian regions add bostn.\n',
  ],
  [
    ['--watch', '--region', 'bostn'],
    'Error: There is no region "bostn". There are boston, seattle, denver. A new one is made with npx meridian regions add bostn.\n',
  ],
  [['--region', 'New York'], /^Error: There is no region "New York"\. The name of a region has up to 40 lower case/],
])('%p is wrong usage', async (args, message) => {
  const { run, place } = workspace();
  const { code, stderr } = await run(['sync', ...args]);
  expect(code).toBe(2);
  expect(stderr).toEqual(typeof message === 'string' ? message : expect.stringMatching(message));
  expect(() => place.rowsOf('region_cursor', 'central')).toThrow();
});

test('one region that cannot be opened keeps no other from being shipped', async () => {
  const { run, place, cwd } = workspace();
  await writeOrders(await openRegion(place, 'boston'), { id: 1 }, { id: 2 });
  writeFileSync(join(cwd, 'databases', 'orders.denver.db'), 'this is no database, however one looks at it');
  const { code, stdout, stderr } = await run(['sync', '--json']);
  expect(code).toBe(1);
  const failure = 'orders.denver: databases/orders.denver.db is not an SQLite database.';
  expect(JSON.parse(stdout)).toEqual({
    boston: { shipped: 2, seconds: expect.any(Number), paused: false, deadLetters: 0 },
    denver: { shipped: 0, seconds: expect.any(Number), paused: false, error: expect.stringContaining(failure) },
  });
  expect(stderr).toContain(`Error: ${failure}`);
  expect(stderr).toMatch(/boston\s+│\s+2 │ .*│ up to date/);
  expect(stderr).toMatch(/denver\s+│\s+0 │ .*│ failed/);
});

test('a paused region is reported as such, and one without a database when it is named', async () => {
  const { run, place } = workspace();
  await writeOrders(await openRegion(place, 'boston'), { id: 1 });
  expect((await run(['relay', 'pause', '--region', 'boston'])).stdout).toBe('boston: paused\n');
  const { code, stdout, stderr } = await run(['sync', '--region', 'boston', '--region', 'denver']);
  expect(code).toBe(0);
  expect(stdout).toMatch(/boston\s+│\s+0 │ .*│ paused/);
  expect(stderr).toContain('denver has no database yet. Make it with npx meridian regions add denver.\n');
});

test('one that runs on ships what comes, finds new regions, is waited for by a second one, and ends well', async () => {
  const { run, place } = workspace();
  const boston = await openRegion(place, 'boston');
  let child: ChildProcess | undefined;
  let heard = '';
  const watching = run(['sync', '--watch', '--json'], {
    during(started) {
      child = started;
      started.stderr?.on('data', (text: string) => {
        heard += text;
      });
    },
  });
  const idsOf = async (region: string) =>
    (await place.execute('central', `select order_id from order_fact where region = '${region}' order by 1`)).map(
      (one) => one['order_id'],
    );
  try {
    await until('boston is watched', () => heard.includes('boston: watched'));
    await writeOrders(boston, { id: 1 });
    await until('its order is there', async () => (await idsOf('boston')).length === 1);
    await writeOrders(await openRegion(place, 'denver'), { id: 7 });
    await until('the new region’s order is there', async () => (await idsOf('denver')).length === 1);
    await writeOrders(boston, { id: 2 });
    const second = await run(['sync', '--region', 'boston']);
    expect(second).toMatchObject({ code: 0, stdout: expect.stringMatching(/boston.*up to date/) });
    expect(await idsOf('boston')).toEqual([1, 2]);
    expect((await run(['compare'])).code).toBe(0);
  } finally {
    child?.kill('SIGTERM');
  }
  const { code, stdout, stderr } = await watching;
  expect(code).toBe(0);
  expect(stderr).toContain('Stopping after the current batches.\n');
  const lines = stdout
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as unknown);
  expect(lines).toEqual([
    { region: 'boston', shipped: 1 },
    { region: 'denver', shipped: 1 },
    { region: 'boston', shipped: 1 },
  ]);
  expect(await place.execute('orders.boston', 'select lease_until from relay_state')).toEqual([{ lease_until: null }]);
});

describeWithPostgresql('with PostgreSQL', () => {
  test('ships between schemas that URLs name', async () => {
    const { run } = workspace();
    const place = await regionalPlace('postgresql');
    await writeOrders(await openRegion(place, 'new-york'), { id: 1 });
    const env = place.environment('orders.new-york', 'central');
    const synced = await run(['sync', '--json'], { env });
    expect(JSON.parse(synced.stdout)).toMatchObject({ 'new-york': { shipped: 1 } });
    const compared = await run(['compare', '--region', 'new-york'], { env });
    expect(compared.stdout).toContain('new-york: equal, up to event 1 of epoch 1\n');
    expect(compared.code).toBe(0);
  });
});
