/** Relations within a database: records give the keys of their targets, which are loaded before them. */
import { expect, test } from '@jest/globals';
import { Database } from '../../../src/database/database.ts';
import { verify } from '../../../src/integrity/verify.ts';
import { fileSource } from '../../../src/populate/read/file.ts';
import type { PopulateReport } from '../../../src/populate/report.ts';
import { forEachEngineThoroughly, type Place } from '../../support/engines.ts';
import { makeFolder, writeIn } from '../../support/folder.ts';
import { type OwnDatabase, ownDatabase } from '../../support/own-database.ts';
import { parcels, uuid } from './parcels.ts';

const depot = (id: number, main: number | null = null) => ({ id, name: `Depot ${id}`, main });
const parcel = (id: number, depotId: number, twin: number | null = null) => ({
  id: uuid(id),
  depot: depotId,
  twin: twin === null ? null : uuid(twin),
});

function messagesOf({ databases }: PopulateReport, table: string): readonly string[] {
  return (databases[`parcels.${table}`]?.details ?? []).map(({ outcome, errors }) =>
    [outcome, ...errors.map(({ property, code, message }) => `${property} ${code}: ${message}`)].join('; '),
  );
}

const outcomesOf = (report: PopulateReport, table: string) => {
  const { read, inserted, updated, unchanged, rejected, failure } = report.databases[`parcels.${table}`] ?? {};
  expect(failure).toBeUndefined();
  return { read, inserted, updated, unchanged, rejected };
};

const all = (inserted: number, others: object = {}) => ({
  read: inserted,
  inserted,
  updated: 0,
  unchanged: 0,
  rejected: 0,
  ...others,
});

const depots = async (place: Place) =>
  (await place.execute('parcels', 'select id, main_id from depot order by id')).map((row) => [
    row['id'],
    row['main_id'],
  ]);

