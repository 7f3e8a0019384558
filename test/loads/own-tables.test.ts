/** The runs of version 0.2, which stood in tables of the project's migrations, are still there after a migration. */
import { expect, test } from '@jest/globals';
import { Database } from '../../src/database/database.ts';
import { migrateUp } from '../../src/database/migrate.ts';
import { tableOf } from '../../src/database/table.ts';
import { listRuns } from '../../src/loads/list-runs.ts';
import { users } from '../../src/shop/catalog.ts';
import { forEachEngineMigrated } from '../support/engines.ts';

const EARLIER = `create table users_runs (id text not null primary key, source text not null, content text, settings text not null,
  databases text not null, state text not null, read integer not null, inserted integer not null, updated integer not null,
  unchanged integer not null, rejected integer not null, reasons text not null, details text, seconds double precision not null,
  failure text, indexes text, started_at text not null, updated_at text not null)`;

const RUN = `insert into users_runs values ('2026-11-01T00:00:00.000Z-a', 'old.csv', null, '{}', '["users"]', 'finished',
  3, 2, 0, 0, 1, '[]', null, 0.5, null, null, '2026-11-01T00:00:00.000Z', '2026-11-01T00:00:01.000Z')`;

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
});
