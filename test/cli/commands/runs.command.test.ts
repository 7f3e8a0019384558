/** `meridian runs` */
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import SqliteFile from 'better-sqlite3';
import { meridian } from '../../support/command.ts';
import { makeFolder, writeIn } from '../../support/folder.ts';
import { usersCsv } from '../../support/generated.ts';

test('says that there are none, and makes nothing', async () => {
  const cwd = makeFolder();
  expect(await meridian(['runs'], { cwd })).toEqual({
    code: 0,
    stdout: 'No runs yet: start one with npx meridian populate.\n',
    stderr: '',
  });
  expect(readdirSync(cwd)).toEqual([]);
});

test('lists runs, the newest first, with how each ended', async () => {
  const cwd = makeFolder();
  writeIn(cwd, 'users.csv', usersCsv(3));
  writeIn(cwd, 'broken.csv', `${usersCsv(2)}3,"User\n`);
  await meridian(['populate', '--users', 'users.csv'], { cwd });
  await meridian(['populate', '--users', 'broken.csv', '--strict-format'], { cwd });
  const { code, stdout } = await meridian(['runs', 'users', '--json'], { cwd });
  expect(code).toBe(0);
  const { users } = JSON.parse(stdout);
  expect(users).toMatchObject([
    { source: 'broken.csv', state: 'failed', failure: expect.stringContaining('broken.csv, line 4') },
    { source: 'users.csv', state: 'finished', read: 3, inserted: 3, rejected: 0, failure: null },
  ]);
  expect((await meridian(['runs', 'users', '--json', '--limit', '1'], { cwd })).stdout).toContain('broken.csv');
  const table = (await meridian(['runs'], { cwd })).stdout;
  expect(table).toMatch(/users\s+│ \d{4}-.*│ failed .*broken\.csv/);
  expect(table).toMatch(/finished .*users\.csv/);

  // what a kill leaves
  const file = new SqliteFile(join(cwd, 'databases', 'users.db'));
  file.exec("update meridian_runs_users set state = 'loading' where source = 'broken.csv'");
  file.close();
  const stopped = (await meridian(['runs'], { cwd })).stdout;
  expect(stopped).toMatch(/stopped .*broken\.csv/);
  expect(stopped).toContain('To continue a stopped run, run the same command again');
});

test.each(['0', '-1', 'x', '1.5'])('--limit %s is wrong usage', async (limit) => {
  const { code, stderr } = await meridian(['runs', `--limit=${limit}`], { cwd: makeFolder() });
  expect(code).toBe(2);
  expect(stderr).toContain('It has to be a whole number from 1 to 9007199254740991.');
});

test('regions that are there are listed as well; one that is not is listed when it is asked for', async () => {
  const cwd = makeFolder();
  await meridian(['populate', '--quiet'], { cwd });
  const plain = JSON.parse((await meridian(['runs', '--json'], { cwd })).stdout);
  expect(Object.keys(plain)).toEqual(['users', 'products', 'orders']);
  await meridian(['populate', '--quiet', '--region', 'boston'], { cwd });
  const { code, stdout } = await meridian(['runs', '--json'], { cwd });
  expect(code).toBe(0);
  const runs = JSON.parse(stdout);
  expect(Object.keys(runs)).toEqual(['users', 'products', 'orders', 'orders.boston']);
  expect(runs['orders.boston']).toMatchObject([{ state: 'finished', read: 10, inserted: 6 }]);
  const table = await meridian(['runs', 'orders.boston'], { cwd });
  expect(table.stdout).toMatch(/│ orders\.boston │ .* finished +│/);
  const asked = await meridian(['runs', 'orders.denver', '--json'], { cwd });
  expect(asked).toMatchObject({ code: 0, stdout: '{"orders.denver":[]}\n' });
});
