/** Loads with relations in threads of their own: one thread at a time for each database. */
import { execFile } from 'node:child_process';
import { join } from 'node:path';
import process from 'node:process';
import { promisify } from 'node:util';
import { expect, test } from '@jest/globals';
import { WITH_BUNDLES } from '../../support/bundled.ts';
import { forEachEngineMigrated } from '../../support/engines.ts';
import { writeIn } from '../../support/folder.ts';
import { ownDatabase } from '../../support/own-database.ts';
import { LEFT } from './parcel-files.ts';
import { ownedParcels } from './parcels.ts';

const run = promisify(execFile);
const SCRIPT = join(import.meta.dirname, 'threaded-parcels.js');

forEachEngineMigrated('catalog', (makePlace) => {
  test('the relations that wait for later rows reach the check', async () => {
    const place = await makePlace();
    const { options } = await ownDatabase(place, ownedParcels);
    writeIn(place.folder, 'users.csv', 'id,name,email\n1,Ada,ada@example.com\n');
    const env = { ...process.env, ...place.environment('users', 'products', 'orders', 'parcels') };
    const args = [WITH_BUNDLES, SCRIPT, place.folder, options.migrationsDirectory ?? ''];
    const { stdout } = await run(process.execPath, args, { env });
    expect(JSON.parse(stdout)).toEqual([
      ['users', 1, 0],
      ...(['note', 'scan', 'parcel', 'depot'] as const).map((entity) => [
        `parcels.${entity}`,
        LEFT[entity].ids.length,
        LEFT[entity].rejected,
      ]),
    ]);
    const mains = await place.execute('parcels', 'select main_id from depot order by id');
    expect(mains.map((row) => row['main_id'])).toEqual([3, 7, 1, null]);
  });
});
