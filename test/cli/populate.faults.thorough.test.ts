/** `meridian populate` when files, directories or the input are not as they should be. */
import { chmodSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { meridian } from '../support/command.ts';
import { rowsOf } from '../support/databases.ts';
import { depth } from '../support/depth.ts';
import { sqlitePlace } from '../support/engines.ts';
import { makeFolder, writeIn } from '../support/folder.ts';
import { productsCsv, usersCsv } from '../support/generated.ts';
import { asOrdinaryUser, giveAway, makeReadOnlyFolder } from '../support/permission.ts';
import { refuseRows } from '../support/refusing.ts';

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

test('a fault in mid-file: file and line are reported, complete batches are kept, the others are loaded', async () => {
  const cwd = makeFolder();
  writeIn(cwd, 'users.csv', Buffer.concat([Buffer.from(usersCsv(47_500)), Buffer.from([0x32, 0xff, 0x0a])]));
  writeIn(cwd, 'products.csv', productsCsv(2));
  const { code, stdout, stderr } = await meridian(
    ['populate', '--json', '--strict-format', '--users', 'users.csv', '--products', 'products.csv'],
    { cwd },
  );
  expect(code).toBe(1);
  const { users, products } = JSON.parse(stdout) as Record<string, { inserted: number; error?: string }>;
  expect(users?.error).toContain('users.csv, line 47502');
  expect(stderr).toContain('users.csv, line 47502');
  expect(stderr).toContain('the first 47,500 records');
  expect(users?.inserted).toBe(47_500);
  expect(rowsOf(join(cwd, 'databases'), 'users')).toHaveLength(47_500);
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
  const BLOCKED = { databases: /databases/, rejects: /rejects/, logs: /logs\/app\.log/ };

  test.each(Object.entries(BLOCKED).slice(0, depth(1, 3)))('%s', async (name, message) => {
    const cwd = makeFolder();
    giveAway(cwd);
    const blocked = join(cwd, name);
    makeReadOnlyFolder(blocked);
    const { code, stderr } = await meridian(['populate'], { cwd, ...asOrdinaryUser });
    chmodSync(blocked, 0o755);
    expect(code).toBe(1);
    expect(stderr).toMatch(/^Error: .*\.$/m);
    expect(stderr).toMatch(message);
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

test('records that only the database refuses: exit 1, with the database, the file and the lines', async () => {
  const cwd = makeFolder();
  writeIn(cwd, 'first.csv', usersCsv(1));
  await meridian(['populate', '--quiet', '--users', 'first.csv'], { cwd });
  const place = sqlitePlace(join(cwd, 'databases'));
  await refuseRows(place, { table: 'users', on: 'insert', when: 'new.id = 5' }, 'id 5 is frozen');
  writeIn(cwd, 'users.csv', usersCsv(9));
  const { code, stdout, stderr } = await meridian(['populate', '--json', '--quiet', '--users', 'users.csv'], { cwd });
  expect(code).toBe(1);
  const sentence =
    'users: the database refused 1 record of users.csv, lines 2 to 10, for a rule that the entity does not have (A trigger of the database refuses it: id 5 is frozen). It is rejected, and no other record is affected. Correct it, or the rule of the database, and load the rejected records again.';
  expect(stderr).toBe(`Error: ${sentence}\n`);
  const { users } = JSON.parse(stdout) as Record<string, object>;
  expect(users).toMatchObject({ read: 9, inserted: 7, unchanged: 1, rejected: 1, error: sentence });
});
