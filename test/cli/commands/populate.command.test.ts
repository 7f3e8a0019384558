/** `meridian populate` with the sample: what it prints, leaves behind and says the second time. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { meridian } from '../../support/command.ts';
import { rowsOf } from '../../support/databases.ts';
import { describeWithPostgresql, forEachEngineMigratedThoroughly, makePostgresqlPlace } from '../../support/engines.ts';
import { digestsOf } from '../../support/files.ts';
import { makeFolder } from '../../support/folder.ts';

const databases = (folder: string) => join(folder, 'databases');

function withoutTimes(stdout: string): unknown {
  return JSON.parse(stdout, (key, value) => (key === 'seconds' ? undefined : value));
}

describe('with --json', () => {
  forEachEngineMigratedThoroughly('catalog', (makePlace) => {
    test('the sample goes in, and again it is unchanged', async () => {
      const place = await makePlace();
      const { folder: cwd } = place;
      const env = place.environment('users', 'products', 'orders');
      const first = await meridian(['populate', '--json'], { cwd, env });
      expect(first.code).toBe(0);
      expect(first.stdout.trimEnd().split('\n')).toHaveLength(1);
      const report = withoutTimes(first.stdout);
      expect(report).toMatchObject({
        users: { read: 10, inserted: 8, updated: 0, unchanged: 0, rejected: 2, rejectsFile: 'rejects/users.ndjson' },
        products: { read: 10, inserted: 8, updated: 0, unchanged: 0, rejected: 2 },
        orders: { read: 10, inserted: 6, updated: 0, unchanged: 0, rejected: 4 },
        dryRun: false,
        interrupted: false,
      });
      expect(await place.rowsOf('users')).toHaveLength(8);
      expect(await place.rowsOf('products')).toHaveLength(8);
      expect(await place.rowsOf('orders')).toHaveLength(6);
      const rejects = digestsOf(join(cwd, 'rejects'));
      expect(Object.keys(rejects)).toEqual(['orders.ndjson', 'products.ndjson', 'users.ndjson']);

      const second = await meridian(['populate', '--json'], { cwd, env });
      expect(second.code).toBe(0);
      expect(withoutTimes(second.stdout)).toMatchObject({
        users: { inserted: 0, unchanged: 8, rejected: 2 },
        products: { inserted: 0, unchanged: 8, rejected: 2 },
        orders: { inserted: 0, unchanged: 6, rejected: 4 },
      });
      expect(digestsOf(join(cwd, 'rejects'))).toEqual(rejects);
    });
  });

  test('an error is one JSON object as well', async () => {
    const { code, stdout, stderr } = await meridian(['populate', '--json', '--users', 'absent.csv'], {
      cwd: makeFolder(),
    });
    expect(code).toBe(1);
    expect(JSON.parse(stdout)).toEqual({ error: 'absent.csv does not exist.', code: 'source' });
    expect(stderr).toContain('Error: absent.csv does not exist.');
  });
});

describeWithPostgresql('users on PostgreSQL, the others in files', () => {
  test('orders of users on the server go in, and what points at none there does not', async () => {
    const [server, cwd] = [await makePostgresqlPlace(), makeFolder()];
    const env = server.environment('users');
    for (const counts of [
      { inserted: 6, unchanged: 0, rejected: 4 },
      { inserted: 0, unchanged: 6, rejected: 4 },
    ]) {
      const { code, stdout, stderr } = await meridian(['populate', '--json', '--quiet'], { cwd, env });
      expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
      expect(JSON.parse(stdout)).toMatchObject({ orders: counts });
    }
    expect(await server.rowsOf('users')).toHaveLength(8);
    expect(rowsOf(databases(cwd), 'orders')).toHaveLength(6);
    expect(readdirSync(databases(cwd)).filter((file) => file.startsWith('users'))).toEqual([]);
    await server.execute('users', 'delete from users where id = 1');
    const verdict = await meridian(['verify', '--json'], { cwd, env });
    expect(verdict.code).toBe(1);
    expect(verdict.stdout).toContain('User 1 does not exist');
  });
});

test('each record, the counts and the reasons are printed and logged', async () => {
  const cwd = makeFolder();
  const { code, stdout, stderr } = await meridian(['populate'], { cwd });
  expect(code).toBe(0);
  const lines = stdout.split('\n');
  expect(lines).toContain('Inserted user 1: Alice <alice@example.com>');
  expect(lines).toContain('Rejected user 10: Name cannot be empty');
  expect(lines).toContain('Rejected order 10: User 10 does not exist; Product 11 does not exist');
  expect(stdout).toMatch(/│ database +│ read │ inserted │ updated │ unchanged │ rejected │ seconds │/);
  expect(stdout).toMatch(/│ orders +│ +10 │ +6 │ +0 │ +0 │ +4 │/);
  expect(stdout).toMatch(/│ users +│ +1 │ Name cannot be empty +│/);
  expect(stdout).toContain('rejects/users.ndjson');
  expect(stdout).toContain('logs/app.log');
  expect(stderr).not.toContain('Error');

  const log = readFileSync(join(cwd, 'logs', 'app.log'), 'utf8')
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as Record<string, unknown>);
  for (const { time, level } of log) {
    expect(new Date(String(time)).toISOString()).toBe(time);
    expect(['info', 'warn']).toContain(level);
  }
  expect(log).toContainEqual(
    expect.objectContaining({
      level: 'info',
      database: 'users',
      record: { number: 1, line: 2, id: 1 },
      outcome: 'inserted',
    }),
  );
  expect(log).toContainEqual(
    expect.objectContaining({
      level: 'warn',
      database: 'users',
      record: { number: 10, line: 11, id: 10 },
      outcome: 'rejected',
      errors: [{ property: 'name', code: 'isNotEmpty', message: 'Name cannot be empty' }],
    }),
  );
  const outcomes = log.filter(({ record }) => record !== undefined);
  const logged = new Set(
    outcomes.map(({ database, record }) => `${database} ${(record as { number: number }).number}`),
  );
  expect(logged.size).toBe(30);
});

test('--quiet prints nothing and --strict exits 1 when records are rejected', async () => {
  const cwd = makeFolder();
  const { code, stdout, stderr } = await meridian(['populate', '--quiet', '--strict'], { cwd });
  expect({ code, stdout, stderr }).toEqual({ code: 1, stdout: '', stderr: '' });
  expect(rowsOf(databases(cwd), 'users')).toHaveLength(8);
});

describe('--dry-run', () => {
  test('creates nothing in an empty folder and reports what would happen', async () => {
    const cwd = makeFolder();
    const { code, stdout } = await meridian(['populate', '--dry-run'], { cwd });
    expect(code).toBe(0);
    expect(stdout).toContain('Would insert user 1: Alice <alice@example.com>');
    expect(stdout).toContain('Would reject order 7: Product 7 does not exist');
    expect(stdout).toContain('nothing was written');
    expect(stdout).not.toContain('Inserted');
    expect(readdirSync(cwd)).toEqual([]);
  });

  test('changes no byte of what is there', async () => {
    const cwd = makeFolder();
    await meridian(['populate', '--quiet'], { cwd });
    const before = digestsOf(cwd);
    expect(Object.keys(before)).toContain('databases/users.db');
    const { code, stdout } = await meridian(
      ['populate', '--dry-run', '--json', '--on-conflict', 'update', '--users', '-', '--format', 'ndjson'],
      { cwd, input: '{"id":1,"name":"Alicia","email":"alice@example.com"}\n{"id":11,"name":"K","email":"k@k.org"}\n' },
    );
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({ users: { updated: 1, inserted: 1, rejected: 0 }, dryRun: true });
    expect(digestsOf(cwd)).toEqual(before);
  });
});
