/** Where a database is: a default file, a URL in a variable, a URL in `.env`. */
import { existsSync, readdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { expect, test } from '@jest/globals';
import { locate, urlVariable } from '../../src/database/location.ts';
import { MeridianError } from '../../src/shared/errors.ts';
import { meridian } from '../support/command.ts';
import { makeFolder, writeIn } from '../support/folder.ts';

test('the default is a file below databases/', async () => {
  const cwd = makeFolder();
  expect(await meridian(['migrate', 'users'], { cwd })).toMatchObject({ code: 0 });
  expect(existsSync(join(cwd, 'databases', 'users.db'))).toBe(true);
});

test('paths from here, paths from the root, .env, and variables that win over it', async () => {
  const cwd = makeFolder();
  const other = makeFolder();
  writeIn(cwd, '.env', 'USERS_DATABASE_URL=sqlite:from-env.db\nPRODUCTS_DATABASE_URL=sqlite:not-this.db\n');
  const { code } = await meridian(['migrate', 'users', 'products', 'orders'], {
    cwd,
    env: {
      PRODUCTS_DATABASE_URL: 'sqlite:below/products.db',
      ORDERS_DATABASE_URL: `sqlite://${join(other, 'orders.db')}`,
    },
  });
  expect(code).toBe(0);
  expect(existsSync(join(cwd, 'below', 'products.db'))).toBe(true);
  expect(existsSync(join(other, 'orders.db'))).toBe(true);
  expect(existsSync(join(cwd, 'not-this.db')) || existsSync(join(cwd, 'databases'))).toBe(false);
  expect(existsSync(join(cwd, 'from-env.db'))).toBe(true);
});

test('a database in memory leaves no file', async () => {
  const cwd = makeFolder();
  const { code, stdout } = await meridian(['migrate', 'users'], {
    cwd,
    env: { USERS_DATABASE_URL: 'sqlite::memory:' },
  });
  expect(code).toBe(0);
  expect(stdout).toMatch(/^users: applied Migration/);
  expect(readdirSync(cwd)).toEqual([]);
});

const unusable = [
  ['of another engine', 'mysql://meridian:s3cret@db.example.com/users'],
  ['with a slash in its password', 'postgres://meridian:s3/cret@db.example.com/users'],
  ['with a number sign in its password', 'postgres://meridian:s3#cret@db.example.com/users'],
  ['with a question mark in its password', 'postgres://meridian:s3?cret@db.example.com/users'],
  ['with a stray percent sign in its password', 'postgres://meridian:s3%cret@db.example.com/users'],
  ['without a database', 'postgresql://meridian:s3cret@db.example.com'],
  ['with digits and a slash in its password', 'postgresql://meridian:12/s3cret@db.example.com'],
  ['with an unknown parameter', 'postgresql://meridian:s3cret@db.example.com/users?pool=s3cret'],
  ['with an unknown sslmode', 'postgresql://meridian:s3cret@db.example.com/users?sslmode=prefer'],
  ['with a wrong timeout', 'postgresql://meridian:s3cret@db.example.com/users?connect_timeout=1.5'],
  ['with a dot in its schema', 'postgresql://meridian:s3cret@db.example.com/users?schema=a.b'],
  ['without slashes', 'meridian:s3cret@db.example.com'],
  ['without a path', 'sqlite:'],
] as const;

test.each(unusable)('an unusable URL is a usage error, and no password is shown: one %s', (_, url) => {
  let error: unknown;
  try {
    locate('users', { USERS_DATABASE_URL: url });
  } catch (thrown) {
    error = thrown;
  }
  expect(error).toBeInstanceOf(MeridianError);
  expect(error).toMatchObject({ code: 'usage', message: expect.stringContaining('USERS_DATABASE_URL') });
  expect((error as MeridianError).message).not.toMatch(/s3|cret/);
});

test.each([
  ['populate', '--dry-run'],
  ['migrate:status', 'users'],
])('%s %s with such a URL exits 2 and makes nothing', async (...args) => {
  const cwd = makeFolder();
  const { code, stdout, stderr } = await meridian(args, { cwd, env: { USERS_DATABASE_URL: unusable[0][1] } });
  expect(stderr).toContain('USERS_DATABASE_URL');
  expect(stdout + stderr).not.toContain('s3cret');
  expect(readdirSync(cwd)).toEqual([]);
  expect(code).toBe(2);
});

test.each([
  ['sqlite:a/b.db', resolve('a/b.db')],
  ['sqlite:///tmp/a.db', '/tmp/a.db'],
  ['sqlite:/tmp/a.db', '/tmp/a.db'],
  [' sqlite:a.db ', resolve('a.db')],
  ['', resolve('databases/users.db')],
  ['sqlite::memory:', ':memory:'],
])('%p is %s', (url, file) => {
  expect(locate('users', { USERS_DATABASE_URL: url })).toEqual({ engine: 'sqlite', file });
});

test('the variable of a name with a hyphen has an underscore', () => {
  expect(urlVariable('order-lines')).toBe('ORDER_LINES_DATABASE_URL');
});
