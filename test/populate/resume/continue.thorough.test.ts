/** A run that was interrupted, or whose database failed, is continued by the same call, and ends as if nothing had happened. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import type { PopulateOptions } from '../../../src/populate/options.ts';
import { fileSource } from '../../../src/populate/read/file.ts';
import type { RawRecord, Source } from '../../../src/populate/read/source.ts';
import { countsOf, populateIn } from '../../support/databases.ts';
import { depth } from '../../support/depth.ts';
import { forEachEngineMigratedThoroughly, type Place } from '../../support/engines.ts';
import { writeIn } from '../../support/folder.ts';

const NAMES = ['users', 'products', 'orders'];

const usersCsv = (count: number) =>
  `id,name,email\n${Array.from({ length: count }, (_, index) => `${index + 1},${index === 2 ? '' : `User ${index + 1}`},u${index + 1}@example.com\n`).join('')}`;

/** Orders of users from the last one on, so that the first orders point at what comes last; two of them dangle. */
const FILES: Readonly<Record<string, string>> = {
  users: usersCsv(9),
  products: 'id,sku,name,price\n1,S1,One,1.00\n2,S2,Two,2.00\n3,S3,Three,0\n4,S4,Four,4.00\n',
  orders:
    'id,userId,productId,quantity\n1,9,1,1\n2,99,2,2\n3,8,2,3\n4,7,4,4\n5,6,1,0\n6,5,1,1\n7,4,77,1\n8,2,2,1\n9,1,1,1\n',
};

function write(place: Place, files = FILES): void {
  for (const [name, text] of Object.entries(files)) {
    writeIn(place.folder, `${name}.csv`, text);
  }
}

const sourcesOf = (place: Place, names = NAMES): Record<string, Source> =>
  Object.fromEntries(
    names.map((name) => [name, fileSource(join(place.folder, `${name}.csv`), { strictFormat: true })]),
  );

const load = (place: Place, options: Partial<PopulateOptions> = {}) =>
  populateIn(place, { sources: sourcesOf(place), batchRecords: 2, ...options });

const LOSE = 'alter table meridian_run_batches_users rename to lost';
const BRING_BACK = 'alter table lost rename to meridian_run_batches_users';

/** Something happens when so many records of a file have been loaded. */
function after(count: number, source: Source, happens: () => Promise<unknown>): Source {
  return {
    ...source,
    async keep(directory) {
      const kept = (await source.keep?.(directory)) ?? source;
      return {
        ...kept,
        async open() {
          const open = await kept.open();
          const records = (async function* () {
            const all: RawRecord[] = [];
            for await (const chunk of open.records) {
              all.push(...chunk);
            }
            yield all.slice(0, count);
            await happens();
            yield all.slice(count);
          })();
          return { ...open, records };
        },
      };
    },
  };
}

async function contentsOf(place: Place): Promise<unknown> {
  const rows = await Promise.all(NAMES.map((name) => place.rowsOf(name)));
  const runs = await Promise.all(
    NAMES.map((name) =>
      place.execute(name, `select state, read, rejected, reasons, details from meridian_runs_${name}`),
    ),
  );
  const kept = await Promise.all(
    NAMES.flatMap((name) => [
      place.execute(name, `select * from meridian_run_batches_${name}`),
      // without the run, which is another one
      place.execute(name, `select number, file, line, record, errors from meridian_rejects_${name} order by number`),
    ]),
  );
  const rejects = NAMES.map((name) => readFileSync(join(place.folder, 'rejects', `${name}.ndjson`), 'utf8'));
  return { rows, runs, kept, rejects };
}

/** A signal that is aborted when it is looked at for the n-th time. */
function abortedAt(n: number): { signal: AbortSignal; looks: () => number } {
  const controller = new AbortController();
  let looks = 0;
  const signal = new Proxy(controller.signal, {
    get(target, name) {
      if (name === 'aborted' && ++looks === n) {
        controller.abort();
      }
      const value: unknown = Reflect.get(target, name, target);
      return typeof value === 'function' ? value.bind(target) : value;
    },
  });
  return { signal, looks: () => looks };
}

/** Trials are many, and each takes a while on a server. */
const STEPS = { sqlite: depth(11, 3), postgresql: 11 };

