/** A database that a newer version has migrated is reported, and neither loaded nor traded with. */
import { afterEach, expect, test } from '@jest/globals';
import SqliteFile from 'better-sqlite3';
import { Database } from '../../src/database/database.ts';
import { migrateUp, migrationStatus, pendingMigrations, refusePending } from '../../src/database/migrate.ts';
import { openMigrated } from '../../src/database/open-migrated.ts';
import { central, ordersOf, users } from '../../src/shop/catalog.ts';
import { meridian } from '../support/command.ts';
import { populateIn } from '../support/databases.ts';
import { apart, forEachEngineThoroughly, type Place, sqlitePlace } from '../support/engines.ts';
import { makeFolder } from '../support/folder.ts';
import { migrationsOf } from '../support/schema.ts';
import { sourceOf } from '../support/sources.ts';

const NEWER = 'Migration29990909000000';
const SENTENCE = `: the database has a migration that this version does not know (${NEWER}), so a newer version has changed it. Use the version that has it.`;

const opened: Database[] = [];

afterEach(async () => {
  await Promise.all(opened.splice(0).map((database) => database.close()));
});

forEachEngineThoroughly((makePlace, engine) => {
  async function newer(place: Place, name: string): Promise<void> {
    const table = engine === 'sqlite' ? 'mikro_orm_migrations' : `mikro_orm_migrations_${name.replace(/[.].*/, '')}`;
    await place.execute(name, `insert into ${table} (name) values ('${NEWER}')`);
  }

  test('by whatever it is opened', async () => {
    const place = await makePlace();
    const database = await Database.open(users, place.options('users'));
    opened.push(database);
    await migrateUp(database);
    await newer(place, 'users');
    expect(await migrationStatus(database)).toMatchObject({ pending: [], unknown: [NEWER] });
    const refusal = { code: 'migration', message: `users${SENTENCE}` };
    await expect(migrateUp(database)).rejects.toMatchObject(refusal);
    await expect(pendingMigrations(database)).rejects.toMatchObject(refusal);
    await expect(refusePending(database)).rejects.toMatchObject(refusal);
    const sources = { users: sourceOf([{ id: 1, name: 'Ann', email: 'ann@example.com' }]) };
    for (const dryRun of [false, true]) {
      await expect(populateIn(place, { sources, dryRun })).rejects.toMatchObject(refusal);
    }
    expect(await place.rowsOf('users')).toEqual([]);
  });

  test('of a region', async () => {
    const place = apart(await makePlace());
    const boston = ordersOf('boston');
    const region = await openMigrated(boston, undefined, place.options(boston.name));
    opened.push(region);
    await newer(place, boston.name);
    await expect(openMigrated(boston, undefined, place.options(boston.name))).rejects.toMatchObject({
      code: 'migration',
      message: `orders.boston${SENTENCE}`,
    });
  });

  test('by migrate:check, which fails, and migrate:status', async () => {
    const place = await makePlace();
    const options = { cwd: place.folder, env: place.environment('users') };
    await meridian(['migrate', 'users'], options);
    await newer(place, 'users');
    const check = await meridian(['migrate:check', 'users'], options);
    expect(check).toEqual({ code: 1, stdout: '', stderr: `Error: users${SENTENCE}\n` });
    const json = await meridian(['migrate:check', 'users', '--json'], options);
    expect(JSON.parse(json.stdout)).toMatchObject({ users: { pending: [], unknown: [NEWER], drift: false } });
    const status = await meridian(['migrate:status', 'users'], options);
    expect(status.stdout).toContain(`${NEWER} (unknown)`);
  });
});

test('two databases in one file, as earlier versions allowed, are reported', async () => {
  const { location } = sqlitePlace(makeFolder()).options('central');
  const [foreign = ''] = migrationsOf('documents');
  const file = new SqliteFile(location.engine === 'sqlite' ? location.file : '');
  file.exec(`create table mikro_orm_migrations (id integer primary key, name text, executed_at text);
    insert into mikro_orm_migrations (name) values ('${foreign}')`);
  file.close();
  await expect(openMigrated(central, undefined, { location })).rejects.toMatchObject({
    code: 'migration',
    message:
      `central: its file holds the tables of documents as well (${foreign}), and each needs a file of its own. ` +
      'Name new files in CENTRAL_DATABASE_URL and DOCUMENTS_DATABASE_URL, and fill them again.',
  });
});
