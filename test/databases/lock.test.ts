/** One writer a database: who comes second waits, then is told who holds it; a killed holder holds nothing. */
import type { ChildProcess } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import process from 'node:process';
import { afterEach, expect, test } from '@jest/globals';
import { users } from '../../src/databases/catalog.ts';
import { Database } from '../../src/databases/database.ts';
import { lockDatabase } from '../../src/databases/lock.ts';
import { type CommandResult, meridian } from '../support/command.ts';
import { locationIn } from '../support/databases.ts';
import { makeFolder } from '../support/folder.ts';
import { schemaOf } from '../support/schema.ts';
import { until } from '../support/until.ts';

const children: ChildProcess[] = [];

afterEach(() => {
  for (const child of children.splice(0)) {
    child.kill('SIGKILL');
  }
});

/** A populate that holds its locks until its standard input ends. */
async function holder(cwd: string): Promise<{ child: ChildProcess; result: Promise<CommandResult> }> {
  const result = meridian(['populate', '--users', '-', '--format', 'ndjson'], {
    cwd,
    // what a killed process leaves in the temporary folder goes with the test's
    env: { TMPDIR: cwd },
    during: (child) => children.push(child),
  });
  const [child] = children;
  if (child === undefined) {
    throw new Error('The command was not started');
  }
  child.stdin?.write('{"id":1,"name":"Alice","email":"alice@example.com"}\n');
  const path = join(cwd, 'databases', 'users.db');
  // the schema is made when the lock is held
  await until('users is migrated', () => existsSync(path) && schemaOf(path).length > 0);
  return { child, result };
}

test('who comes second is told the process and the time; a killed holder is in nobody’s way', async () => {
  const cwd = makeFolder();
  const { child, result } = await holder(cwd);
  const second = await meridian(['migrate', 'users', '--json'], { cwd });
  expect(second.code).toBe(1);
  expect(second.stderr).toMatch(/^Error: /);
  expect(second.stderr).toContain(String(child.pid));
  expect(second.stderr).toMatch(/since .*\d\d:\d\d/);

  child.kill('SIGKILL');
  await result;
  expect(await meridian(['migrate', 'users'], { cwd })).toMatchObject({ code: 0, stdout: 'users: up to date\n' });
}, 60_000);

test('who comes second waits until the first lets go, and not for ever', async () => {
  const folder = makeFolder();
  const [first, second] = await Promise.all([
    Database.open(users, locationIn(folder, 'users')),
    Database.open(users, locationIn(folder, 'users')),
  ]);
  const events: string[] = [];
  const held = await lockDatabase(first);
  const waiting = lockDatabase(second).then((lock) => {
    events.push('second locks');
    return lock;
  });
  await expect(lockDatabase(second, 0)).rejects.toMatchObject({
    code: 'locked',
    message: expect.stringContaining(`process ${process.pid}, since ${new Date().getUTCFullYear()}-`),
  });
  events.push('first lets go');
  held.release();
  (await waiting).release();
  expect(events).toEqual(['first lets go', 'second locks']);
  (await lockDatabase(first, 0)).release();
  await Promise.all([first.close(), second.close()]);
});