forEachEngineMigratedThoroughly('catalog', (makePlace, engine) => {
  test('interrupted wherever it looks whether it is', async () => {
    const straight = await makePlace();
    write(straight);
    const watched = abortedAt(Number.POSITIVE_INFINITY);
    const expected = countsOf(await load(straight, { signal: watched.signal }));
    expect(expected).toMatchObject({ users: { rejected: 1 }, orders: { read: 9, inserted: 6, rejected: 3 } });
    const contents = await contentsOf(straight);
    expect(watched.looks()).toBeGreaterThan(20);
    const stages = new Set<string>();
    for (let n = 1; n <= watched.looks(); n += STEPS[engine]) {
      const place = await makePlace();
      write(place);
      const first = await load(place, { signal: abortedAt(n).signal });
      if (first.interrupted) {
        const [run] = await place.execute('orders', 'select state from meridian_runs_orders');
        stages.add(String(run?.['state']));
        expect(Object.values(first.databases).map(({ failure }) => failure)).toEqual(NAMES.map(() => undefined));
      }
      const second = await load(place);
      expect([n, countsOf(first.interrupted ? second : first)]).toEqual([n, expected]);
      if (first.interrupted) {
        expect([n, await contentsOf(place)]).toEqual([n, contents]);
      }
    }
    expect([...stages]).toEqual(expect.arrayContaining(['loading', 'loaded']));
  });

  describe('a database that failed', () => {
    /** The database of users loses a table in the middle of its load. */
    const failing = (place: Place) =>
      load(place, {
        sources: {
          ...sourcesOf(place),
          users: after(4, sourcesOf(place)['users'] as Source, () => place.execute('users', LOSE)),
        },
      });

    test('goes on where it was once it works again', async () => {
      const [straight, place] = [await makePlace(), await makePlace()];
      write(straight);
      write(place);
      const expected = countsOf(await load(straight));
      const failed = await failing(place);
      expect(failed.databases['users']).toMatchObject({ read: 4, isUnfinished: true, failure: { code: 'database' } });
      expect(failed.databases['products']).toMatchObject({ read: 4, isUnfinished: false, failure: undefined });
      expect(failed.databases['orders']).toMatchObject({
        rejected: 1,
        isUnfinished: true,
        failure: { code: 'database' },
      });
      await place.execute('users', BRING_BACK);
      expect(countsOf(await load(place))).toEqual(expected);
      expect(await contentsOf(place)).toEqual(await contentsOf(straight));
    });

    test('keeps nothing open that does not need what is missing in it', async () => {
      const place = await makePlace();
      write(place, { ...FILES, orders: 'id,userId,productId,quantity\n1,1,1,1\n' });
      const failed = await failing(place);
      expect(failed.databases['users']?.failure).toBeDefined();
      expect(failed.databases['orders']).toMatchObject({ inserted: 1, failure: undefined, isUnfinished: false });
    });

    test('is not continued over a file that has changed meanwhile', async () => {
      const place = await makePlace();
      write(place);
      await failing(place);
      await place.execute('users', BRING_BACK);
      write(place, { users: usersCsv(10) });
      await expect(load(place)).rejects.toMatchObject({
        code: 'source',
        message: expect.stringMatching(/^users: .*users\.csv has changed since the run of .*--restart/),
      });
    });
  });

  describe('a source that was at fault', () => {
    test('is loaded from its beginning when it is repaired, and the others go on where they were', async () => {
      const [straight, place] = [await makePlace(), await makePlace()];
      write(straight);
      write(place, { ...FILES, users: `${usersCsv(5)}6,"User 6,u6@example.com\n` });
      const expected = countsOf(await load(straight));
      const broken = await load(place);
      expect(broken.databases['users']).toMatchObject({ read: 4, inserted: 3, isUnfinished: false });
      expect(broken.databases['orders']).toMatchObject({ inserted: 8, rejected: 1, isUnfinished: true });

      const continued: string[] = [];
      const same = await load(place, { listener: { continued: (name) => continued.push(name) } });
      expect(same.databases['users']).toMatchObject({ read: 4, unchanged: 3, failure: { code: 'source' } });
      expect(continued).toEqual(['products', 'orders']);

      write(place);
      const repaired = countsOf(await load(place));
      expect(repaired).toEqual({
        ...expected,
        users: { read: 9, inserted: 5, updated: 0, unchanged: 3, rejected: 1 },
      });
      expect(await place.rowsOf('orders')).toEqual(await straight.rowsOf('orders'));
      const runs = await place.execute('orders', 'select state from meridian_runs_orders');
      expect(runs).toEqual([{ state: 'finished' }]);
    });
  });

  test('two sources that were at fault, where one refers to the other', async () => {
    const [straight, place] = [await makePlace(), await makePlace()];
    write(straight);
    write(place, {
      ...FILES,
      users: `${usersCsv(5)}6,"User 6,u6@example.com\n`,
      orders: `${FILES['orders']}10,"1,1,1\n`,
    });
    const expected = countsOf(await load(straight));
    const broken = await load(place);
    expect(broken.databases['orders']).toMatchObject({ inserted: 7, rejected: 1, isUnfinished: true });
    write(place);
    await expect(load(place)).rejects.toThrow(/^orders: .* has changed since the run of .*--restart/);
    const again = await load(place, { restart: true });
    expect(countsOf(again)['orders']).toMatchObject({ rejected: expected['orders']?.['rejected'] });
    expect(await place.rowsOf('orders')).toEqual(await straight.rowsOf('orders'));
  });

  test('a file of a database that had ended is loaded again when it has changed', async () => {
    const place = await makePlace();
    write(place, { ...FILES, users: `${usersCsv(5)}6,"User 6,u6@example.com\n` });
    await load(place);
    write(place, { ...FILES, products: `${FILES['products']}77,S77,New,7.00\n` });
    const report = countsOf(await load(place));
    expect(report['products']).toEqual({ read: 5, inserted: 1, updated: 0, unchanged: 3, rejected: 1 });
    expect(report['orders']).toMatchObject({ read: 9, inserted: 7, rejected: 2 });
  });

  test('another load that was stopped: nothing that it may still bring is taken for missing', async () => {
    const place = await makePlace();
    write(place);
    const controller = new AbortController();
    await load(place, {
      sources: sourcesOf(place, ['users']),
      signal: controller.signal,
      listener: { progressed: () => controller.abort() },
    });
    const sources = sourcesOf(place, ['products', 'orders']);
    const waiting = await load(place, { sources });
    expect(waiting.databases['orders']).toMatchObject({
      inserted: 8,
      isUnfinished: true,
      failure: { code: 'database' },
    });
    // another command cannot give up what waits for them
    writeIn(place.folder, 'few.csv', 'id,userId,productId,quantity\n20,1,1,1\n');
    const few = { orders: fileSource(join(place.folder, 'few.csv')) };
    await expect(load(place, { sources: few })).rejects.toThrow(/^orders: the run of .* cannot be ended here/);
    await load(place, { sources: sourcesOf(place, ['users']) });
    expect(countsOf(await load(place, { sources }))['orders']).toMatchObject({ read: 9, inserted: 6, rejected: 3 });
  });
});
