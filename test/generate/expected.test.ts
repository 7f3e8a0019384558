/** What a populate reports of generated data is exactly what the generator says that it broke. */
import { describe, expect, test } from '@jest/globals';
import { getMetadataStorage, ValidationTypes } from 'class-validator';
import fc from 'fast-check';
import { type Dataset, datasetOf } from '../../src/generate/dataset.ts';
import { expectedOf } from '../../src/generate/expected.ts';
import { generatedSource } from '../../src/generate/source.ts';
import { type GeneratedSpec, MAX_COUNT } from '../../src/generate/spec.ts';
import { shapeOf } from '../../src/populate/record/shape.ts';
import type { PopulateReport } from '../../src/populate/report.ts';
import { catalog } from '../../src/shop/catalog.ts';
import { generators } from '../../src/shop/generators.ts';
import { populateIn } from '../support/databases.ts';
import { depth } from '../support/depth.ts';
import { type EngineName, forEachEngineMigratedThoroughly, type Place, sqlitePlace } from '../support/engines.ts';
import { makeFolder } from '../support/folder.ts';
import { metadataIn } from '../support/metadata.ts';
import { onlyEntity } from '../support/only-table.ts';

const NAMES = catalog.map(({ name }) => name);

interface Summary {
  readonly read: number;
  readonly inserted: number;
  readonly rejected: number;
  readonly reasons: readonly { readonly property: string | null; readonly code: string; readonly count: number }[];
}

/** In an order that does not hang on which of two equal counts comes first. */
function summary({ read, inserted, rejected, reasons }: Summary): object {
  const codes = reasons.map(({ property, code, count }) => `${property} ${code} ${count}`);
  return { read, inserted, rejected, reasons: codes.sort() };
}

async function populateGenerated(spec: GeneratedSpec, place = sqlitePlace(makeFolder())): Promise<PopulateReport> {
  const sources = Object.fromEntries(NAMES.map((name) => [name, generatedSource(generators, name, spec)]));
  return populateIn(place, { sources });
}

async function expectExactly(spec: GeneratedSpec, place?: Place): Promise<void> {
  const report = await populateGenerated(spec, place);
  for (const name of NAMES) {
    const reported = report.databases[name];
    expect(reported?.failure).toBeUndefined();
    expect(reported && summary(reported)).toEqual(summary(await expectedOf(generators, name, spec)));
  }
}

// on a server, a few are enough: what is generated does not hang on the engine
const SPECS: Record<EngineName, readonly GeneratedSpec[]> = {
  sqlite: [
    { count: 1, seed: 1, invalid: 0 },
    { count: 1, seed: 1, invalid: 1 },
    { count: 20, seed: 4, invalid: 0.5 },
    { count: 500, seed: 2, invalid: 1 },
    { count: 999, seed: 3, invalid: 0.999 },
    { count: 1500, seed: Number.MAX_SAFE_INTEGER, invalid: 0.3 },
    { count: 4000, seed: 0, invalid: 0.05 },
  ],
  postgresql: [
    { count: 300, seed: 2, invalid: 1 },
    { count: 4000, seed: 0, invalid: 0.05 },
  ],
};

forEachEngineMigratedThoroughly('catalog', (makePlace, engine) => {
  test.each(SPECS[engine])('a populate of generated data reports what was broken: %p', async (spec) => {
    const place = await makePlace();
    await expectExactly(spec, place);
    for (const name of NAMES) {
      expect(await place.rowsOf(name)).toHaveLength(spec.count - Math.floor(spec.count * spec.invalid));
    }
  });
});

