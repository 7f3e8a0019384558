/** A file that another takes the place of, or is written into, between its examination and its load: never a mixture. */
import { renameSync, writeFileSync } from 'node:fs';
import { expect, test } from '@jest/globals';
import { fileSource } from '../../src/populate/read/file.ts';
import { populateIn } from '../support/databases.ts';
import { isThorough } from '../support/depth.ts';
import { forEachEngineThoroughly, type Place } from '../support/engines.ts';
import { writeIn } from '../support/folder.ts';

const RECORDS = 12_000;
/** Where it is loaded, and the records from which a load has a thread of its own. */
const WHERE = Object.entries({
  'in this thread': Number.POSITIVE_INFINITY,
  ...(isThorough() ? { 'in threads': 0 } : {}),
});
const csv = (name: string, count = RECORDS) =>
  `id,name,email\n${Array.from({ length: count }, (_, index) => `${index + 1},${name} ${index},u${index}@example.com\n`).join('')}`;

forEachEngineThoroughly((makePlace) => {
  const namesIn = async (place: Place) =>
    (
      await place.execute(
        'users',
        'select count(*) as rows, min(substr(name, 1, 3)) as first, max(substr(name, 1, 3)) as last from users',
      )
    ).map(({ rows, first, last }) => [Number(rows), first, last])[0];

  /** Something befalls the file when databases are migrated, long before it is loaded. */
  async function load(place: Place, threadRecords: number, befalls: (file: string) => void) {
    const file = writeIn(place.folder, 'users.csv', csv('Old'));
    let isDone = false;
    return populateIn(place, {
      threadRecords,
      sources: {
        users: fileSource(file),
        products: fileSource(writeIn(place.folder, 'products.csv', 'id,name,price\n1,Mug,5\n')),
      },
      listener: {
        migrated() {
          if (!isDone) {
            isDone = true;
            befalls(file);
          }
        },
      },
    });
  }

  test.each(WHERE)(
    'another file of that name, with other columns: what was examined is loaded, %s',
    async (_, threadRecords) => {
      const place = await makePlace();
      const other = writeIn(place.folder, 'other.csv', csv('New').replace('email', 'mail'));
      const report = await load(place, threadRecords, (file) => renameSync(other, file));
      expect(report.databases['users']).toMatchObject({ read: RECORDS, inserted: RECORDS, failure: undefined });
      expect(await namesIn(place)).toEqual([RECORDS, 'Old', 'Old']);
    },
  );

  test.each(WHERE)('the file written over: it fails by name, and nothing new is in, %s', async (_, threadRecords) => {
    const place = await makePlace();
    const report = await load(place, threadRecords, (file) => writeFileSync(file, csv('New')));
    const { failure, inserted = 0 } = report.databases['users'] ?? {};
    expect(failure).toMatchObject({
      code: 'source',
      message: expect.stringMatching(/users\.csv.*the file was changed after it was examined/),
    });
    expect(inserted).toBeLessThan(RECORDS);
    expect(await namesIn(place)).toEqual(inserted === 0 ? [0, null, null] : [inserted, 'Old', 'Old']);
    expect(report.databases['products']).toMatchObject({ inserted: 1 });
  });
});
