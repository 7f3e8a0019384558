/** `meridian populate` after it was killed, and while disks, locks and files give way under it. */
import type { ChildProcess } from 'node:child_process';
import { copyFileSync, mkdirSync, readFileSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { expect, test } from '@jest/globals';
import SqliteFile from 'better-sqlite3';
import { meridianStopped } from '../support/breakpoint/breakpoint.ts';
import { type CommandResult, meridian } from '../support/command.ts';
import { thoroughTest } from '../support/depth.ts';
import { dirtyUsers } from '../support/dirty.ts';
import { makeFolder, writeIn } from '../support/folder.ts';
import { onSmallDisk } from '../support/small-disk.ts';
import { differencesOf, firstDifference, look } from '../support/stored.ts';

const RECORDS = 60_000;
const USERS = dirtyUsers(RECORDS);

const fileOf = (cwd: string, name: string) => join(cwd, 'databases', `${name}.db`);
const readBy = (cwd: string, name: string) =>
  Number(look(fileOf(cwd, name), `select read from meridian_runs_${name} order by id desc limit 1`)[0]?.['read'] ?? 0);

/** A populate to which something is done when its first records are in. */
const disturbed = (cwd: string, args: readonly string[], disturb: (child: ChildProcess) => unknown, input?: string) =>
  meridianStopped(
    'after-commit',
    ['populate', '--json', ...args],
    { cwd, env: { TMPDIR: cwd }, ...(input === undefined ? {} : { input }) },
    disturb,
  );

const killed = (cwd: string, args: readonly string[], input?: string) =>
  disturbed(cwd, args, (child) => child.kill('SIGKILL'), input).then(({ code }) => expect(code).toBeNull());

const load = (cwd: string, args: readonly string[], input?: string) =>
  meridian(['populate', '--json', ...args], { cwd, ...(input === undefined ? {} : { input }) });

/** Of users, without the time that it took. */
function accountOf({ code, stdout, stderr }: CommandResult): unknown {
  expect({ code, stderr: code === 0 ? '' : stderr }).toEqual({ code: 0, stderr: '' });
  const { seconds: _, ...account } = JSON.parse(stdout).users;
  return account;
}

/** A load of the file that nothing disturbs. */
async function straight(): Promise<{ cwd: string; account: unknown }> {
  const cwd = makeFolder();
  writeIn(cwd, 'users.csv', USERS);
  return { cwd, account: accountOf(await load(cwd, ['--users', 'users.csv'])) };
}

function expectSame(cwd: string, expected: string): void {
  expect(differencesOf('users', fileOf(cwd, 'users'), fileOf(expected, 'users'))).toEqual([]);
  expect(firstDifference(join(cwd, 'rejects', 'users.ndjson'), join(expected, 'rejects', 'users.ndjson'))).toEqual([]);
}

/** A new run over loaded records words some rejects differently, where a rejected record shares its id with a later loaded one. */
function expectSameRecords(cwd: string, expected: string): void {
  expect(differencesOf('users', fileOf(cwd, 'users'), fileOf(expected, 'users'))).toEqual([]);
  expect(rejectedIn(cwd)).toEqual(rejectedIn(expected));
}

function rejectedIn(cwd: string): number[] {
  const lines = readFileSync(join(cwd, 'rejects', 'users.ndjson'), 'utf8')
    .split('\n')
    .slice(0, -1);
  return lines.map((line) => JSON.parse(line).number);
}

thoroughTest(
  'a file that has changed since the kill is rejected until it is restored, or --restart is given',
  async () => {
    const expected = await straight();
    const cwd = makeFolder();
    const file = writeIn(cwd, 'users.csv', USERS);
    await killed(cwd, ['--users', file]);
    writeFileSync(file, `${USERS}${RECORDS + 1},New,new@example.com,\n`);
    const read = readBy(cwd, 'users');
    const refused = await load(cwd, ['--users', file]);
    expect(refused.code).toBe(1);
    expect(refused.stderr).toContain(`users: ${file} has changed since the run of `);
    expect(refused.stderr).toContain(`stopped after ${read} records`);
    expect(refused.stderr).toContain('--restart');
    expect(readBy(cwd, 'users')).toBe(read);

    const other = join(cwd, 'other');
    mkdirSync(join(other, 'databases'), { recursive: true });
    for (const extension of ['', '-wal']) {
      copyFileSync(`${fileOf(cwd, 'users')}${extension}`, `${fileOf(other, 'users')}${extension}`);
    }
    const restarted = JSON.parse((await load(other, ['--users', file, '--restart'])).stdout).users;
    expect(restarted.read).toBe(RECORDS + 1);
    expect(restarted.unchanged).toBeGreaterThan(0);
    expect(look(fileOf(other, 'users'), `select name from users where id = ${RECORDS + 1}`)).toEqual([{ name: 'New' }]);

    writeFileSync(file, USERS);
    expect(accountOf({ ...(await load(cwd, ['--users', file])), stderr: '' })).toEqual(expected.account);
    expectSame(cwd, expected.cwd);
  },
);

thoroughTest('what was killed over standard input is continued when the same is piped in again', async () => {
  const expected = await straight();
  const cwd = makeFolder();
  const args = ['--users', '-', '--format', 'csv'];
  await killed(cwd, args, USERS);
  const again = await load(cwd, args, USERS);
  expect(again.stderr).toMatch(/users: continuing the run of .+ over standard input after [\d,]+ records/);
  expect(accountOf(again)).toEqual(expected.account);
  expectSame(cwd, expected.cwd);
});

thoroughTest('another command says that it abandons what was killed, and leaves nothing dangling', async () => {
  const cwd = makeFolder();
  const order = (id: number, user: number) => `${id},${user},1,1\n`;
  const orders = Array.from({ length: 2 * RECORDS }, (_, index) => order(index + 1, RECORDS * 9)).join('');
  writeIn(cwd, 'users.csv', 'id,name,email\n1,Ann,ann@example.com\n');
  writeIn(cwd, 'products.csv', 'id,sku,name,price\n1,S1,One,1.00\n');
  writeIn(cwd, 'orders.csv', `id,userId,productId,quantity\n${orders}`);
  writeIn(cwd, 'other.csv', `id,userId,productId,quantity\n${order(5_000_000, 1)}`);
  await load(cwd, ['--users', 'users.csv', '--products', 'products.csv']);
  await killed(cwd, ['--orders', 'orders.csv']);
  expect(look(fileOf(cwd, 'orders'), 'select count(*) as dangling from orders')[0]?.['dangling']).toBeGreaterThan(0);
  const other = await load(cwd, ['--orders', 'other.csv']);
  expect(other.code).toBe(0);
  expect(other.stderr).toMatch(
    /orders: the run of .+ over orders\.csv was stopped after \d+ records and is not continued/,
  );
  expect(look(fileOf(cwd, 'orders'), 'select id from orders')).toEqual([{ id: 5_000_000 }]);
  expect((await meridian(['verify', '--quiet'], { cwd })).code).toBe(0);
});

thoroughTest('a dry run that is killed has changed nothing', async () => {
  const cwd = makeFolder();
  writeIn(cwd, 'users.csv', USERS);
  writeIn(cwd, 'first.csv', 'id,name,email\n1,Ann,ann@example.com\n');
  await load(cwd, ['--users', 'first.csv']);
  for (const milliseconds of [400, 800, 1200]) {
    await meridian(['populate', '--dry-run', '--users', 'users.csv'], {
      cwd,
      during: (child) => pause(milliseconds).then(() => child.kill('SIGKILL')),
    });
    expect(look(fileOf(cwd, 'users'), 'select id from users')).toEqual([{ id: 1 }]);
    expect(look(fileOf(cwd, 'users'), 'select state from meridian_runs_users')).toEqual([{ state: 'finished' }]);
  }
});

test('a full disk is reported with its database; with free space the same command completes', async () => {
  const expected = await straight();
  const cwd = makeFolder();
  const file = writeIn(cwd, 'users.csv', USERS);
  await onSmallDisk(join(cwd, 'databases'), 5000, async (makeRoom) => {
    const full = await load(cwd, ['--users', file]);
    expect(full.code).toBe(1);
    expect(full.stderr).toMatch(/users: databases\/users\.db cannot grow: the disk is full/);
    makeRoom();
    expect((await load(cwd, ['--users', file])).code).toBe(0);
    expectSameRecords(cwd, expected.cwd);
  });
});

thoroughTest('a disk too full for the rejects is reported; with free space the same command ends the run', async () => {
  const expected = await straight();
  const cwd = makeFolder();
  const file = writeIn(cwd, 'users.csv', USERS);
  await onSmallDisk(join(cwd, 'rejects'), 64, async (makeRoom) => {
    const full = await load(cwd, ['--users', file]);
    expect(full.code).toBe(1);
    expect(full.stderr).toMatch(/rejects\/users\.ndjson cannot be replaced: /);
    makeRoom();
    const again = await load(cwd, ['--users', file]);
    expect(again.stderr).toContain('users: continuing the run');
    expect(accountOf({ ...again, stderr: '' })).toEqual(expected.account);
    expectSame(cwd, expected.cwd);
  });
});

thoroughTest(
  'a database that is locked in mid-load stops its load; once it is free the same command completes',
  async () => {
    const expected = await straight();
    const cwd = makeFolder();
    const file = writeIn(cwd, 'users.csv', USERS);
    let holder: SqliteFile.Database | undefined;
    const locked = await disturbed(cwd, ['--users', file], () => {
      holder = new SqliteFile(fileOf(cwd, 'users'));
      holder.exec('begin immediate');
    });
    expect(locked.code).toBe(1);
    expect(locked.stderr).toMatch(/users: databases\/users\.db is locked by another process/);
    const atStart = await load(cwd, ['--users', file]);
    expect(atStart.code).toBe(1);
    expect(atStart.stderr).toMatch(/users: databases\/users\.db is locked by another process/);
    holder?.close();
    expect((await load(cwd, ['--users', file])).code).toBe(0);
    expectSameRecords(cwd, expected.cwd);
  },
);

thoroughTest(
  'a file that is truncated while it is read is reported; when it is complete again the same command completes',
  async () => {
    const expected = await straight();
    const cwd = makeFolder();
    const file = writeIn(cwd, 'users.csv', USERS);
    const cut = await disturbed(cwd, ['--users', file], () => truncateSync(file, Math.floor(USERS.length * 0.7)));
    expect(cut.code).toBe(1);
    expect(cut.stderr).toMatch(/users\.csv, line \d+: /);
    const wrong = differencesOf('users', fileOf(cwd, 'users'), fileOf(expected.cwd, 'users'));
    expect(wrong.filter((one) => (one as { difference: string }).difference === 'too many')).toEqual([]);
    writeFileSync(file, USERS);
    expect((await load(cwd, ['--users', file])).code).toBe(0);
    expectSameRecords(cwd, expected.cwd);
  },
);