describe('a populate of generated data reports what was broken, no less and no more', () => {
  test('of any size, seed and share', async () => {
    const specs = fc.record({
      count: fc.integer({ min: 1, max: 300 }),
      seed: fc.maxSafeNat(),
      invalid: fc.double({ min: 0, max: 1, noNaN: true }),
    });
    await fc.assert(
      fc.asyncProperty(specs, (spec) => expectExactly(spec)),
      { numRuns: depth(3, 15) },
    );
  });

  test('and each record has the errors of its own mutation', async () => {
    const spec = { count: 100, seed: 11, invalid: 0.6 };
    const report = await populateGenerated(spec);
    for (const name of NAMES) {
      const { placement, domain } = await datasetOf(generators, name, spec);
      const mutations = domain.mutations.map(({ breaks }) =>
        breaks
          .map(({ property, code }) => `${property} ${code}`)
          .sort()
          .join(),
      );
      for (const { number, outcome, errors } of report.databases[name]?.details ?? []) {
        const broken = placement.ordinalOf(number) !== -1;
        expect([number, outcome]).toEqual([number, broken ? 'rejected' : 'inserted']);
        const codes = errors
          .map(({ property, code }) => `${property} ${code}`)
          .sort()
          .join();
        expect(broken ? mutations : ['']).toContain(codes);
      }
    }
  });
});

test('the counts of a number of records too large to be made are known at once, and add up', async () => {
  for (const invalid of [0.05, 0.999999]) {
    for (const name of NAMES) {
      const { placement, domain, brokenByMutation } = await datasetOf(generators, name, {
        count: MAX_COUNT,
        seed: 1,
        invalid,
      });
      const counts = brokenByMutation();
      expect(counts.reduce((sum, count) => sum + count, 0)).toBe(placement.broken);
      expect(counts).toHaveLength(domain.mutations.length);
      // the mutations take turns
      expect(Math.max(...counts) - Math.min(...counts)).toBeLessThan(placement.broken / domain.mutations.length / 10);
    }
  }
});

/** Optional properties that generated records say nothing of. */
const UNSAID: Readonly<Record<string, readonly string[]>> = {
  orders: ['status', 'checkoutId'],
};

describe.each(catalog)('$name', (declaration) => {
  const unsaid = UNSAID[declaration.name] ?? [];

  const mutationCodes = async () => {
    const { domain }: Dataset = await datasetOf(generators, declaration.name, { count: 1000, seed: 1, invalid: 0.5 });
    return new Set(domain.mutations.flatMap(({ breaks }) => breaks.map(({ property, code }) => `${property} ${code}`)));
  };

  test('has a mutation to break every rule on the entity', async () => {
    const rules = getMetadataStorage()
      .getTargetValidationMetadatas(onlyEntity(declaration).entity as never, '', false, false)
      .filter(({ type }) => type !== ValidationTypes.CONDITIONAL_VALIDATION)
      .map(({ propertyName, name, type }) => ({ propertyName, code: name ?? type }))
      // whatever stands in a file of text is text
      .filter(({ propertyName, code }) => code !== 'isString' && !unsaid.includes(propertyName))
      .map(({ propertyName, code }) => `${propertyName} ${code}`);
    expect(rules.length).toBeGreaterThan(5);
    const broken = await mutationCodes();
    expect(rules.filter((rule) => !broken.has(rule))).toEqual([]);
  });

  test('has a mutation to repeat every key, and to let every reference dangle', async () => {
    const { primaryKeys } = metadataIn(declaration);
    const keys = [
      ...primaryKeys,
      ...(onlyEntity(declaration).naturalKeys ?? []).map(({ properties }) => properties[0]),
    ];
    const broken = await mutationCodes();
    for (const key of keys) {
      expect(broken).toContain(`${key} duplicate`);
    }
    for (const property of Object.keys(onlyEntity(declaration).references ?? {})) {
      expect(broken).toContain(`${property} reference`);
    }
  });

  test('generates every other property that a source can give, and nothing else', async () => {
    const { domain } = await datasetOf(generators, declaration.name, { count: 1, seed: 1, invalid: 0 });
    expect([...domain.columns, ...unsaid].sort()).toEqual(
      shapeOf(metadataIn(declaration))
        .properties.map(({ name }) => name)
        .sort(),
    );
  });
});
