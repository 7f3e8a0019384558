/** Records whose targets are reverted, because these refer to keys of another database that do not exist. */
import { expect, test } from '@jest/globals';
import type { DatabaseOptions } from '../../../src/database/database.ts';
import type { PopulateOptions } from '../../../src/populate/options.ts';
import type { PopulateReport } from '../../../src/populate/report.ts';
import { catalog } from '../../../src/shop/catalog.ts';
import { forEachEngineMigrated, type Place } from '../../support/engines.ts';
import { type OwnDatabase, ownDatabase } from '../../support/own-database.ts';
import { sourceOf } from '../../support/sources.ts';
import { ownedParcels, uuid } from './parcels.ts';

const user = { id: 1, name: 'Ada', email: 'ada@example.com' };
const depot = (id: number, ownerId: number | null = null, main: number | null = null) => ({
  id,
  name: `Depot ${id}`,
  ownerId,
  main,
});
const parcel = (id: number, depotId: number, twin: number | null = null) => ({
  id: uuid(id),
  depot: depotId,
  twin: twin === null ? null : uuid(twin),
});
const scan = (id: number, number: number) => ({ parcel: uuid(id), number, place: 'Dock' });
const note = (id: number, of: number, number: number) => ({ id, scan_parcel_id: uuid(of), scan_number: number });

function messagesOf({ databases }: PopulateReport, table: string): readonly string[] {
  const { details = [], failure } = databases[`parcels.${table}`] ?? {};
  expect(failure).toBeUndefined();
  return details.map(({ outcome, errors }) => [outcome, ...errors.map(({ message }) => message)].join('; '));
}

forEachEngineMigrated('catalog', (makePlace) => {
  async function made(): Promise<OwnDatabase & { readonly together: Partial<PopulateOptions> }> {
    const own = await ownDatabase(await makePlace(), ownedParcels);
    const { declaration, options, place } = own;
    const databaseOptions = (name: string): DatabaseOptions => (name === 'parcels' ? options : place.options(name));
    const together = { catalog: [...catalog, declaration], databaseOptions };
    await own.load({}, { ...together, sources: { users: sourceOf([user]) } });
    return { ...own, together };
  }

  const idsOf = async (place: Place, table: string) =>
    (await place.rowsOf(table, 'parcels')).map((row) => (row as { id: unknown }).id);

  test.each([1, 3, 1000])('take these records with them (batches of %d)', async (batchRecords) => {
    const { load, place, together } = await made();
    const records = {
      depot: [depot(1, 1), depot(2, 9), depot(3)],
      parcel: [parcel(1, 1), parcel(2, 2), parcel(3, 3, 2), parcel(4, 3)],
      scan: [scan(1, 1), scan(2, 1), scan(3, 1), scan(4, 1)],
      note: [note(1, 1, 1), note(2, 2, 1), note(3, 3, 1), note(4, 4, 1)],
    };
    const report = await load(records, { ...together, batchRecords });
    expect(messagesOf(report, 'depot')).toEqual(['inserted', 'rejected; User 9 does not exist', 'inserted']);
    expect(messagesOf(report, 'parcel')).toEqual([
      'inserted',
      'rejected; Depot 2 does not exist',
      `rejected; Parcel ${uuid(2)} does not exist`,
      'inserted',
    ]);
    expect(messagesOf(report, 'scan')).toEqual([
      'inserted',
      `rejected; Parcel ${uuid(2)} does not exist`,
      `rejected; Parcel ${uuid(3)} does not exist`,
      'inserted',
    ]);
    expect(messagesOf(report, 'note')).toEqual([
      'inserted',
      `rejected; Scan ${uuid(2)}, 1 does not exist`,
      `rejected; Scan ${uuid(3)}, 1 does not exist`,
      'inserted',
    ]);
    expect(await idsOf(place, 'depot')).toEqual([1, 3]);
    expect(await idsOf(place, 'parcel')).toEqual([uuid(1), uuid(4)]);
    expect(await idsOf(place, 'note')).toEqual([1, 4]);
    const again = await load(records, { ...together, batchRecords });
    expect(messagesOf(again, 'note').map((message) => message.replace(/;.*/, ''))).toEqual([
      'unchanged',
      'rejected',
      'rejected',
      'unchanged',
    ]);
  });

  test.each([1, 2, 1000])(
    'in a chain of rows of one table, whatever their order (batches of %d)',
    async (batchRecords) => {
      const { load, place, together } = await made();
      const records = [
        depot(1, 9),
        depot(2, null, 1),
        depot(3, null, 4),
        depot(4, null, 2),
        depot(5, null, 5),
        depot(6),
      ];
      const report = await load({ depot: records }, { ...together, batchRecords });
      expect(messagesOf(report, 'depot')).toEqual([
        'rejected; User 9 does not exist',
        'rejected; Depot 1 does not exist',
        'rejected; Depot 4 does not exist',
        'rejected; Depot 2 does not exist',
        'inserted',
        'inserted',
      ]);
      expect(await idsOf(place, 'depot')).toEqual([5, 6]);
    },
  );

  test('a circle of rows goes together', async () => {
    const { load, place, together } = await made();
    const report = await load({ depot: [depot(1, 9, 2), depot(2, null, 1)] }, { ...together, batchRecords: 1 });
    expect(messagesOf(report, 'depot')).toEqual([
      'rejected; User 9 does not exist',
      'rejected; Depot 1 does not exist',
    ]);
    expect(await idsOf(place, 'depot')).toEqual([]);
  });

  test('an updated row gets back its target', async () => {
    const { load, place, together } = await made();
    await load({ depot: [depot(1)], parcel: [parcel(1, 1)] }, together);
    const report = await load({ depot: [depot(2, 9)], parcel: [parcel(1, 2)] }, { ...together, onConflict: 'update' });
    expect(messagesOf(report, 'parcel')).toEqual(['rejected; Depot 2 does not exist']);
    expect(await place.rowsOf('parcel', 'parcels')).toEqual([{ id: uuid(1), depot_id: 1, twin_id: null }]);
    expect(await idsOf(place, 'depot')).toEqual([1]);
  });

  test('a row that rows of earlier loads refer to stays, and the record is rejected', async () => {
    const { load, place, together } = await made();
    await load({ depot: [depot(1, 1), depot(2, 1)], parcel: [parcel(1, 1)] }, together);
    await place.execute('users', 'delete from users');
    const report = await load({ depot: [depot(1, 1), depot(2, 1)] }, together);
    expect(messagesOf(report, 'depot')).toEqual([
      'rejected; User 1 does not exist (its row is kept, because a Parcel refers to it)',
      'rejected; User 1 does not exist',
    ]);
    expect(await idsOf(place, 'depot')).toEqual([1]);
  });
});
