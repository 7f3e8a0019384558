/** The migrations of Meridian's own tables, where migrations of a project drop these tables when they are reverted. */
import { expect, test } from '@jest/globals';
import { migrateDown, migrateUp, migrationStatus } from '../../src/database/migrate.ts';
import { regionDatabase } from '../../src/shop/regions/databases.ts';
import { forEachEngine } from '../support/engines.ts';
import { openIn, regionalPlace } from '../support/regional.ts';
import { ownMigrationsOf } from '../support/schema.ts';

const BOSTON = regionDatabase('boston');
const OUTBOX = ownMigrationsOf(BOSTON.name).filter((name) => name.startsWith('meridian.outbox.'));

forEachEngine((_, engine) => {
  test('those of tables that a revert has dropped are applied again', async () => {
    const place = await regionalPlace(engine, 'empty');
    const database = await openIn(place, BOSTON);
    const { ownMigrationTable } = database.engine;
    const recorded = async () =>
      (await place.execute(BOSTON.name, `select name from ${ownMigrationTable} order by name`)).map(({ name }) => name);
    const isThere = () => database.engine.hasTable(database.fork(), 'outbox_event');
    expect(await recorded()).toEqual(ownMigrationsOf(BOSTON.name).toSorted());

    let reverted = 0;
    while (await isThere()) {
      // what is still there is not forgotten
      expect(await recorded()).toEqual(expect.arrayContaining(OUTBOX));
      await migrateDown(database);
      reverted++;
    }
    expect(await recorded()).not.toEqual(expect.arrayContaining([expect.stringContaining('outbox')]));
    const { pending } = await migrationStatus(database);
    expect(pending).toEqual(expect.arrayContaining(OUTBOX));

    expect(await migrateUp(database)).toEqual(pending);
    expect(pending.filter((name) => !name.startsWith('meridian.'))).toHaveLength(reverted);
    expect(await recorded()).toEqual(ownMigrationsOf(BOSTON.name).toSorted());
    expect(await place.execute(BOSTON.name, 'select event_id, run from outbox_event')).toEqual([]);
    expect(await migrateUp(database)).toEqual([]);
  });
});
