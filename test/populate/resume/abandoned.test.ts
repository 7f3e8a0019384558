/** A run that another load was about to end, and did not: its own file continues it. */
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import type { PopulateOptions } from '../../../src/populate/options.ts';
import { fileSource } from '../../../src/populate/read/file.ts';
import { countsOf, populateIn } from '../../support/databases.ts';
import { forEachEngineMigratedThoroughly, type Place } from '../../support/engines.ts';
import { writeIn } from '../../support/folder.ts';
import { refuseRows } from '../../support/refusing.ts';

/** The second and the fourth order dangle. */
const FILES: Readonly<Record<string, string>> = {
  users: 'id,name,email\n1,Ann,ann@example.com\n',
  products: 'id,sku,name,price\n1,S1,Mug,1.00\n',
  orders: 'id,userId,productId,quantity\n1,1,1,1\n2,99,1,1\n3,1,1,1\n4,98,1,1\n',
  others: 'id,userId,productId,quantity\n10,1,1,1\n',
};

async function makeCatalog(place: Place): Promise<Place> {
  for (const [name, text] of Object.entries(FILES)) {
    writeIn(place.folder, `${name}.csv`, text);
  }
  const source = (name: string) => fileSource(join(place.folder, `${name}.csv`));
  await populateIn(place, { sources: { users: source('users'), products: source('products') } });
  return place;
}

const loadOrders = (place: Place, file: string, options: Partial<PopulateOptions> = {}) =>
  populateIn(place, { sources: { orders: fileSource(join(place.folder, file)) }, batchRecords: 2, ...options });

forEachEngineMigratedThoroughly('catalog', (makePlace) => {
  test('counts what that load had rejected of it by then', async () => {
    const [straight, place] = [await makeCatalog(await makePlace()), await makeCatalog(await makePlace())];
    const expected = countsOf(await loadOrders(straight, 'orders.csv'));
    expect(expected['orders']).toMatchObject({ read: 4, inserted: 2, rejected: 2 });
    const controller = new AbortController();
    const listener = { progressed: () => controller.abort() };
    await loadOrders(place, 'orders.csv', { signal: controller.signal, listener });
    const abandoning = "new.state = 'abandoned'";
    await refuseRows(
      place,
      { database: 'orders', table: 'meridian_runs_orders', on: 'update', when: abandoning },
      'not now',
    );
    await expect(loadOrders(place, 'others.csv')).rejects.toThrow('not now');
    expect(await place.rowsOf('orders')).toMatchObject([{ id: 1 }]);

    expect(countsOf(await loadOrders(place, 'orders.csv'))).toEqual(expected);
    expect(await place.rowsOf('orders')).toEqual(await straight.rowsOf('orders'));
  });
});
