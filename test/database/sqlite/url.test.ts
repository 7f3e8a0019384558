/** The URL of an SQLite database: the path that is meant, or a sentence, and never a file of another name. */
import { homedir } from 'node:os';
import { join, resolve } from 'node:path';
import { expect, test } from '@jest/globals';
import { parseSqliteUrl } from '../../../src/database/sqlite/url.ts';

test.each([
  ['sqlite:a/b.db', resolve('a/b.db')],
  ['SQLite:a.db', resolve('a.db')],
  ['sqlite://a.db', resolve('a.db')],
  ['sqlite:///tmp/a.db', '/tmp/a.db'],
  ['sqlite:~/a/b.db', join(homedir(), 'a', 'b.db')],
  ['sqlite:./~/a.db', resolve('~/a.db')],
  ['sqlite:a#1 %20&=.db', resolve('a#1 %20&=.db')],
  ['sqlite:a$1~.db', resolve('a$1~.db')],
  ['sqlite::memory:', ':memory:'],
])('%s is %s', (url, file) => {
  expect(parseSqliteUrl('USERS_DATABASE_URL', url)).toBe(file);
});

test.each(['sqlite:', 'mysql:a.db', 'a.db'])('%s is none', (url) => {
  expect(parseSqliteUrl('USERS_DATABASE_URL', url)).toBeUndefined();
});

test.each([
  ['sqlite:a.db?key=s3cret', 'has parameters after a question mark'],
  ['sqlite::memory:?cache=s3cret', 'has parameters after a question mark'],
  ['sqlite:file:s3cret.db', 'has a path that begins with file:'],
  ['sqlite:$HOME/s3cret.db', 'names a variable in its path'],
  ['sqlite:/data/$S3CRET/s3cret.db', 'names a variable in its path'],
  ['sqlite:~other/s3cret.db', 'has a path that begins with ~ and a name'],
  ['sqlite:~', 'has a path that begins with ~'],
])('%s is refused, and not repeated', (url, reason) => {
  const parse = () => parseSqliteUrl('USERS_DATABASE_URL', url);
  expect(parse).toThrow(expect.objectContaining({ code: 'usage', message: expect.stringContaining(reason) }));
  expect(parse).not.toThrow('s3cret');
});
