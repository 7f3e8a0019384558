/** Loads with relations in threads of their own: one thread at a time for each database. */
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { fileSource } from '../../../src/populate/read/file.ts';
import { countsOf, populateIn } from '../../support/databases.ts';
import { forEachEngineMigrated } from '../../support/engines.ts';
import { writeIn } from '../../support/folder.ts';
import { ownDatabase } from '../../support/own-database.ts';
import { parcelCatalog } from './parcel-databases.ts';
import { LEFT, parcelFiles } from './parcel-files.ts';
import { ownedParcels } from './parcels.ts';

forEachEngineMigrated('catalog', (makePlace) => {
  test('the relations that wait for later rows reach the check', async () => {
    const place = await makePlace();
    const { options } = await ownDatabase(place, ownedParcels);
    const users = writeIn(place.folder, 'users.csv', 'id,name,email\n1,Ada,ada@example.com\n');
    const report = await populateIn(place, {
      catalog: parcelCatalog,
      databaseModule: new URL(`file://${join(import.meta.dirname, 'parcel-databases.js')}`).href,
      sources: { ...parcelFiles(place.folder), users: fileSource(users) },
      databaseOptions: (name) => (name === 'parcels' ? options : place.options(name)),
      threadRecords: 1,
      batchRecords: 2,
    });
    for (const [entity, { ids, rejected }] of Object.entries(LEFT)) {
      expect(report.databases[`parcels.${entity}`]?.failure).toBeUndefined();
      expect([entity, countsOf(report)[`parcels.${entity}`]]).toEqual([
        entity,
        { read: expect.any(Number), inserted: ids.length, updated: 0, unchanged: 0, rejected },
      ]);
    }
    const mains = await place.execute('parcels', 'select main_id from depot order by id');
    expect(mains.map((row) => row['main_id'])).toEqual([3, 7, 1, null]);
  });
});
