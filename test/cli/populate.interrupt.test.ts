/** `meridian populate` when it is interrupted, and when two of them want the same databases. */
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import SqliteFile from 'better-sqlite3';
import { meridianStopped } from '../support/breakpoint/breakpoint.ts';
import { meridian } from '../support/command.ts';
import { makeFolder, writeIn } from '../support/folder.ts';
import { ordersCsv, productsCsv, usersCsv } from '../support/generated.ts';
import { until } from '../support/until.ts';

type Report = Record<string, { read: number; inserted: number; unchanged: number; rejected: number }>;

function countRows(folder: string, table: string): number {
  const file = new SqliteFile(join(folder, 'databases', `${table}.db`), { readonly: true });
  try {
    return file.prepare(`select count(*) from "${table}"`).pluck().get() as number;
  } finally {
    file.close();
  }
}

test('Ctrl-C in mid-load: what is told is in, and the same command completes it', async () => {
  const total = 100_000;
  const cwd = makeFolder();
  writeIn(cwd, 'users.csv', usersCsv(total));
  const args = ['populate', '--json', '--users', 'users.csv'];
  const first = await meridianStopped('after-commit', args, { cwd }, (child) => child.kill('SIGINT'));
  expect(first.code).toBe(130);
  expect(first.stderr).toContain('Interrupted: what the table shows is in.');
  const report = JSON.parse(first.stdout) as Report;
  const inserted = report['users']?.inserted ?? 0;
  expect(report).toMatchObject({ interrupted: true });
  expect(inserted).toBeGreaterThan(0);
  expect(inserted).toBeLessThan(total);
  expect(countRows(cwd, 'users')).toBe(inserted);

  const second = await meridian(args, { cwd });
  expect(second.code).toBe(0);
  expect(JSON.parse(second.stdout)).toMatchObject({
    interrupted: false,
    users: { read: total, unchanged: 0, inserted: total, rejected: 0 },
  });
  expect(countRows(cwd, 'users')).toBe(total);
});

test('two at once: one loads, the other finds all unchanged or says who holds the lock', async () => {
  const total = 10_000;
  const cwd = makeFolder();
  writeIn(cwd, 'users.csv', usersCsv(total));
  writeIn(cwd, 'products.csv', productsCsv(total));
  writeIn(cwd, 'orders.csv', ordersCsv(total));
  const args = ['populate', '--json', '--users', 'users.csv', '--products', 'products.csv', '--orders', 'orders.csv'];
  const pids: (number | undefined)[] = [];
  const run = () => meridian(args, { cwd, during: ({ pid }) => pids.push(pid) });
  const results = await Promise.all([run(), run()]);
  const loaded = results.filter(({ code }) => code === 0);
  expect(loaded.length).toBeGreaterThan(0);
  for (const name of ['users', 'products', 'orders']) {
    expect(countRows(cwd, name)).toBe(total);
    const insertedBy = loaded.map(({ stdout }) => (JSON.parse(stdout) as Report)[name]?.inserted ?? 0);
    expect(insertedBy.reduce((sum, inserted) => sum + inserted, 0)).toBe(total);
  }
  for (const [index, { code, stderr }] of results.entries()) {
    if (code !== 0) {
      expect(code).toBe(1);
      expect(stderr).toContain(String(pids[1 - index]));
    }
  }
});

test('Ctrl-C before anything is loaded is obeyed at once, and leaves no temporary files', async () => {
  const [cwd, temporary] = [makeFolder(), makeFolder()];
  const { code, stderr } = await meridian(['populate', '--users', '-', '--format', 'csv'], {
    cwd,
    // Node would keep what it has compiled there as well
    env: { TMPDIR: temporary, NODE_DISABLE_COMPILE_CACHE: '1' },
    // standard input is left open and gives nothing
    during: (child) =>
      until('a folder for a copy of it', () => readdirSync(temporary).length > 0).then(() => child.kill('SIGINT')),
  });
  expect({ code, stderr }).toEqual({ code: 130, stderr: 'Interrupted before anything was loaded.\n' });
  expect(readdirSync(temporary)).toEqual([]);
});
