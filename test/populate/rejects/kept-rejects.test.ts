/** What a run has rejected stays until it has been seen to: beside the rejects of later runs, and loadable as it was. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import type { PopulateOptions } from '../../../src/populate/options.ts';
import { fileSource } from '../../../src/populate/read/file.ts';
import type { PopulateReport } from '../../../src/populate/report.ts';
import { countsOf, populateIn } from '../../support/databases.ts';
import { forEachEngineMigratedThoroughly, type Place } from '../../support/engines.ts';
import { writeIn } from '../../support/folder.ts';

type Sources = Readonly<Record<string, string>>;

/** A signal, and what aborts it. */
function abortable(): { signal: AbortSignal; abort: () => void } {
  const controller = new AbortController();
  return { signal: controller.signal, abort: () => controller.abort() };
}

const USERS = 'id,name,email\n1,Ann,ann@example.com\n2,,bob@example.com\n';
const OTHERS = 'id,name,email\n3,Cid,cid@example.com\n4,,dan@example.com\n';
const PRODUCTS = 'id,sku,name,price\n1,S1,One,1.00\n';

forEachEngineMigratedThoroughly('catalog', (makePlace) => {
  /** @param sources database -> the name of its file */
  async function load(
    place: Place,
    sources: Sources,
    options: Partial<PopulateOptions> = {},
  ): Promise<{ report: PopulateReport; warnings: string[] }> {
    const warnings: string[] = [];
    const report = await populateIn(place, {
      sources: Object.fromEntries(
        Object.entries(sources).map(([name, file]) => [name, fileSource(join(place.folder, file))]),
      ),
      ...options,
      listener: { warned: (_, sentence) => warnings.push(sentence), ...options.listener },
    });
    return { report, warnings };
  }

  const inRejects = (place: Place, name = '') => join(place.folder, 'rejects', name);
  const linesOf = (path: string) =>
    readFileSync(path, 'utf8')
      .split('\n')
      .slice(0, -1)
      .map((line) => JSON.parse(line));
  const idsIn = (path: string) => linesOf(path).map(({ record }) => record.id);

  async function fileOfRun(place: Place, index: number): Promise<string> {
    const runs = await place.execute('users', 'select started_at as at from meridian_runs_users order by id');
    return inRejects(place, `users.${String(runs[index]?.['at']).replaceAll(':', '-')}.ndjson`);
  }

  async function makeLoaded(): Promise<Place> {
    const place = await makePlace();
    writeIn(place.folder, 'users.csv', USERS);
    writeIn(place.folder, 'others.csv', OTHERS);
    await load(place, { users: 'users.csv' });
    return place;
  }

  test('a later run puts those of the run before beside its own, and says so', async () => {
    const place = await makeLoaded();
    const { report, warnings } = await load(place, { users: 'others.csv' });
    const kept = await fileOfRun(place, 0);
    expect(report.databases['users']).toMatchObject({ rejected: 1, earlierRejectsFile: kept });
    expect(warnings).toEqual([
      `${inRejects(place, 'users.ndjson')} had rejected records of an earlier run, which are in ${kept} now.`,
    ]);
    expect([idsIn(kept), idsIn(inRejects(place, 'users.ndjson'))]).toEqual([['2'], ['4']]);

    writeIn(place.folder, 'good.csv', 'id,name,email\n5,Eve,eve@example.com\n');
    await load(place, { users: 'good.csv' });
    expect(idsIn(inRejects(place, 'users.ndjson'))).toEqual([]);
    expect([idsIn(kept), idsIn(await fileOfRun(place, 1))]).toEqual([['2'], ['4']]);
    expect(readdirSync(inRejects(place))).toHaveLength(3);
  });

  test.each(['loading', 'checked'])(
    'a run that was stopped as %s after it had put them there names them again',
    async (state) => {
      const place = await makeLoaded();
      await load(place, { users: 'others.csv' });
      const [, { id }] = (await place.execute('users', 'select id from meridian_runs_users order by id')) as [
        object,
        { id: string },
      ];
      await place.execute('users', `update meridian_runs_users set state = '${state}' where id = '${id}'`);
      const { report } = await load(place, { users: 'others.csv' });
      expect(report.databases['users']).toMatchObject({ rejected: 1, earlierRejectsFile: await fileOfRun(place, 0) });
    },
  );

  test('a run that was stopped after it had put them there names none of an abandoned run', async () => {
    const place = await makeLoaded();
    writeIn(place.folder, 'stopped.csv', 'id,name,email\n6,,fay@example.com\n7,Gus,gus@example.com\n');
    const { signal, abort } = abortable();
    await load(place, { users: 'stopped.csv' }, { batchRecords: 1, signal, listener: { progressed: abort } });
    await load(place, { users: 'others.csv' });
    expect(idsIn(await fileOfRun(place, 1))).toEqual(['6']);
    const runs = await place.execute('users', 'select id, state from meridian_runs_users order by id');
    expect(runs.map(({ state }) => state)).toEqual(['finished', 'abandoned', 'finished']);
    await place.execute('users', `update meridian_runs_users set state = 'loading' where id = '${runs[2]?.['id']}'`);
    const { report } = await load(place, { users: 'others.csv' });
    expect(report.databases['users']).toMatchObject({ rejected: 1, earlierRejectsFile: await fileOfRun(place, 0) });
  });

  test('the same run again keeps no second copy', async () => {
    const place = await makeLoaded();
    const { report, warnings } = await load(place, { users: 'users.csv' });
    expect(report.databases['users']?.earlierRejectsFile).toBeUndefined();
    expect(warnings).toEqual([]);
    expect(readdirSync(inRejects(place))).toEqual(['users.ndjson']);
  });

  test('those that are loaded again are replaced by what is left of them', async () => {
    const place = await makeLoaded();
    const [line] = linesOf(inRejects(place, 'users.ndjson'));
    line.record.name = 'Bob';
    writeIn(place.folder, 'rejects/users.ndjson', `${JSON.stringify(line)}\n`);
    const { report, warnings } = await load(place, { users: 'rejects/users.ndjson' });
    expect([countsOf(report)['users'], warnings]).toMatchObject([{ read: 1, inserted: 1 }, []]);
    expect(readdirSync(inRejects(place))).toEqual(['users.ndjson']);
  });

  test('a dry run keeps and replaces nothing', async () => {
    const place = await makeLoaded();
    await load(place, { users: 'others.csv' }, { dryRun: true });
    expect(idsIn(inRejects(place, 'users.ndjson'))).toEqual(['2']);
    expect(readdirSync(inRejects(place))).toEqual(['users.ndjson']);
  });

  describe('a run that is not continued', () => {
    const HEADER = 'id,userId,productId,quantity\n';
    const order = (id: number, user: number, quantity: number) => `${id},${user},1,${quantity}\n`;

    async function makeStopped(): Promise<Place> {
      const place = await makePlace();
      writeIn(place.folder, 'users.csv', 'id,name,email\n1,Ann,ann@example.com\n');
      writeIn(place.folder, 'products.csv', PRODUCTS);
      await load(place, { users: 'users.csv', products: 'products.csv' });
      const records = [order(1, 1, 0), order(2, 9, 1), order(3, 1, 1), order(4, 1, 1)];
      writeIn(place.folder, 'orders.csv', `${HEADER}${records.join('')}`);
      const { signal, abort } = abortable();
      await load(place, { orders: 'orders.csv' }, { batchRecords: 2, signal, listener: { progressed: abort } });
      return place;
    }

    test('has what it rejected in a file of its own', async () => {
      const place = await makeStopped();
      writeIn(place.folder, 'few.csv', `${HEADER}${order(7, 1, 0)}`);
      const { warnings } = await load(place, { orders: 'few.csv' });
      expect(warnings).toEqual([
        expect.stringMatching(
          /^orders: the run of .* over .*orders\.csv was stopped after 2 records and is not continued\./,
        ),
      ]);
      const file = warnings.join().match(/Its rejected records are in (.*)\.$/)?.[1] ?? '';
      expect(linesOf(file)).toMatchObject([
        { number: 1, record: { id: '1', quantity: '0' }, errors: [{ property: 'quantity' }] },
        // its source is gone by now, so this is what stood in its row
        { number: 2, record: { id: 2, userId: 9, productId: 1, quantity: 1 }, errors: [{ code: 'reference' }] },
      ]);
      expect(idsIn(inRejects(place, 'orders.ndjson'))).toEqual(['7']);
    });

    test('has none where the same file is loaded from its beginning', async () => {
      const place = await makeStopped();
      const { warnings } = await load(place, { orders: 'orders.csv' }, { restart: true });
      expect(warnings).toEqual([expect.stringMatching(/references do not exist\.$/)]);
      expect(readdirSync(inRejects(place)).filter((name) => name.startsWith('orders'))).toEqual(['orders.ndjson']);
      expect(idsIn(inRejects(place, 'orders.ndjson'))).toEqual(['1', '2']);
    });
  });

  describe('columns that --map named', () => {
    const MAP = { orders: { id: 'Nr', userId: 'CustomerID' } };

    async function makeMapped(options: Partial<PopulateOptions> = {}): Promise<Place> {
      const place = await makePlace();
      writeIn(place.folder, 'users.csv', 'id,name,email\n1,Ann,ann@example.com\n');
      writeIn(place.folder, 'products.csv', PRODUCTS);
      writeIn(place.folder, 'orders.csv', 'Nr,CustomerID,productId,quantity\n1,1,1,0\n2,5,1,1\n3,1,1,1\n');
      await load(place, { users: 'users.csv', products: 'products.csv' });
      const { report } = await load(place, { orders: 'orders.csv' }, { columns: MAP, ...options });
      expect(countsOf(report)['orders']).toMatchObject({ inserted: 1, rejected: 2 });
      return place;
    }

    test('are known when what was rejected is loaded again, before and after it was checked for references', async () => {
      const place = await makeMapped();
      const file = inRejects(place, 'orders.ndjson');
      const rejects = linesOf(file);
      expect(rejects).toMatchObject([
        { number: 1, record: { Nr: '1', CustomerID: '1', quantity: '0' }, map: MAP.orders },
        { number: 2, record: { Nr: '2', CustomerID: '5' }, map: MAP.orders },
      ]);
      const [first] = rejects;
      first.record.quantity = 4;
      writeIn(place.folder, 'rejects/orders.ndjson', rejects.map((one) => `${JSON.stringify(one)}\n`).join(''));
      const { report, warnings } = await load(place, { orders: 'rejects/orders.ndjson' });
      expect(countsOf(report)['orders']).toEqual({ read: 2, inserted: 1, updated: 0, unchanged: 0, rejected: 1 });
      expect(warnings).toEqual([]);
      // what is rejected again can be loaded again
      expect(linesOf(file)).toMatchObject([{ number: 2, record: { Nr: '2', CustomerID: '5' }, map: MAP.orders }]);
      writeIn(place.folder, 'more.csv', 'id,name,email\n5,Eve,eve@example.com\n');
      await load(place, { users: 'more.csv' });
      expect(countsOf((await load(place, { orders: 'rejects/orders.ndjson' })).report)['orders']).toMatchObject({
        inserted: 1,
        rejected: 0,
      });
      expect((await place.rowsOf('orders')).map((row) => (row as { user_id: number }).user_id)).toEqual([1, 5, 1]);
    });
  });
});
