/** One writer per database: a second one waits, then its error names the holder; a killed holder releases the lock. */
import type { ChildProcess } from 'node:child_process';
import process from 'node:process';
import { setTimeout as pause } from 'node:timers/promises';
import { afterEach, expect, test } from '@jest/globals';
import { Database } from '../../src/database/database.ts';
import { isLocked, lockDatabase } from '../../src/database/lock.ts';
import { users } from '../../src/shop/catalog.ts';
import { breakpoint } from '../support/breakpoint/breakpoint.ts';
import { type CommandResult, meridian } from '../support/command.ts';
import { thoroughTest } from '../support/depth.ts';
import { describeWithPostgresql, forEachEngine, makePostgresqlPlace, type Place } from '../support/engines.ts';
import { terminateUnnoticed } from '../support/postgresql/terminate.ts';

const children: ChildProcess[] = [];
const opened: Database[] = [];

afterEach(async () => {
  for (const child of children.splice(0)) {
    child.kill('SIGKILL');
  }
  await Promise.all(opened.splice(0).map((database) => database.close()));
});

async function open(place: Place, create = true): Promise<Database> {
  const database = await Database.open(users, { ...place.options('users'), create });
  opened.push(database);
  return database;
}

/** A populate that holds its locks until it is killed, and computes nothing. */
async function holder(place: Place): Promise<{ child: ChildProcess; result: Promise<CommandResult> }> {
  const { env, reached } = breakpoint('after-commit');
  const result = meridian(['populate', '--quiet', '--generate', '5000'], {
    cwd: place.folder,
    // what a killed process leaves in the temporary folder goes with the test's
    env: { ...place.environment('users'), TMPDIR: place.folder, ...env },
    during: (child) => children.push(child),
  });
  const [child] = children;
  if (child === undefined) {
    throw new Error('The command was not started');
  }
  await reached(child);
  return { child, result };
}

forEachEngine((makePlace, engine) => {
  const testOnce = engine === 'sqlite' ? test : thoroughTest;

  test('isLocked reports a running writer and does not block it', async () => {
    const place = await makePlace();
    const [working, looking] = [await open(place), await open(place)];
    expect(await isLocked(looking)).toBe(false);
    const lock = await lockDatabase(working);
    expect(await isLocked(looking)).toBe(true);
    lock.check();
    await lock.release();
    expect(await isLocked(looking)).toBe(false);
  });

  testOnce('the error of a second writer names process and time; a killed holder blocks no other', async () => {
    const place = await makePlace();
    const { child, result } = await holder(place);
    const options = { cwd: place.folder, env: place.environment('users') };
    // a migration waits longer
    const second = await meridian(['verify', '--json'], options);
    expect(second.code).toBe(1);
    expect(second.stderr).toMatch(/^Error: /);
    expect(second.stderr).toContain(`process ${child.pid}`);
    expect(second.stderr).toMatch(/since .*\d\d:\d\d/);

    child.kill('SIGKILL');
    await result;
    expect(await meridian(['migrate', 'users'], options)).toMatchObject({ code: 0, stdout: 'users: up to date\n' });
  });

  test('a second writer waits until the first releases the lock, for a limited time', async () => {
    const place = await makePlace();
    const [first, second] = [await open(place), await open(place)];
    const events: string[] = [];
    const held = await lockDatabase(first);
    const waiting = lockDatabase(second).then((lock) => {
      events.push('second locks');
      return lock;
    });
    const year = new Date().getUTCFullYear();
    await expect(lockDatabase(second, 0)).rejects.toMatchObject({
      code: 'locked',
      message: expect.stringMatching(new RegExp(`process ${process.pid}( on [0-9.:]+)?, since ${year}-`)),
    });
    await expect(lockDatabase(second, 0.2)).rejects.toMatchObject({
      code: 'locked',
      message: expect.stringContaining('waited 0.2 seconds'),
    });
    held.check();
    events.push('first lets go');
    await held.release();
    await (await waiting).release();
    expect(events).toEqual(['first lets go', 'second locks']);
    await (await lockDatabase(first, 0)).release();
  });

  test('a waiting writer measures time by the monotonic clock', async () => {
    const place = await makePlace();
    const [first, second] = [await open(place), await open(place)];
    const held = await lockDatabase(first);
    const { now } = Date;
    let setBack = 0;
    Date.now = () => {
      setBack += 3_600_000;
      return now() - setBack;
    };
    try {
      await expect(lockDatabase(second, 0.1)).rejects.toMatchObject({
        code: 'locked',
        message: expect.stringContaining('waited 0.1 seconds'),
      });
    } finally {
      Date.now = now;
      await held.release();
    }
  });
});

describeWithPostgresql('PostgreSQL', () => {
  test('databases that share a schema, and schemas that share a database, have separate locks', async () => {
    const place = await makePostgresqlPlace();
    const elsewhere = { location: { ...place.options('users').location, schema: 'other' } } as never;
    const databases = [
      await open(place),
      await Database.open({ ...users, name: 'members' }, place.options('members')),
      await Database.open(users, elsewhere),
    ];
    opened.push(...databases.slice(1));
    const locks = await Promise.all(databases.map((database) => lockDatabase(database, 0)));
    await Promise.all(locks.map((lock) => lock.release()));
  });

  test('a lock that the server has ended is reported as lost', async () => {
    const place = await makePostgresqlPlace();
    const lock = await lockDatabase(await open(place));
    lock.check();
    terminateUnnoticed(place.url('users'));
    let error: unknown;
    while (error === undefined) {
      await pause(10);
      try {
        lock.check();
      } catch (thrown) {
        error = thrown;
      }
    }
    expect(error).toMatchObject({ code: 'locked', message: expect.stringMatching(/^users: the lock on .* was lost/) });
    await lock.release();
  });

  test('the server knows every connection by the name of its database and process', async () => {
    const place = await makePostgresqlPlace();
    const database = await open(place);
    const lock = await lockDatabase(database);
    const names = await place.execute(
      'users',
      'select application_name as name from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()',
    );
    expect(new Set(names.map(({ name }) => name))).toEqual(new Set([`meridian users pid ${process.pid}`]));
    await lock.release();
  });
});
