/** The runs of version 0.2, which stood in tables of the project's migrations, are still there after a migration. */
import { expect, test } from '@jest/globals';
import { Database } from '../../src/database/database.ts';
import { migrateUp, pendingMigrations } from '../../src/database/migrate.ts';
import { tableOf } from '../../src/database/table.ts';
import { listRuns } from '../../src/loads/list-runs.ts';
import { RunStore } from '../../src/loads/run-store.ts';
import { users } from '../../src/shop/catalog.ts';
import { forEachEngineMigrated } from '../support/engines.ts';
import { onlyTable } from '../support/only-table.ts';

const EARLIER = `create table users_runs (id text not null primary key, source text not null, content text, settings text not null,
  databases text not null, state text not null, read integer not null, inserted integer not null, updated integer not null,
  unchanged integer not null, rejected integer not null, reasons text not null, details text, seconds double precision not null,
  failure text, indexes text, started_at text not null, updated_at text not null)`;

const RUN = `insert into users_runs values ('2026-11-01T00:00:00.000Z-a', 'old.csv', null, '{}', '["users"]', 'finished',
  3, 2, 0, 0, 1, '[]', null, 0.5, null, null, '2026-11-01T00:00:00.000Z', '2026-11-01T00:00:01.000Z')`;

const REJECTS = `create table meridian_run_rejects_users (number bigint not null, line bigint not null, record text not null,
  errors text not null, entity text not null, primary key (entity, number))`;

forEachEngineMigrated('catalog', (makePlace) => {
  const tablesOf = async (database: Database) =>
    Promise.all(['users_runs', 'users_run_rejects'].map((table) => database.engine.hasTable(database.fork(), table)));

  test('they move to the own table, and a table of the project that is only called so stays', async () => {
    const place = await makePlace();
    await place.execute('users', EARLIER);
    await place.execute('users', RUN);
    await place.execute('users', 'create table users_run_rejects (laps integer)');
    const database = await Database.open(users, place.options('users'));
    try {
      expect(await pendingMigrations(database)).toEqual([
        {
          name: 'meridian.runs.adoption',
          statements: [expect.stringMatching(/^insert into "meridian_runs_users" /), 'drop table "users_runs"'],
        },
      ]);
      expect(await tablesOf(database)).toEqual([true, true]);
      expect(await migrateUp(database)).toEqual([]);
      expect(await listRuns(tableOf(database, 'user'), 10)).toMatchObject([
        { source: 'old.csv', state: 'finished', read: 3, inserted: 2, rejected: 1 },
      ]);
      expect(await tablesOf(database)).toEqual([false, true]);
      expect(await migrateUp(database)).toEqual([]);
    } finally {
      await database.close();
    }
  });

  test('before that, the command that moves them is named', async () => {
    const place = await makePlace();
    const database = await Database.open(users, place.options('users'));
    try {
      for (const table of [
        'meridian_runs_users',
        'meridian_run_batches_users',
        'meridian_run_files_users',
        'meridian_rejects_users',
      ]) {
        await place.execute('users', `drop table if exists ${table}`);
      }
      expect(await listRuns(tableOf(database, 'user'), 10)).toEqual([]);
      await place.execute('users', EARLIER);
      await expect(listRuns(tableOf(database, 'user'), 10)).rejects.toMatchObject({
        code: 'migration',
        message:
          'users: its runs are in tables of version 0.2 (users_runs). Run npx meridian migrate users, which moves them; --dry-run prints how.',
      });
    } finally {
      await database.close();
    }
  });

  test('rejects that stood beside their open run belong to it afterwards', async () => {
    const place = await makePlace();
    const database = await Database.open(users, place.options('users'));
    try {
      await place.execute('users', EARLIER.replace('users_runs', 'older_runs'));
      await place.execute('users', RUN.replace('users_runs', 'older_runs'));
      await place.execute('users', "insert into meridian_runs_users select *, 'user' from older_runs");
      await place.execute('users', 'drop table meridian_rejects_users');
      await place.execute('users', REJECTS);
      await place.execute('users', `insert into meridian_run_rejects_users values (7, 8, '{"id":"7"}', '[]', 'user')`);
      await place.execute('users', `delete from ${database.engine.ownMigrationTable} where name = 'meridian.runs.2'`);
      expect(await migrateUp(database)).toEqual(['meridian.runs.2']);
      const pages = [];
      for await (const page of new RunStore(onlyTable(database)).rejects(
        database.fork(),
        '2026-11-01T00:00:00.000Z-a',
      )) {
        pages.push(page);
      }
      expect(pages).toMatchObject([[{ number: 7, file: null, line: 8, record: '{"id":"7"}', errors: '[]' }]]);
      expect(await database.engine.hasTable(database.fork(), 'meridian_run_rejects_users')).toBe(false);
    } finally {
      await database.close();
    }
  });
});
