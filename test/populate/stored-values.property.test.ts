/** Values of any column type: records that were inserted are unchanged when the same file is loaded again. */
import { expect, test } from '@jest/globals';
import { BigIntType, DecimalType, StringType } from '@mikro-orm/core';
import { Entity, Enum, PrimaryKey, Property } from '@mikro-orm/decorators/legacy';
import fc from 'fast-check';
import { countsOf } from '../support/databases.ts';
import { depth } from '../support/depth.ts';
import { forEachEngineThoroughly } from '../support/engines.ts';
import { ownEntity } from '../support/own-entity.ts';

const optional = { nullable: true } as const;

@Entity({ tableName: 'samples' })
class Sample {
  @PrimaryKey({ type: 'uuid' })
  id!: string;

  @Property({ type: 'string', length: 8, ...optional })
  short!: string | null;

  @Property({ type: 'character', length: 5, ...optional })
  code!: string | null;

  @Property({ type: new StringType({ case: 'lower' }), ...optional })
  lower!: string | null;

  @Property({ type: 'decimal', precision: 10, scale: 2, ...optional })
  amount!: string | null;

  @Property({ type: new DecimalType('number'), precision: 12, scale: 4, ...optional })
  share!: number | null;

  @Property({ type: 'string', columnType: 'numeric', ...optional })
  exact!: string | null;

  @Property({ type: 'float', ...optional })
  ratio!: number | null;

  @Property({ type: 'real', ...optional })
  real!: number | null;

  @Property({ type: 'double', ...optional })
  double!: number | null;

  @Property({ type: 'smallint', ...optional })
  small!: number | null;

  @Property({ type: 'integer', ...optional })
  whole!: number | null;

  @Property({ type: new BigIntType('string'), ...optional })
  long!: string | null;

  @Property({ type: 'uuid', ...optional })
  uuid!: string | null;

  @Property({ type: 'date', ...optional })
  day!: string | null;

  @Property({ type: 'time', ...optional })
  time!: string | null;

  @Property({ type: 'datetime', length: 0, ...optional })
  second!: Date | null;

  @Property({ type: 'datetime', length: 2, ...optional })
  hundredth!: Date | null;

  @Property({ type: 'datetime', ...optional })
  at!: Date | null;

  @Property({ type: 'datetime', columnType: 'timestamp(1)', ...optional })
  local!: Date | null;

  @Property({ type: 'boolean', ...optional })
  flag!: boolean | null;

  @Enum({ items: ['new', 'old'], ...optional })
  state!: string | null;

  @Property({ type: 'interval', ...optional })
  lasting!: string | null;

  @Property({ type: 'string', columnType: 'inet', ...optional })
  address!: string | null;

  @Property({ type: 'datetime', onCreate: () => new Date(), onUpdate: () => new Date() })
  changedAt!: Date;

  @Property({ type: 'datetime' })
  createdAt = new Date();
}

const declaration = { name: 'samples', entity: Sample };

const digits = fc.stringMatching(/^-?\d{1,12}(\.\d{1,5})?$/);
const longDigits = fc.stringMatching(/^-?\d{1,22}(\.\d{1,12})?$/);
const text = fc.oneof(fc.string({ maxLength: 9 }), fc.constantFrom('Ä b', '😀😀😀😀😀', 'a  ', '  a'));
const number = fc.oneof(digits, fc.double(), fc.float(), fc.integer());
const hex = fc.uuid().chain((id) => fc.constantFrom(id, id.toUpperCase(), id.replaceAll('-', ''), `{${id}}`));
const twoDigits = (max: number) => fc.integer({ min: 0, max }).map((value) => String(value).padStart(2, '0'));
const clock = fc
  .tuple(twoDigits(25), twoDigits(60), twoDigits(60), fc.constantFrom('', '.0', '.5', '.123456'))
  .map(([hours, minutes, seconds, fraction]) => `${hours}:${minutes}:${seconds}${fraction}`);
const day = fc
  .tuple(fc.constantFrom('0000', '0001', '0099', '1582', '1969', '2024', '9999'), twoDigits(13), twoDigits(32))
  .map((parts) => parts.join('-'));
const zone = fc.constantFrom('Z', '+00:00', '-05:30', '+14:00');
const instant = fc.tuple(day, clock, zone).map(([date, time, offset]) => `${date}T${time}${offset}`);

const given = <T>(value: fc.Arbitrary<T>) => fc.oneof({ weight: 5, arbitrary: value }, { weight: 1, arbitrary: text });
const columns: Readonly<Record<string, fc.Arbitrary<unknown>>> = {
  short: text,
  code: text,
  lower: text,
  amount: given(number),
  share: given(number),
  exact: given(fc.oneof(longDigits, number)),
  ratio: given(number),
  real: given(number),
  double: given(number),
  small: given(fc.oneof(fc.integer({ min: -40_000, max: 40_000 }), digits)),
  whole: given(fc.oneof(fc.maxSafeInteger(), digits)),
  long: given(longDigits),
  uuid: given(hex),
  day: given(day),
  time: given(clock),
  second: given(instant),
  hundredth: given(instant),
  at: given(instant),
  local: given(instant),
  flag: fc.constantFrom('true', 'false', true, false, 'yes'),
  state: fc.constantFrom('new', 'old', 'NEW'),
  lasting: fc.constantFrom('1 day', '24:00:00', '90 minutes', 'P1DT2H', 'long'),
  address: fc.constantFrom('127.0.0.1', '::1', '0:0:0:0:0:0:0:1', '10.0.0.0/8', 'nowhere'),
};

/** Few of the properties each, for the more there are the more records are rejected. */
const record = fc
  .subarray(Object.keys(columns), { maxLength: 3 })
  .chain((names) => fc.record({ id: hex, ...Object.fromEntries(names.map((name) => [name, columns[name] as never])) }));

forEachEngineThoroughly((makePlace) => {
  test.each(['reject', 'update'] as const)(
    'a second load of the same file changes nothing (%s)',
    async (onConflict) => {
      const samples = await ownEntity(await makePlace(), declaration);
      await fc.assert(
        fc.asyncProperty(fc.array(record, { maxLength: 40, size: 'max' }), async (file) => {
          const first = countsOf(await samples.load(file, { onConflict, batchRecords: 7 }))['samples'];
          const second = countsOf(await samples.load(file, { onConflict, batchRecords: 5 }))['samples'];
          const { read = 0, rejected = 0 } = first ?? {};
          expect(second).toEqual({ read, inserted: 0, updated: 0, unchanged: read - rejected, rejected });
        }),
        { numRuns: depth(3, 30) },
      );
    },
  );
});
