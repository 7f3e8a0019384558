/** `meridian populate` when it is interrupted, and when two of them want the same databases. */
import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import SqliteFile from 'better-sqlite3';
import { meridianStopped } from '../support/breakpoint/breakpoint.ts';
import { type CommandResult, meridian } from '../support/command.ts';
import { depth, thoroughTest } from '../support/depth.ts';
import { dirtyOrders, dirtyProducts, dirtyUsers } from '../support/dirty.ts';
import { makeFolder, writeIn } from '../support/folder.ts';
import { ordersCsv, productsCsv, usersCsv } from '../support/generated.ts';
import { look } from '../support/stored.ts';
import { until } from '../support/until.ts';

const NAMES = ['users', 'products', 'orders'];

type Report = Record<string, { read: number; inserted: number; unchanged: number; rejected: number }>;

function countRows(folder: string, table: string): number {
  const file = new SqliteFile(join(folder, 'databases', `${table}.db`), { readonly: true });
  try {
    return file.prepare(`select count(*) from "${table}"`).pluck().get() as number;
  } finally {
    file.close();
  }
}

/** Without the time that it took. */
const reportOf = ({ code, stdout, stderr }: CommandResult): unknown => {
  expect({ code, errors: code === 0 ? '' : stderr }).toEqual({ code: 0, errors: '' });
  return JSON.parse(stdout, (key, value: unknown) => (key === 'seconds' ? undefined : value));
};

test('Ctrl-C in mid-load: what is reported is stored, and the same command completes the load', async () => {
  const total = 100_000;
  const cwd = makeFolder();
  writeIn(cwd, 'users.csv', usersCsv(total));
  const args = ['populate', '--json', '--users', 'users.csv'];
  const first = await meridianStopped('after-commit', args, { cwd }, (child) => child.kill('SIGINT'));
  expect(first.code).toBe(130);
  expect(first.stderr).toContain('Stopping after the current batch.');
  expect(first.stderr).toContain('Interrupted: the rows in the table are stored.');
  const report = JSON.parse(first.stdout) as Report;
  const inserted = report['users']?.inserted ?? 0;
  expect(report).toMatchObject({ interrupted: true, users: { unfinished: true } });
  expect(inserted).toBeGreaterThan(0);
  expect(inserted).toBeLessThan(total);
  expect(countRows(cwd, 'users')).toBe(inserted);
  expect(JSON.parse((await meridian(['runs', '--json', 'users'], { cwd })).stdout)).toMatchObject({
    users: [{ state: 'stopped', read: inserted }],
  });

  const second = await meridian(args, { cwd });
  expect(second.code).toBe(0);
  expect(second.stderr).toMatch(/users: continuing the run of .+ over users\.csv after [\d,]+ records/);
  expect(JSON.parse(second.stdout)).toMatchObject({
    interrupted: false,
    users: { read: total, unchanged: 0, inserted: total, rejected: 0 },
  });
  expect(countRows(cwd, 'users')).toBe(total);
});

describe('a signal at any stage: the same command ends as if nothing had happened', () => {
  const RECORDS = depth(2_000, 12_000);
  const FILES = {
    'users.csv': dirtyUsers(RECORDS),
    'products.csv': dirtyProducts(RECORDS),
    'orders.csv': dirtyOrders(RECORDS, RECORDS),
  };
  const ARGS = ['populate', '--json', '--quiet', ...NAMES.flatMap((name) => [`--${name}`, `${name}.csv`])];

  function withFiles(): string {
    const cwd = makeFolder();
    for (const [name, text] of Object.entries(FILES)) {
      writeIn(cwd, name, text);
    }
    return cwd;
  }

  const contentsOf = (cwd: string) =>
    NAMES.map((name) => [
      look(join(cwd, 'databases', `${name}.db`), `select * from ${name} order by id`),
      look(join(cwd, 'databases', `${name}.db`), `select state, read, rejected from meridian_runs_${name}`),
      readFileSync(join(cwd, 'rejects', `${name}.ndjson`), 'utf8'),
    ]);

  thoroughTest('while it loads, checks references, and writes rejects', async () => {
    const straight = withFiles();
    const report = reportOf(await meridian(ARGS, { cwd: straight }));
    const contents = contentsOf(straight);
    const signals = [
      ['at-loaded', 'SIGTERM'],
      ['after-commit', 'SIGINT'],
      ['at-checked', 'SIGINT'],
    ] as const;
    for (const [moment, signal] of signals.slice(0, depth(1, signals.length))) {
      const cwd = withFiles();
      const { code } = await meridianStopped(moment, ARGS, { cwd }, (child) => child.kill(signal));
      expect([moment, code]).toEqual([moment, 130]);
      expect([moment, reportOf(await meridian(ARGS, { cwd }))]).toEqual([moment, report]);
      expect(contentsOf(cwd)).toEqual(contents);
    }
  });
});

describe('before anything is loaded', () => {
  test('a signal does not wait for a database that another process has locked', async () => {
    const cwd = makeFolder();
    writeIn(cwd, 'users.csv', usersCsv(10));
    const args = ['populate', '--users', 'users.csv'];
    await meridian(args, { cwd });
    const holder = new SqliteFile(join(cwd, 'databases', 'users.db'));
    try {
      holder.exec('begin immediate');
      const { code, stderr } = await meridianStopped('before-write', args, { cwd }, (child) => child.kill('SIGINT'));
      expect({ code, stderr }).toEqual({ code: 130, stderr: 'Interrupted before anything was loaded.\n' });
    } finally {
      holder.close();
    }
  });

  thoroughTest('nor for a pipe that nothing writes to', async () => {
    const cwd = makeFolder();
    execFileSync('mkfifo', [join(cwd, 'users.csv')]);
    const { code, stderr } = await meridian(['populate', '--users', 'users.csv'], {
      cwd,
      // the log is opened once signals are handled
      during: (child) =>
        until('a log', () => existsSync(join(cwd, 'logs', 'app.log'))).then(() => child.kill('SIGINT')),
    });
    expect({ code, stderr }).toEqual({ code: 130, stderr: 'Interrupted before anything was loaded.\n' });
  });
});

thoroughTest('two at once: one loads, the other finds all unchanged or says who holds the lock', async () => {
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
