/** What a database refuses is reported once, however often the load is stopped: the report is written in the same transactions as the rows. */
import { cpSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { fileSource } from '../../../src/populate/read/file.ts';
import type { PopulateReport } from '../../../src/populate/report.ts';
import { users } from '../../../src/shop/catalog.ts';
import { countsOf, populateIn } from '../../support/databases.ts';
import { forEachEngineThoroughly, sqlitePlace } from '../../support/engines.ts';
import { makeFolder, writeIn } from '../../support/folder.ts';
import { refuseRows } from '../../support/refusing.ts';
import { sourceOf } from '../../support/sources.ts';

const user = (id: number) => ({ id, name: `User ${id}`, email: `user${id}@example.com` });
const csv = `id,name,email\n${Array.from({ length: 12 }, (_, index) => Object.values(user(index + 1)).join()).join('\n')}\n`;

const resultOf = (report: PopulateReport) => {
  const { refused, reasons, details } = report.databases['users'] ?? {};
  return { counts: countsOf(report)['users'], refused: refused?.message, reasons, details };
};
const rejectsIn = (folder: string) => readFileSync(join(folder, 'rejects', 'users.ndjson'), 'utf8');

test('a load that was killed ends as if it had not been', async () => {
  const place = sqlitePlace(makeFolder());
  const file = writeIn(makeFolder(), 'users.csv', csv);
  const load = (where: typeof place, more = {}) =>
    populateIn(where, { catalog: [users], sources: { users: fileSource(file) }, batchRecords: 3, ...more });
  await populateIn(place, { catalog: [users], sources: { users: sourceOf([]) } });
  await refuseRows(place, { table: 'users', on: 'insert', when: 'new.id in (2, 5, 9)' }, 'frozen');

  // what a kill leaves is what stands in the files at that moment
  const killed = [3, 6, 9].map((read) => ({ read, place: sqlitePlace(makeFolder()) }));
  const straight = await load(place, {
    listener: {
      progressed(_database: string, _progress: unknown, read: number) {
        for (const one of killed.filter((other) => other.read === read)) {
          cpSync(place.folder, one.place.folder, { recursive: true });
        }
      },
    },
  });
  expect(resultOf(straight)).toMatchObject({
    counts: { read: 12, inserted: 9, rejected: 3 },
    refused: expect.stringContaining('refused 3 records of '),
  });
  for (const one of killed) {
    const continued: number[] = [];
    const report = await load(one.place, {
      listener: { continued: (_database: string, run: { read: number }) => continued.push(run.read) },
    });
    expect(continued).toEqual([one.read]);
    expect(resultOf(report)).toEqual(resultOf(straight));
    expect(rejectsIn(one.place.folder)).toBe(rejectsIn(place.folder));
    expect(await one.place.rowsOf('users')).toEqual(await place.rowsOf('users'));
  }
});

forEachEngineThoroughly((makePlace) => {
  test('an interrupted load reports what was refused until then, and in the end all of it', async () => {
    const place = await makePlace();
    await populateIn(place, { catalog: [users], sources: { users: sourceOf([]) } });
    await refuseRows(place, { table: 'users', on: 'insert', when: 'new.id % 2 = 0' }, 'frozen');
    const file = writeIn(makeFolder(), 'users.csv', csv);
    const load = (more = {}) =>
      populateIn(place, { catalog: [users], sources: { users: fileSource(file) }, batchRecords: 4, ...more });
    const interruption = new AbortController();
    const report = await load({
      signal: interruption.signal,
      listener: { progressed: () => interruption.abort() },
    });
    expect(report.interrupted).toBe(true);
    expect(countsOf(report)['users']).toEqual({ read: 4, inserted: 2, updated: 0, unchanged: 0, rejected: 2 });
    expect(report.databases['users']?.refused?.message).toMatch(/ refused 2 records of .*, lines 2 to 5, /);

    const whole = await load();
    expect(countsOf(whole)['users']).toEqual({ read: 12, inserted: 6, updated: 0, unchanged: 0, rejected: 6 });
    expect(whole.databases['users']?.refused?.message).toMatch(/ refused 6 records of .*, lines 2 to 13, /);
    expect(rejectsIn(place.folder).trim().split('\n')).toHaveLength(6);
  });
});
