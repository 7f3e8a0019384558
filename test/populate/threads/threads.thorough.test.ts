/** Loads in threads of their own: the same report, rows, rejects and events as in one thread. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { generatedSource } from '../../../src/generate/source.ts';
import { MAX_COUNT } from '../../../src/generate/spec.ts';
import type { PopulateListener, PopulateOptions } from '../../../src/populate/options.ts';
import { fileSource } from '../../../src/populate/read/file.ts';
import type { PopulateReport } from '../../../src/populate/report.ts';
import { MeridianError } from '../../../src/shared/errors.ts';
import { generators } from '../../../src/shop/generators.ts';
import { countsOf, fileOf, populateIn } from '../../support/databases.ts';
import { thoroughTest } from '../../support/depth.ts';
import { dirtyOrders, dirtyProducts, dirtyUsers } from '../../support/dirty.ts';
import { accountOf } from '../../support/faults/small-load.ts';
import { makeFolder, writeIn } from '../../support/folder.ts';
import { sourceOf } from '../../support/sources.ts';
import { differencesOf, firstDifference } from '../../support/stored.ts';

const RECORDS = 3000;
const NAMES = ['users', 'products', 'orders'];

function filesIn(folder: string): string[] {
  return [
    writeIn(folder, 'users.csv', dirtyUsers(RECORDS)),
    writeIn(folder, 'products.csv', dirtyProducts(RECORDS)),
    writeIn(folder, 'orders.csv', dirtyOrders(RECORDS, RECORDS)),
  ];
}

/** @returns the report, and the calls of the listener by database, in order */
async function load(folder: string, threads: boolean, options: Partial<PopulateOptions> = {}) {
  const calls: Record<string, unknown[]> = {};
  const record =
    (what: string) =>
    (database: string, ...more: unknown[]) => {
      calls[database] = [
        ...(calls[database] ?? []),
        [what, ...more.filter((one) => typeof one !== 'object' || Array.isArray(one))],
      ];
    };
  const listener: PopulateListener = {
    started: record('started'),
    progressed: record('progressed'),
    loaded: record('loaded'),
    rejected: record('rejected'),
    warned: record('warned'),
    ...options.listener,
  };
  const files = NAMES.map((name) => [name, fileSource(join(folder, `${name}.csv`))]);
  const report: PopulateReport = await populateIn(folder, {
    sources: Object.fromEntries(files),
    batchRecords: 500,
    threadRecords: threads ? 0 : Number.POSITIVE_INFINITY,
    ...options,
    listener,
  });
  return { report, calls };
}

test('report and write the same', async () => {
  const [here, there] = [makeFolder(), makeFolder()];
  filesIn(here);
  filesIn(there);
  const [one, three] = [await load(here, false), await load(there, true)];
  const inOnePlace = (text: string) => JSON.parse(text.replaceAll(there, here));
  expect(inOnePlace(JSON.stringify(accountOf(three.report)))).toEqual(
    JSON.parse(JSON.stringify(accountOf(one.report))),
  );
  expect(inOnePlace(JSON.stringify(three.calls))).toEqual(JSON.parse(JSON.stringify(one.calls)));
  expect(one.calls['users']).toContainEqual(['progressed', RECORDS, expect.any(Number)]);
  for (const name of NAMES) {
    expect(differencesOf(name, fileOf(there, name), fileOf(here, name))).toEqual([]);
    const [made, expected] = [there, here].map((folder) => join(folder, 'rejects', `${name}.ndjson`));
    expect(firstDifference(made ?? '', expected ?? '')).toEqual([]);
  }
});

test('report what stops one of them, and finish the others', async () => {
  const folder = makeFolder();
  const [users = ''] = filesIn(folder);
  writeFileSync(users, `${dirtyUsers(1200)}1201,"never closed\n${'no row\n'.repeat(1001)}`);
  const { report } = await load(folder, true);
  const failure = report.databases['users']?.failure;
  expect(failure).toBeInstanceOf(MeridianError);
  expect(failure?.message).toContain('users.csv, line 1202: a quote is opened here');
  expect(countsOf(report)).toMatchObject({
    users: { read: 1000 },
    products: { read: RECORDS },
    orders: { read: RECORDS },
  });
});

thoroughTest('end when the signal is aborted', async () => {
  const interruption = new AbortController();
  const spec = { count: MAX_COUNT, seed: 1, invalid: 0 };
  const report = await populateIn(makeFolder(), {
    // they would go on for hours
    sources: Object.fromEntries(NAMES.map((name) => [name, generatedSource(generators, name, spec)])),
    threadRecords: 0,
    batchRecords: 10,
    transactionRecords: 10,
    signal: interruption.signal,
    listener: { progressed: () => interruption.abort() },
  });
  expect(report.interrupted).toBe(true);
  const read = Object.values(countsOf(report)).reduce((sum, counts) => sum + (counts['read'] ?? 0), 0);
  expect(read).toBeGreaterThan(0);
});

test('are not for sources that only this thread has', async () => {
  const report = await populateIn(makeFolder(), {
    sources: {
      users: sourceOf([{ id: 1, name: 'Ann', email: 'ann@example.com' }]),
      products: sourceOf([{ id: 1, sku: 'S', name: 'One', price: '1' }]),
    },
    threadRecords: 0,
  });
  expect(countsOf(report)).toMatchObject({ users: { inserted: 1 }, products: { inserted: 1 } });
});
