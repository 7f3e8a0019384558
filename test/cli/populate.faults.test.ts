/** `meridian populate` when files, directories or the input are not as they should be. */
import { chmodSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { meridian } from '../support/command.ts';
import { rowsOf } from '../support/databases.ts';
import { makeFolder, writeIn } from '../support/folder.ts';
import { productsCsv, usersCsv } from '../support/generated.ts';
import { asOrdinaryUser, giveAway, makeReadOnlyFolder } from '../support/permission.ts';

const STACK = /^ {4}at /m;

test('a missing file: a sentence, and a stack only with --verbose', async () => {
  const cwd = makeFolder();
  const args = ['populate', '--users', 'absent.csv', '--orders', 'gone.csv'];
  const [plain, verbose] = await Promise.all([meridian(args, { cwd }), meridian([...args, '--verbose'], { cwd })]);
  for (const { code, stdout, stderr } of [plain, verbose]) {
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
    expect(stderr).toContain('absent.csv does not exist.');
    expect(stderr).toContain('gone.csv does not exist.');
  }
  expect(plain.stderr).not.toMatch(STACK);
  expect(verbose.stderr).toMatch(STACK);
});

test('a fault in mid-file: file and line are told, whole batches stay, the others are loaded', async () => {
  const cwd = makeFolder();
  writeIn(cwd, 'users.csv', Buffer.concat([Buffer.from(usersCsv(47_500)), Buffer.from([0x32, 0xff, 0x0a])]));
  writeIn(cwd, 'products.csv', productsCsv(2));
  const { code, stdout, stderr } = await meridian(
    ['populate', '--json', '--users', 'users.csv', '--products', 'products.csv'],
    { cwd },
  );
  expect(code).toBe(1);
  const { users, products } = JSON.parse(stdout) as Record<string, { inserted: number; error?: string }>;
  expect(users?.error).toContain('users.csv, line 47502');
  expect(stderr).toContain('users.csv, line 47502');
  expect(stderr).toContain('the first 45,000 records');
  expect(users?.inserted).toBe(45_000);
  expect(rowsOf(join(cwd, 'databases'), 'users')).toHaveLength(45_000);
  expect(products).toMatchObject({ inserted: 2 });
  expect(products).not.toHaveProperty('error');
  expect(rowsOf(join(cwd, 'databases'), 'products')).toHaveLength(2);
});

test('a database that is none: its file is named, and nothing is loaded', async () => {
  const cwd = makeFolder();
  writeIn(cwd, 'databases/users.db', 'This is a text file and no database.\n'.repeat(50));
  const { code, stderr } = await meridian(['populate'], { cwd });
  expect(code).toBe(1);
  expect(stderr).toContain('databases/users.db');
  expect(stderr).not.toMatch(STACK);
});

describe('directories that cannot be written', () => {
  test.each([
    ['rejects', /rejects/],
    ['logs', /logs\/app\.log/],
    ['databases', /databases/],
  ])('%s', async (name, told) => {
    const cwd = makeFolder();
    giveAway(cwd);
    const blocked = join(cwd, name);
    makeReadOnlyFolder(blocked);
    const { code, stderr } = await meridian(['populate'], { cwd, ...asOrdinaryUser });
    chmodSync(blocked, 0o755);
    expect(code).toBe(1);
    expect(stderr).toMatch(/^Error: .*\.$/m);
    expect(stderr).toMatch(told);
    expect(stderr).not.toMatch(STACK);
  });

  test('a file stands where the rejects directory should be', async () => {
    const cwd = makeFolder();
    mkdirSync(join(cwd, 'out'));
    writeIn(cwd, 'out/rejects', '');
    const { code, stderr } = await meridian(['populate', '--rejects', 'out/rejects'], { cwd });
    expect(code).toBe(1);
    expect(stderr).toContain('Rejected records cannot be written to the directory out/rejects: ');
  });
});