forEachEngineThoroughly((makePlace) => {
  const made = async (): Promise<OwnDatabase> => ownDatabase(await makePlace(), parcels);

  test('a sample reads tables whole that others relate to, because a row can only be tried with its targets', async () => {
    const { load, place } = await made();
    const folder = makeFolder();
    const file = (name: string, ...lines: string[]) =>
      fileSource(writeIn(folder, `${name}.csv`, lines.map((line) => `${line}\n`).join('')));
    const { databases } = await load(
      {},
      {
        dryRun: true,
        sample: 1,
        sources: {
          'parcels.depot': file('depot', 'id,name', '1,One', '2,Two'),
          'parcels.parcel': file('parcel', 'id,depot_id', `${uuid(1)},1`, `${uuid(2)},2`),
          'parcels.scan': file('scan', 'parcel,number,place', `${uuid(1)},1,Dock`, `${uuid(2)},1,Dock`),
          'parcels.note': file('note', 'id,scan_parcel_id,scan_number', `1,${uuid(2)},1`, `2,${uuid(1)},1`),
        },
      },
    );
    const counts = Object.entries(databases).map(([name, { read, inserted, isCut }]) => [name, read, inserted, isCut]);
    expect(counts.sort()).toEqual([
      ['parcels.depot', 2, 2, undefined],
      ['parcels.note', 1, 1, true],
      ['parcels.parcel', 2, 2, undefined],
      ['parcels.scan', 2, 2, undefined],
    ]);
    expect(await depots(place).catch(() => [])).toEqual([]);
  });

  test('targets are loaded before the records that refer to them', async () => {
    const { load, place } = await made();
    const report = await load({
      note: [
        { id: 1, scan_parcel_id: uuid(1), scan_number: 1 },
        { id: 2, scanParcelId: uuid(1), scanNumber: '2' },
      ],
      scan: [
        { parcel: uuid(1), number: 1, place: 'Dock' },
        { parcel_id: uuid(1).toUpperCase(), number: 2, place: 'Van' },
      ],
      parcel: [parcel(1, 10), { id: uuid(2), depot_id: '10' }, { id: uuid(3), depotId: 20 }],
      depot: [depot(10), depot(20)],
    });
    expect(outcomesOf(report, 'parcel')).toEqual(all(3));
    // the text of a parcel needs its depot, of which only the key is known
    expect(report.databases['parcels.parcel']?.details?.[0]?.text).toBe(`Parcel ${uuid(1)}`);
    expect(outcomesOf(report, 'scan')).toEqual(all(2));
    expect(outcomesOf(report, 'note')).toEqual(all(2));
    expect(await place.rowsOf('parcel', 'parcels')).toEqual([
      { id: uuid(1), depot_id: 10, twin_id: null },
      { id: uuid(2), depot_id: 10, twin_id: null },
      { id: uuid(3), depot_id: 20, twin_id: null },
    ]);
    expect(await place.rowsOf('note', 'parcels')).toEqual([
      { id: 1, scan_parcel_id: uuid(1), scan_number: 1 },
      { id: 2, scan_parcel_id: uuid(1), scan_number: 2 },
    ]);
  });

  test('a record whose target does not exist is rejected', async () => {
    const { load } = await made();
    const report = await load({
      depot: [depot(10), { ...depot(20), name: '' }, depot(30, 99)],
      parcel: [parcel(1, 10), parcel(2, 20), parcel(3, 30), { ...parcel(4, 10), depot: '' }, parcel(5, 10, 6)],
      scan: [
        { parcel: uuid(1), number: 1, place: 'Dock' },
        { parcel: uuid(2), number: 1, place: 'Dock' },
      ],
      note: [
        { id: 1, scan_parcel_id: uuid(2), scan_number: 1 },
        { id: 2, scan_parcel_id: uuid(1), scan_number: 7 },
        { id: 3, scan_parcel_id: uuid(1) },
      ],
    });
    expect(messagesOf(report, 'depot')).toEqual([
      'inserted',
      'rejected; name isNotEmpty: name cannot be empty',
      'rejected; main reference: Depot 99 does not exist',
    ]);
    expect(messagesOf(report, 'parcel')).toEqual([
      'inserted',
      'rejected; depot reference: Depot 20 does not exist',
      'rejected; depot reference: Depot 30 does not exist',
      'rejected; depot parse: depot cannot be empty',
      `rejected; twin reference: Parcel ${uuid(6)} does not exist`,
    ]);
    expect(messagesOf(report, 'scan')).toEqual([
      'inserted',
      `rejected; parcel reference: Parcel ${uuid(2)} does not exist`,
    ]);
    expect(messagesOf(report, 'note').slice(0, 2)).toEqual([
      `rejected; scan reference: Scan ${uuid(2)}, 1 does not exist`,
      `rejected; scan reference: Scan ${uuid(1)}, 7 does not exist`,
    ]);
    expect(messagesOf(report, 'note')[2]).toMatch(/^rejected; scan isDefined: scan cannot be empty/);
  });

  test('a target may be there from before', async () => {
    const { load } = await made();
    await load({ depot: [depot(10)] });
    const report = await load({ parcel: [parcel(1, 10), parcel(2, 11)] });
    expect(messagesOf(report, 'parcel')).toEqual(['inserted', 'rejected; depot reference: Depot 11 does not exist']);
  });

  test('a value that is no key of the target is rejected', async () => {
    const { load } = await made();
    const report = await load({ depot: [depot(10)], parcel: [{ ...parcel(1, 10), depot: 'North', twin: 'x' }] });
    expect(messagesOf(report, 'parcel')).toEqual([
      `rejected; depot parse: depot is not a whole number up to 9007199254740991, but "North"; twin parse: twin is not a UUID, but "x"`,
    ]);
  });

  test.each([1, 2, 1000])('rows of one table may refer to later ones (batches of %d)', async (batchRecords) => {
    const { load, place } = await made();
    const records = [depot(1, 3), depot(2, 2), depot(3, 5), depot(4, 1), depot(5), depot(6, 7), depot(7, 8)];
    const report = await load({ depot: records }, { batchRecords });
    expect(messagesOf(report, 'depot')).toEqual([
      ...Array.from({ length: 5 }, () => 'inserted'),
      'rejected; main reference: Depot 7 does not exist',
      'rejected; main reference: Depot 8 does not exist',
    ]);
    expect(await depots(place)).toEqual([
      [1, 3],
      [2, 2],
      [3, 5],
      [4, 1],
      [5, null],
    ]);
    const again = await load({ depot: records }, { batchRecords });
    expect(outcomesOf(again, 'depot')).toEqual({ read: 7, inserted: 0, updated: 0, unchanged: 5, rejected: 2 });
  });

  test.each([1, 1000])('updates may refer to later rows (batches of %d)', async (batchRecords) => {
    const { load, place } = await made();
    await load({ depot: [depot(1), depot(2), depot(3, 1)] });
    const records = [depot(1, 4), { ...depot(2, 9), name: 'New' }, depot(3), depot(4)];
    const report = await load({ depot: records }, { onConflict: 'update', batchRecords });
    expect(messagesOf(report, 'depot')).toEqual([
      'updated',
      'rejected; main reference: Depot 9 does not exist',
      'updated',
      'inserted',
    ]);
    expect(await depots(place)).toEqual([
      [1, 4],
      [2, null],
      [3, null],
      [4, null],
    ]);
    expect(await place.execute('parcels', 'select name from depot where id = 2')).toEqual([{ name: 'Depot 2' }]);
    const again = await load({ depot: records }, { onConflict: 'update' });
    expect(outcomesOf(again, 'depot')).toEqual({ read: 4, inserted: 0, updated: 0, unchanged: 3, rejected: 1 });
  });

  test.each([1, 1000])('two rows cannot have the same partner (batches of %d)', async (batchRecords) => {
    const { load, place } = await made();
    const report = await load(
      { depot: [depot(1)], parcel: [parcel(1, 1, 3), parcel(2, 1, 3), parcel(3, 1)] },
      { batchRecords },
    );
    expect(messagesOf(report, 'parcel')).toEqual([
      'inserted',
      expect.stringContaining(`rejected; twin duplicate: Twin ${uuid(3)} belongs to parcel ${uuid(1)}`),
      'inserted',
    ]);
    expect(await place.execute('parcels', 'select twin_id from parcel order by id')).toEqual([
      { twin_id: uuid(3) },
      { twin_id: null },
    ]);
  });

  test('all rows are verified', async () => {
    const { load, declaration, options, place } = await made();
    await load({
      depot: [depot(1), depot(2, 1)],
      parcel: [parcel(1, 1), parcel(2, 2, 1)],
      scan: [1, 2, 3].flatMap((number) => [1, 2].map((id) => ({ parcel: uuid(id), number, place: 'Dock' }))),
      note: [{ id: 1, scan_parcel_id: uuid(1), scan_number: 2 }],
    });
    await place.execute('parcels', 'insert into depot (id, name) values (-1, $$Under$$)'.replaceAll('$$', "'"));
    const database = await Database.open(declaration, options);
    try {
      expect(await verify([database], { pageRows: 2 })).toMatchObject({
        parcels: { rows: 12, violations: 1, examples: [{ entity: 'Depot', id: -1 }] },
      });
    } finally {
      await database.close();
    }
  });
});
