/** Rows whose update is reverted hold again what another program has stored in them, to the last digit. */
import { expect, test } from '@jest/globals';
import { ArrayType, BigIntType, defineEntity, type EntityName, p } from '@mikro-orm/core';
import fc from 'fast-check';
import { depth } from '../../support/depth.ts';
import { forEachEngineThoroughly, type Place } from '../../support/engines.ts';
import { ownEntity } from '../../support/own-entity.ts';
import { outcome } from '../entities/outcome.ts';

const Sample = defineEntity({
  name: 'Sample',
  tableName: 'samples',
  properties: {
    id: p.integer().primary().autoincrement(false),
    targetId: p.integer().nullable(),
    amount: p.decimal().precision(30).scale(10).nullable(),
    data: p.json().nullable(),
    tags: p.array().nullable(),
    numbers: p
      .type(new ArrayType((one) => +one))
      .columnType('int[]')
      .nullable(),
    day: p.date().nullable(),
    time: p.time().columnType('time(6)').nullable(),
    at: p.datetime(6).nullable(),
    photo: p.blob().nullable(),
    uuid: p.uuid().nullable(),
    flag: p.boolean().nullable(),
    ratio: p.double().nullable(),
    long: p.type(new BigIntType('bigint')).nullable(),
    name: p.text().nullable(),
    version: p.integer().version(),
  },
}) as never as EntityName<object>;

/** Column -> literals of what another program may have stored, for both engines. */
const STORED = {
  amount: ['1.10', '12345678901234567890.0123456789'],
  data: [
    `'{"n": 9007199254740993}'`,
    `'{"n":1.10, "m" : [1e400]}'`,
    `'[0.1000000000000000055511151231257827]'`,
    `'9007199254740993'`,
    `'{"2":1,"1":2}'`,
    `'"1"'`,
    `'"NaN"'`,
  ],
  day: [`'2026-01-31'`],
  time: [`'18:30:00.123456'`, `'18:30:00'`],
  uuid: [`'6F9619FF-8B86-D011-B42D-00C04FC964FF'`],
  flag: ['true', 'false'],
  ratio: ['0.1', '1e300', '5e-324', '-0.0'],
  long: ['9007199254740993', '-9223372036854775808'],
  name: [`' Ann '`, `''`, `'\u{1F6A2}'`],
} as const;

const ONLY = {
  sqlite: {
    at: [`'2026-01-31 18:30:00.123456'`, `'2026-01-31T18:30:00Z'`, '1769884200123'],
    tags: [`'a,b'`],
    numbers: [`'1,2'`],
    photo: [`x'00ff'`],
    ratio: ['9e999', '-9e999'],
  },
  postgresql: {
    at: [`'2026-01-31 18:30:00.123456Z'`],
    tags: [`'{a," b "}'`],
    numbers: [`'{1,2}'`],
    photo: [`'\\x00ff'`],
    ratio: [`'NaN'`, `'Infinity'`],
  },
};

/** What the file changes: every column. */
const GIVEN = {
  amount: '3',
  data: { n: 2 ** 53 },
  tags: ['c'],
  numbers: [3],
  day: '2026-02-01',
  time: '18:30:00',
  at: '2026-01-31T18:30:00.123Z',
  photo: '/w==',
  uuid: '6f9619ff-8b86-d011-b42d-00c04fc96400',
  flag: null,
  ratio: '0.5',
  long: '5',
  name: 'Bob',
};

forEachEngineThoroughly((makePlace, engine) => {
  const literals: Record<string, readonly string[]> = { ...STORED };
  for (const [name, more] of Object.entries(ONLY[engine])) {
    literals[name] = [...(literals[name] ?? []), ...more];
  }
  const rows = fc.record({
    stored: fc.record(
      Object.fromEntries(Object.entries(literals).map(([name, some]) => [name, fc.constantFrom('null', ...some)])),
    ),
    changed: fc.subarray(Object.keys(GIVEN) as (keyof typeof GIVEN)[], { minLength: 1 }),
  });

  async function storedIn(place: Place): Promise<unknown> {
    const columns = ['id', 'target_id', 'version', ...Object.keys(literals)];
    const cells = columns.map((name) => `${engine === 'sqlite' ? `quote("${name}")` : `"${name}"::text`} as "${name}"`);
    return place.execute('samples', `select ${cells.join()} from samples order by id`);
  }

  test.each([false, true])('after a load (all or nothing: %s)', async (allOrNothing) => {
    await fc.assert(
      fc.asyncProperty(fc.array(rows, { minLength: 1, maxLength: 12 }), async (all) => {
        const { place, load } = await ownEntity(await makePlace(), {
          name: 'samples',
          entity: Sample,
          references: { targetId: { database: 'samples', entity: 'sample' } },
        });
        expect(outcome((await load([{ id: 1000 }])).databases['samples'])).toMatchObject({ inserted: 1 });
        for (const [index, { stored }] of all.entries()) {
          const names = ['id', 'target_id', 'version', ...Object.keys(stored)].map((name) => `"${name}"`);
          await place.execute(
            'samples',
            `insert into samples (${names.join()}) values (${[index + 1, 1000, 3, ...Object.values(stored)].join()})`,
          );
        }
        const before = await storedIn(place);
        const records = all.map(({ changed }, index) => ({
          id: index + 1,
          targetId: 2000,
          ...Object.fromEntries(changed.map((name) => [name, GIVEN[name]])),
        }));
        const report = await load(records, { onConflict: 'update', allOrNothing });
        expect(outcome(report.databases['samples'])).toMatchObject({ updated: 0, unchanged: 0 });
        expect(await storedIn(place)).toEqual(before);
      }),
      { numRuns: depth(2, 8) },
    );
  });
});
