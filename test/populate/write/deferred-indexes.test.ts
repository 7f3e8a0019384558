/** Secondary indexes are deferred while many records are loaded into an empty table, and restored in any case. */
import { expect, test } from '@jest/globals';
import { generatedSource } from '../../../src/generate/source.ts';
import { generators } from '../../../src/shop/generators.ts';
import { countsOf, populateIn } from '../../support/databases.ts';
import { forEachEngineMigratedThoroughly, type Place } from '../../support/engines.ts';
import '../../support/faults/server-statements.ts';
import { watchStatements } from '../../support/faults/statements.ts';

const LARGE = 100_000;
const MANY_MISSING = 11_999;

async function secondaryIn(place: Place): Promise<string[]> {
  return (await place.schemaOf('orders')).filter((line) => /create index .* on \S*\borders\b/i.test(line));
}

const generated = (name: string, count: number, invalid = 0) =>
  generatedSource(generators, name, { count, seed: 1, invalid });

/** Loads what few orders refer to. @returns the indexes of the orders */
async function prepared(place: Place): Promise<string[]> {
  for (const name of ['users', 'products']) {
    await populateIn(place, { sources: { [name]: generated(name, 10) } });
  }
  const indexes = await secondaryIn(place);
  expect(indexes).toHaveLength(3);
  return indexes;
}

/** Loads some of so many orders and stops. @returns the indexes in the middle of the load, while nothing is locked */
async function loadSome(place: Place, count: number): Promise<string[] | undefined> {
  const interruption = new AbortController();
  let during: string[] | undefined;
  const source = generated('orders', count);
  await populateIn(place, {
    sources: {
      orders: {
        ...source,
        async open() {
          const opened = await source.open();
          const records = (async function* () {
            for await (const chunk of opened.records) {
              yield chunk;
              during ??= await secondaryIn(place);
              interruption.abort();
            }
          })();
          return { ...opened, records };
        },
      },
    },
    batchRecords: 1000,
    signal: interruption.signal,
  });
  return during;
}

forEachEngineMigratedThoroughly('catalog', (makePlace) => {
  test('deferred for many records into an empty table', async () => {
    const place = await makePlace();
    const indexes = await prepared(place);
    expect(await loadSome(place, LARGE)).toEqual([]);
    expect(await secondaryIn(place)).toEqual(indexes);
  });

  test('kept for few records, or for a table that holds some', async () => {
    const place = await makePlace();
    await prepared(place);
    expect(await loadSome(place, 10)).toHaveLength(3);
    await populateIn(place, { sources: { orders: generated('orders', 10) } });
    expect(await place.rowsOf('orders')).toHaveLength(10);
    expect(await loadSome(place, LARGE)).toHaveLength(3);
  });

  /** Orders of users that do not exist, more than indexes are kept for; one has a user and a product that do. */
  const dangling = generated('orders', MANY_MISSING + 1);

  test('deferred while many rows are deleted whose references are missing', async () => {
    const place = await makePlace();
    const indexes = await prepared(place);
    const steps: string[] = [];
    const watch = {
      before(_: number, sql: string) {
        const [step] =
          /^(?:drop index|create index|delete(?= from (?:\S+\.)?["`]orders["`] where \())/i.exec(sql) ?? [];
        if (step !== undefined && step !== steps.at(-1)) {
          steps.push(step);
        }
      },
    };
    await watchStatements(watch, async () => {
      const report = await populateIn(place, { sources: { orders: dangling } });
      expect(countsOf(report)['orders']).toMatchObject({ inserted: 1, rejected: MANY_MISSING });
    });
    expect(steps.map((step) => step.toLowerCase())).toEqual(['drop index', 'delete', 'create index']);
    expect(await secondaryIn(place)).toEqual(indexes);
  });

  test('restored where the check of references is interrupted', async () => {
    const place = await makePlace();
    const indexes = await prepared(place);
    const interruption = new AbortController();
    const { interrupted } = await populateIn(place, {
      sources: { orders: dangling },
      listener: { rejected: () => interruption.abort() },
      signal: interruption.signal,
    });
    expect(interrupted).toBe(true);
    expect(await secondaryIn(place)).toEqual(indexes);
    const report = await populateIn(place, { sources: { orders: dangling } });
    expect(countsOf(report)['orders']).toMatchObject({ inserted: 1, rejected: MANY_MISSING });
  });
});
