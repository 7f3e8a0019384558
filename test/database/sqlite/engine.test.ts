/** Database files that an ordinary user may not write, seen from the command line. */
import { chmodSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import SqliteFile from 'better-sqlite3';
import { meridian } from '../../support/command.ts';
import { makeFolder } from '../../support/folder.ts';
import { asOrdinaryUser, giveAway, makeReadOnlyFolder } from '../../support/permission.ts';

test('a file without write permission', async () => {
  const cwd = makeFolder();
  const path = join(cwd, 'databases', 'users.db');
  mkdirSync(join(cwd, 'databases'));
  new SqliteFile(path).exec('vacuum').close();
  giveAway(cwd);
  giveAway(join(cwd, 'databases'));
  giveAway(path);
  chmodSync(path, 0o444);
  const { code, stdout, stderr } = await meridian(['migrate', 'users'], { cwd, ...asOrdinaryUser });
  expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
  expect(stderr).toMatch(/^Error: .*databases\/users\.db.*\.$/m);
  expect(stderr).not.toMatch(/^ {4}at /m);
});

test('a directory that cannot be created', async () => {
  const cwd = makeFolder();
  giveAway(cwd);
  makeReadOnlyFolder(join(cwd, 'closed'));
  const { code, stderr } = await meridian(['migrate', 'users'], {
    cwd,
    env: { USERS_DATABASE_URL: 'sqlite:closed/below/users.db' },
    ...asOrdinaryUser,
  });
  expect(code).toBe(1);
  expect(stderr).toMatch(/^Error: .*closed\/below/m);
  expect(stderr).not.toMatch(/^ {4}at /m);
});
