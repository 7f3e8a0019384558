/** A load with relations that is killed wherever it is, and continued: it ends as if nothing had happened. */
import { execFile } from 'node:child_process';
import { join } from 'node:path';
import process from 'node:process';
import { promisify } from 'node:util';
import { expect, test } from '@jest/globals';
import { catalog } from '../../../src/shop/catalog.ts';
import { WITH_BUNDLES } from '../../support/bundled.ts';
import { countsOf, populateIn } from '../../support/databases.ts';
import { forEachEngineMigrated } from '../../support/engines.ts';
import { ownDatabase } from '../../support/own-database.ts';
import { sourceOf } from '../../support/sources.ts';
import { LEFT, parcelFiles } from './parcel-files.ts';
import { ownedParcels } from './parcels.ts';

const run = promisify(execFile);
const SCRIPT = join(import.meta.dirname, 'killed-parcels.js');

/** The engines take turns, so that together they kill at every seventh look. */
const STEP = 14;
const FIRST = { sqlite: 5, postgresql: 12 };

async function isKilled(args: readonly string[], env: NodeJS.ProcessEnv): Promise<boolean> {
  try {
    await run(process.execPath, args, { env });
    return false;
  } catch (error) {
    expect(error).toMatchObject({ signal: 'SIGKILL', stderr: '' });
    return true;
  }
}

forEachEngineMigrated('catalog', (makePlace, engine) => {
  test('killed and continued', async () => {
    let killed = 0;
    for (let last = FIRST[engine]; ; last += STEP) {
      const place = await makePlace();
      const { declaration, options } = await ownDatabase(place, ownedParcels);
      await populateIn(place, { sources: { users: sourceOf([{ id: 1, name: 'Ada', email: 'ada@example.com' }]) } });
      const env = { ...process.env, ...place.environment('users', 'products', 'orders', 'parcels') };
      const args = [WITH_BUNDLES, SCRIPT, place.folder, options.migrationsDirectory ?? '', String(last)];
      if (!(await isKilled(args, env))) {
        break;
      }
      killed++;
      const report = await populateIn(place, {
        catalog: [...catalog, declaration],
        sources: parcelFiles(place.folder),
        databaseOptions: (name) => (name === 'parcels' ? options : place.options(name)),
        batchRecords: 2,
      });
      for (const [entity, { ids, rejected }] of Object.entries(LEFT)) {
        const counts = countsOf(report)[`parcels.${entity}`];
        expect([last, entity, counts?.['inserted'], counts?.['rejected']]).toEqual([
          last,
          entity,
          ids.length,
          rejected,
        ]);
        const rows = await place.execute('parcels', `select * from ${entity}`);
        const found = rows.map((row) => row['id'] ?? row['parcel_id']);
        expect([last, entity, ...found.toSorted()]).toEqual([last, entity, ...ids]);
      }
      const mains = await place.execute('parcels', 'select main_id from depot order by id');
      expect([last, ...mains.map((row) => row['main_id'])]).toEqual([last, 3, 7, 1, null]);
    }
    expect(killed).toBeGreaterThan(1);
  });
});
