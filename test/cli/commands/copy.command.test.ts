/** `meridian copy` */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import SqliteFile from 'better-sqlite3';
import { meridianProcess } from '../../support/command.ts';
import { thoroughTest } from '../../support/depth.ts';
import { apart, describeWithPostgresql, makePostgresqlPlace } from '../../support/engines.ts';
import { digestsOf } from '../../support/files.ts';
import { writeIn } from '../../support/folder.ts';
import { workspace } from '../../support/workspace.ts';

const MANY = 15_000;

/** With many users in SQLite. */
async function withUsers(count: number) {
  const space = workspace();
  const lines = Array.from(
    { length: count },
    (_, index) => `${index + 1},User ${index + 1},user${index + 1}@example.com`,
  );
  writeIn(space.cwd, 'users.csv', `id,name,email\n${lines.join('\n')}\n`);
  await space.run(['populate', '--quiet', '--users', 'users.csv']);
  return space;
}

/** A lock file says who has held it last. */
const withoutLocks = (digests: Readonly<Record<string, string>>) =>
  Object.fromEntries(Object.entries(digests).filter(([name]) => !name.endsWith('.lock')));

test.each([
  [['copy', 'people', '--to', 'sqlite:x.db'], 2, 'There is no database "people"'],
  [['copy', 'users'], 2, "required option '--to <url>' not specified"],
  [['copy', 'users', '--to', 'mysql://x'], 2, '--to holds a URL that Meridian cannot open.'],
  [['copy', 'users', '--to', 'sqlite:databases/users.db'], 2, 'users is in databases/users.db already.'],
  [
    ['copy', 'orders', '--to', 'sqlite:x.db'],
    1,
    'orders: databases/orders.db does not exist. There is nothing to copy.',
  ],
  [['copy', 'users', '--to', 'sqlite:taken.db'], 1, 'users: taken.db holds rows already (in users)'],
])('%j is refused', async (args, code, sentence) => {
  const { run, cwd } = await withUsers(3);
  await run(['copy', 'users', '--to', 'sqlite:taken.db', '--quiet']);
  const before = withoutLocks(digestsOf(cwd));
  const result = await run(args);
  expect(result).toMatchObject({ code, stdout: '', stderr: expect.stringContaining(sentence) });
  expect(existsSync(join(cwd, 'x.db'))).toBe(false);
  expect(withoutLocks(digestsOf(cwd))).toEqual(before);
});

test('what differs is named, and the exit code is 1', async () => {
  const { run, cwd } = await withUsers(3);
  await run(['copy', 'users', '--to', 'sqlite:copy.db', '--quiet']);
  // as if the copy had been stopped before its end
  const file = new SqliteFile(join(cwd, 'copy.db'));
  const runs = file
    .prepare("select name from sqlite_master where name glob 'meridian_run*' and type = 'table'")
    .pluck()
    .all();
  for (const name of runs) {
    file.exec(`delete from "${String(name)}"`);
  }
  file.exec(`create table meridian_copy_users (name text not null primary key, value text not null);
    insert into meridian_copy_users values ('source', 'databases/users.db'), ('phase', 'copying'), ('table users', '[3]');
    update users set name = 'changed' where id = 2`);
  file.close();
  const { code, stdout, stderr } = await run(['copy', 'users', '--to', 'sqlite:copy.db']);
  expect(code).toBe(1);
  expect(stdout).toMatch(/│ users +│ +3 │ [0-9a-f]{16} │ NO +│/);
  expect(stderr).toMatch(/^Error: users differs: 3 rows with digest [0-9a-f]{64} in databases\/users\.db, 3 rows/m);
});

describeWithPostgresql('PostgreSQL', () => {
  test("the shop's databases, made by its migrations, are verified there, and come back", async () => {
    const space = workspace();
    await space.run(['populate', '--quiet']);
    const place = apart(await makePostgresqlPlace());
    const names = ['users', 'products', 'orders'];
    const env = place.environment(...names);
    for (const name of names) {
      const { code, stdout, stderr } = await space.run(['copy', name, '--to', place.url(name), '--json']);
      expect({ code, stderr }).toEqual({
        code: 0,
        stderr: expect.stringContaining("made by the project's migrations"),
      });
      expect(JSON.parse(stdout)).toMatchObject({
        maker: 'migrations',
        isSame: true,
        tables: { [name]: { isSame: true } },
      });
    }
    const verified = await space.run(['verify', '--json'], { env });
    expect(verified.code).toBe(0);
    expect((await space.run(['migrate:check', ...names], { env })).code).toBe(0);
    const again = await space.run(['populate', '--json', '--quiet'], { env });
    expect(JSON.parse(again.stdout).users).toMatchObject({ inserted: 0, updated: 0 });
    const back = await space.run(['copy', 'orders', '--to', 'sqlite:back.db', '--json'], { env });
    expect(JSON.parse(back.stdout)).toMatchObject({ isSame: true, tables: { orders: { isSame: true } } });
  });

  thoroughTest('killed in the middle, it is continued by the same command', async () => {
    const { run, cwd } = await withUsers(MANY);
    const place = await makePostgresqlPlace();
    const args = ['copy', 'users', '--to', place.url('users'), '--json'];
    const count = async () => {
      const rows = await place.execute('users', "select to_regclass('users') is not null as there");
      return rows[0]?.['there'] === true
        ? Number((await place.execute('users', 'select count(*) as n from users'))[0]?.['n'])
        : 0;
    };
    const killed = await meridianProcess(args, {
      cwd,
      during: (child) => {
        const watch = setInterval(async () => {
          if ((await count()) > 0) {
            clearInterval(watch);
            child.kill('SIGKILL');
          }
        }, 20);
      },
    });
    expect(killed.code).toBe(null);
    const left = await count();
    expect(left).toBeGreaterThan(0);
    expect(left).toBeLessThan(MANY);
    const { code, stdout, stderr } = await run(args);
    expect({ code, stderr }).toEqual({
      code: 0,
      stderr: expect.stringContaining('The copy of an earlier run is continued.'),
    });
    expect(JSON.parse(stdout)).toMatchObject({ isSame: true, tables: { users: { target: { rows: MANY } } } });
    expect(await place.execute('users', "select to_regclass('meridian_copy_users') as left")).toEqual([{ left: null }]);
  });
});
