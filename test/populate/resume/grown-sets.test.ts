/** A run over a set of files that was stopped, and is continued when more files have come. */
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { filesOfTable } from '../../../src/populate/file-rules.ts';
import type { PopulateOptions } from '../../../src/populate/options.ts';
import { filesSource } from '../../../src/populate/read/file.ts';
import { expandPath } from '../../../src/populate/read/places/expand.ts';
import type { ValueSettings } from '../../../src/populate/record/value-settings.ts';
import type { PopulateReport } from '../../../src/populate/report.ts';
import { populateIn } from '../../support/databases.ts';
import { forEachEngineMigratedThoroughly, type Place } from '../../support/engines.ts';
import { writeIn } from '../../support/folder.ts';

const users = (...ids: number[]) =>
  `id,name,email\n${ids.map((id) => `${id},User ${id},u${id}@example.com\n`).join('')}`;

forEachEngineMigratedThoroughly('catalog', (makePlace) => {
  interface Loaded {
    readonly report: PopulateReport;
    readonly warnings: readonly string[];
    readonly continued: readonly number[];
  }

  /** @param isStopped whether the run is stopped after its first batch of two records */
  async function load(
    place: Place,
    isStopped: boolean,
    options: Partial<PopulateOptions> = {},
    valuesIn: (path: string) => ValueSettings = () => ({}),
  ): Promise<Loaded> {
    const warnings: string[] = [];
    const continued: number[] = [];
    const controller = new AbortController();
    const pattern = join(place.folder, 'users-*.csv');
    const given = expandPath(pattern).map((path) => ({ path, settings: {}, values: valuesIn(path) }));
    const { files, values } = filesOfTable(given);
    const report = await populateIn(place, {
      sources: { users: filesSource(pattern, files) },
      values: { users: values },
      batchRecords: 2,
      signal: controller.signal,
      ...options,
      listener: {
        progressed: () => isStopped && controller.abort(),
        warned: (_, sentence) => warnings.push(sentence),
        continued: (_, { read }) => continued.push(read),
      },
    });
    expect(report.interrupted).toBe(isStopped);
    return { report, warnings, continued };
  }

  const idsOf = async (place: Place) => (await place.rowsOf('users')).map((row) => (row as { id: number }).id);

  test.each([
    ['only new files', true],
    ['all files', false],
  ])('%s: those that have come are read after the others', async (_, onlyNew) => {
    const place = await makePlace();
    writeIn(place.folder, 'users-1.csv', users(1, 2));
    await load(place, false, { onlyNew });
    writeIn(place.folder, 'users-3.csv', users(3, 4, 4));
    writeIn(place.folder, 'users-4.csv', users(5, 6));
    await load(place, true, { onlyNew });
    // sorted before the files that the run has begun with
    writeIn(place.folder, 'users-2.csv', users(7, 3));
    const { report, warnings, continued } = await load(place, false, { onlyNew });
    expect(continued).toEqual([2]);
    expect(warnings.map((one) => one.replaceAll(place.folder, '').replace(/run of \S+,/, 'run,'))).toContainEqual(
      'users: /users-2.csv was added since the run, which is continued. Its records are loaded after those of the files before.',
    );
    const before = onlyNew ? 0 : 2;
    expect(report.databases['users']).toMatchObject({ read: before + 7, inserted: 5, rejected: 2, unchanged: before });
    expect(await idsOf(place)).toEqual([1, 2, 3, 4, 5, 6, 7]);
    const next = await load(place, false, { onlyNew: true });
    expect(next.report.skipped?.['users']).toHaveLength(4);
  });

  test('a run over one file is continued with two', async () => {
    const place = await makePlace();
    writeIn(place.folder, 'users-2.csv', users(1, 2, 3));
    await load(place, true);
    writeIn(place.folder, 'users-1.csv', users(4));
    const { report, continued } = await load(place, false);
    expect([continued, report.databases['users']]).toMatchObject([[2], { read: 4, inserted: 4 }]);
  });

  test('added files may write values in another way', async () => {
    const place = await makePlace();
    const user = (id: string) => `"${id}",Ann,u${id.replace(/\W/, '')}@example.com\n`;
    const write = (name: string, ...ids: string[]) =>
      writeIn(place.folder, name, `id,name,email\n${ids.map(user).join('')}`);
    const valuesIn = (path: string): ValueSettings =>
      path.endsWith('us.csv') ? { thousands: ',' } : { thousands: '.', decimal: ',' };
    write('users-b-eu.csv', '1.001', '1.002', '1.003');
    await load(place, true, {}, valuesIn);
    // one is sorted before, and one after the file that the run has begun with
    write('users-a-us.csv', '1,004');
    write('users-c-us.csv', '1,005', '1.006');
    const { report, continued } = await load(place, false, {}, valuesIn);
    expect([continued, report.databases['users']]).toMatchObject([[2], { read: 6, inserted: 5, rejected: 1 }]);
    expect(await idsOf(place)).toEqual([1001, 1002, 1003, 1004, 1005]);

    write('users-d-us.csv', '1,007');
    const next = await load(place, false, { onlyNew: true }, valuesIn);
    expect([next.report.databases['users'], next.report.skipped?.['users']?.length]).toMatchObject([{ read: 1 }, 3]);
    const swapped = await load(place, false, { onlyNew: true }, (path) =>
      valuesIn(`${path.endsWith('us.csv') ? '' : 'us.csv'}`),
    );
    expect(swapped.report.skipped).toBeUndefined();
  });

  test('one of its files that has changed is still refused', async () => {
    const place = await makePlace();
    writeIn(place.folder, 'users-1.csv', users(1, 2, 3));
    writeIn(place.folder, 'users-2.csv', users(4));
    await load(place, true, { onlyNew: true });
    writeIn(place.folder, 'users-2.csv', users(5));
    writeIn(place.folder, 'users-3.csv', users(6));
    await expect(load(place, false, { onlyNew: true })).rejects.toThrow(
      /users-\*\.csv has changed since the run of .*, which was stopped after 2 records of it/,
    );
    expect((await load(place, false, { onlyNew: true, restart: true })).report.databases['users']).toMatchObject({
      read: 5,
      unchanged: 2,
      inserted: 3,
    });
  });
});
