/** However databases are spread over servers, schemas and engines, the same data gives the same rows, reports and rejects. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { Database } from '../../src/database/database.ts';
import { expectedOf } from '../../src/generate/expected.ts';
import { generatedSource } from '../../src/generate/source.ts';
import { verify } from '../../src/integrity/verify.ts';
import type { PopulateOptions } from '../../src/populate/options.ts';
import { catalog } from '../../src/shop/catalog.ts';
import { generators } from '../../src/shop/generators.ts';
import { countsOf, populateIn } from '../support/databases.ts';
import {
  describeWithPostgresql,
  makePostgresqlPlace,
  type Place,
  postgresqlPlace,
  sqlitePlace,
} from '../support/engines.ts';
import { makeFolder } from '../support/folder.ts';
import { freshDatabase } from '../support/postgresql/fresh.ts';
import { sampleSources } from '../support/sample.ts';

const NAMES = catalog.map(({ name }) => name);
const SPEC = { count: 2000, seed: 3, invalid: 0.05 };
const THREADS = { threadRecords: 1 };

const arrangements: readonly (readonly [string, () => Promise<Place>])[] = [
  [
    'three databases of a server',
    async () => {
      const urls = Object.fromEntries(await Promise.all(NAMES.map(async (name) => [name, await freshDatabase()])));
      return postgresqlPlace((name) => urls[name]);
    },
  ],
  [
    'three schemas of one database',
    async () => {
      const url = await freshDatabase();
      return postgresqlPlace((name) => `${url}?schema=${name}_schema`);
    },
  ],
  ['one shared schema', () => makePostgresqlPlace()],
  [
    'two engines',
    async () => {
      const [files, server] = [sqlitePlace(makeFolder()), await makePostgresqlPlace()];
      const placeOf = (name: string) => (name === 'users' ? server : files);
      return {
        ...files,
        url: (name) => placeOf(name).url(name),
        options: (name) => placeOf(name).options(name),
        rowsOf: (table, name = table) => placeOf(name).rowsOf(table, name),
      };
    },
  ],
];

const generated = () => Object.fromEntries(NAMES.map((name) => [name, generatedSource(generators, name, SPEC)]));

/** Loads, and returns everything that is reported except durations. */
async function outcomeOf(place: Place, options: Partial<PopulateOptions>) {
  const report = await populateIn(place, options);
  const databases = Object.entries(report.databases);
  return {
    failures: databases.map(([, { failure }]) => failure),
    counts: countsOf(report),
    reasons: databases.map(([, { reasons }]) => reasons),
    rows: await Promise.all(NAMES.map((name) => place.rowsOf(name))),
    rejects: NAMES.map((name) => readFileSync(join(place.folder, 'rejects', `${name}.ndjson`), 'utf8')),
  };
}

async function violationsIn(place: Place): Promise<Record<string, number>> {
  const databases = await Promise.all(
    catalog.map((declaration) => Database.open(declaration, { ...place.options(declaration.name), create: false })),
  );
  try {
    const verdicts = Object.entries(await verify(databases));
    return Object.fromEntries(verdicts.map(([name, { violations }]) => [name, violations]));
  } finally {
    await Promise.all(databases.map((database) => database.close()));
  }
}

describeWithPostgresql('PostgreSQL', () => {
  describe.each(arrangements)('%s', (_, arrange) => {
    test.each([
      ['the sample', {}, sampleSources, 2],
      ['generated data', {}, generated, 2],
      ['generated data in threads and small batches', { ...THREADS, batchRecords: 300 }, generated, 1],
    ])('%s', async (_name, options, sourcesOf, rounds) => {
      const [place, files] = [await arrange(), sqlitePlace(makeFolder())];
      for (let round = 1; round <= rounds; round++) {
        const outcome = await outcomeOf(place, { ...options, sources: sourcesOf() });
        expect([round, outcome]).toEqual([round, await outcomeOf(files, { sources: sourcesOf() })]);
      }
      expect(await violationsIn(place)).toEqual({ users: 0, products: 0, orders: 0 });
    });
  });

  test('generated data comes out as the generator says', async () => {
    const counts = countsOf(await populateIn(await makePostgresqlPlace(), { sources: generated() }));
    for (const name of NAMES) {
      const { read, inserted, rejected } = await expectedOf(generators, name, SPEC);
      expect(counts[name]).toEqual({ read, inserted, updated: 0, unchanged: 0, rejected });
    }
  });
});
