/** `meridian populate` with a command line that is wrong: exit code 2, the option named, nothing written. */
import { readdirSync } from 'node:fs';
import { expect, test } from '@jest/globals';
import { meridian } from '../support/command.ts';
import { makeFolder } from '../support/folder.ts';

const wrong: readonly (readonly [args: string, message: readonly RegExp[]])[] = [
  ['--user a.csv', [/unknown option '--user'/, /Did you mean .*--users/]],
  ['--users a.txt --format xml', [/--format xml/, /csv, tsv, json, ndjson/]],
  ['--users a.csv --format orders=csv', [/--format orders=csv/, /no file is given for "orders"/]],
  ['--map people.name=Name', [/--map people\.name=Name/, /users, products, orders/]],
  ['--map users.name', [/--map users\.name/]],
  ['--map users.nickname=Name', [/--map/, /User has no property "nickname"/, /id, name, email/]],
  ['--on-conflict xyz', [/--on-conflict/, /xyz/, /reject, update/]],
  ['--users - --orders - --format csv', [/[Ss]tandard input/, /one table only/]],
  ['--users -', [/--users -/, /--format/]],
  ['--users', [/--users/, /argument missing/]],
];

test.each(wrong)('populate %s', async (args, message) => {
  const cwd = makeFolder();
  const { code, stdout, stderr } = await meridian(['populate', ...args.split(' ')], { cwd });
  for (const expected of message) {
    expect(stderr).toMatch(expected);
  }
  expect(stderr).not.toMatch(/^ {4}at /m);
  expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
  // a log of the attempt is all that may be there
  expect(readdirSync(cwd).filter((name) => name !== 'logs')).toEqual([]);
});

test('--help is no error and names every option', async () => {
  const { code, stdout } = await meridian(['populate', '--help'], { cwd: makeFolder() });
  expect(code).toBe(0);
  for (const option of [
    'users',
    'products',
    'orders',
    'region',
    'region-by',
    'region-map',
    'format',
    'map',
    'on-conflict',
    'rejects',
    'dry-run',
    'strict',
  ]) {
    expect(stdout).toContain(`--${option}`);
  }
});
