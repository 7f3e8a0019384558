/** Values that a column cannot hold are rejected before they are sent to the database, with the same message on every engine. */
import { expect, test } from '@jest/globals';
import { BigIntType, DecimalType } from '@mikro-orm/core';
import { Entity, Enum, ManyToOne, PrimaryKey, Property, Unique } from '@mikro-orm/decorators/legacy';
import { IsOptional, MaxLength } from 'class-validator';
import { shapeOf } from '../../../src/populate/record/shape.ts';
import { countsOf } from '../../support/databases.ts';
import { forEachEngine } from '../../support/engines.ts';
import { metadataOf } from '../../support/metadata.ts';
import { ownEntity } from '../../support/own-entity.ts';

const optional = { nullable: true } as const;

@Entity({ tableName: 'things' })
@Unique({ properties: ['shelf', 'place'] })
class Thing {
  @PrimaryKey({ type: 'integer', autoincrement: false })
  id!: number;

  @Property({ type: 'string', ...optional })
  name!: string | null;

  @Property({ type: 'string', length: 3, ...optional })
  @IsOptional()
  @MaxLength(5, { message: 'Tag can have at most 5 characters' })
  tag!: string | null;

  @Property({ type: 'string', columnType: 'varchar(4)', ...optional })
  brief!: string | null;

  @Property({ type: 'character', length: 5, ...optional })
  code!: string | null;

  @Property({ type: 'decimal', precision: 10, scale: 2, ...optional })
  amount!: string | null;

  @Property({ type: new DecimalType('number'), precision: 10, scale: 2, ...optional })
  share!: number | null;

  @Property({ type: 'smallint', ...optional })
  small!: number | null;

  @Property({ type: new BigIntType('string'), ...optional })
  long!: string | null;

  @Property({ type: 'float', ...optional })
  ratio!: number | null;

  @Property({ type: 'uuid', ...optional })
  uuid!: string | null;

  @Property({ type: 'date', ...optional })
  day!: string | null;

  @Property({ type: 'time', ...optional })
  time!: string | null;

  @Property({ type: 'datetime', ...optional })
  at!: Date | null;

  @Enum({ items: ['new', 'old'], ...optional })
  state!: string | null;

  @Enum({ items: [1, 2], ...optional })
  grade!: number | null;

  @Property({ type: 'text', default: 'A' })
  shelf!: string;

  @Property({ type: 'decimal', precision: 4, scale: 1, ...optional })
  place!: string | null;
}

const REJECTED: readonly (readonly [property: string, value: unknown, message: string, code?: string])[] = [
  ['name', 'x'.repeat(256), `name can have at most 255 characters, but is "${'x'.repeat(60)}…"`],
  ['tag', 'abcd', 'tag can have at most 3 characters, but is "abcd"'],
  // the rule of the entity says enough
  ['tag', 'abcdef', 'Tag can have at most 5 characters', 'maxLength'],
  ['brief', 'abcde', 'brief can have at most 4 characters, but is "abcde"'],
  ['code', '😀😀😀😀😀😀', 'code can have at most 5 characters, but is "😀😀😀😀😀😀"'],
  ['amount', '1.999', 'amount can have at most 2 decimals, but is "1.999"'],
  ['amount', '123456789', 'amount can have at most 8 digits before its decimal point, but is "123456789"'],
  ['amount', '1e3', 'amount is not a decimal number, but "1e3"', 'parse'],
  ['amount', 1.999, 'amount can have at most 2 decimals, but is 1.999'],
  ['share', '1.999', 'share can have at most 2 decimals, but is "1.999"'],
  [
    'share',
    '0.1234567890123456789',
    'share is not a decimal number that JavaScript can hold exactly, but "0.1234567890123456789"',
    'parse',
  ],
  ['small', '32768', 'small must be a whole number from -32768 to 32767, but is "32768"'],
  ['small', 1.5, 'small is not a whole number up to 9007199254740991, but 1.5', 'parse'],
  [
    'long',
    '9223372036854775808',
    'long must be a whole number from -9223372036854775808 to 9223372036854775807, but is "9223372036854775808"',
  ],
  ['long', '1.0', 'long is not a whole number, but "1.0"', 'parse'],
  ['ratio', '1'.repeat(40), `ratio is beyond what a 32-bit number can hold: "${'1'.repeat(40)}"`],
  [
    'uuid',
    '6f9619ff-8b86-d011-b42d-00c04fc964f',
    'uuid is not a UUID, but "6f9619ff-8b86-d011-b42d-00c04fc964f"',
    'parse',
  ],
  ['day', '2026-02-30', 'day is not a date such as 2026-01-31, but "2026-02-30"', 'parse'],
  ['day', '0000-01-01', 'day must be in the years 1 to 9999, but is "0000-01-01"'],
  ['time', '25:00', 'time is not a time of day such as 18:30:00, but "25:00"', 'parse'],
  ['time', '03:04:05.5', 'time can have no fraction of a second, but is "03:04:05.5"'],
  ['at', '9999-12-31T23:59:59-01:00', 'at must be in the years 1 to 9999, but is "9999-12-31T23:59:59-01:00"'],
  ['state', 'NEW', 'state must be one of new, old, but is "NEW"'],
  ['grade', '3', 'grade must be one of 1, 2, but is "3"'],
];

const ACCEPTED: readonly (readonly [property: string, value: unknown])[] = [
  ['name', 'x'.repeat(255)],
  ['tag', 'a😀c'],
  ['code', 'ab'],
  ['amount', '12345678.90'],
  ['amount', 0.1],
  ['share', '0.10'],
  ['small', '-32768'],
  ['long', '9007199254740991'],
  ['ratio', '123456.789'],
  ['uuid', '{6F9619FF8B86D011B42D00C04FC964FF}'],
  ['day', '0001-01-01'],
  ['time', '03:04'],
  ['at', '9999-12-31T23:59:59Z'],
  ['state', 'new'],
  ['grade', '2'],
];

forEachEngine((makePlace) => {
  test('a value that does not fit costs its record and no other', async () => {
    const own = await ownEntity(await makePlace(), { name: 'things', entity: Thing });
    const records = [...REJECTED, ...ACCEPTED].map(([property, value], index) => ({
      id: index + 1,
      [property]: value,
    }));
    const report = await own.load(records);
    const { details = [], refused, failure } = report.databases['things'] ?? {};
    // the database has not been asked
    expect([failure, refused]).toEqual([undefined, undefined]);
    expect(details.slice(0, REJECTED.length).map(({ errors }) => errors)).toEqual(
      REJECTED.map(([property, , message, code = 'column']) => [{ property, code, message }]),
    );
    expect(countsOf(report)['things']).toMatchObject({ inserted: ACCEPTED.length, rejected: REJECTED.length });
    const again = await own.load(records, { onConflict: 'update' });
    expect(countsOf(again)['things']).toMatchObject({ unchanged: ACCEPTED.length, rejected: REJECTED.length });
  });

  test('a unique index of the entity is looked up, by what its columns store', async () => {
    const own = await ownEntity(await makePlace(), { name: 'things', entity: Thing });
    await own.load([{ id: 1, shelf: 'B', place: '1.5' }]);
    const report = await own.load([
      { id: 2, shelf: 'B', place: '1.50' },
      { id: 3, shelf: 'C', place: '2' },
      { id: 4, shelf: 'C', place: '2.0' },
      { id: 5, shelf: 'C', place: '' },
      { id: 6, shelf: 'C' },
    ]);
    expect(report.databases['things']?.refused).toBeUndefined();
    expect(report.databases['things']?.details?.map(({ errors }) => errors.map(({ message }) => message))).toEqual([
      ['Shelf and place B, 1.5 belong to thing 1'],
      [],
      ['Shelf and place C, 2.0 belong to thing 3'],
      [],
      [],
    ]);
  });

  test('a primary key is one key however it is spelled', async () => {
    @Entity({ tableName: 'tokens' })
    class Token {
      @PrimaryKey({ type: 'uuid' })
      id!: string;
    }
    const own = await ownEntity(await makePlace(), { name: 'tokens', entity: Token });
    const id = '6f9619ff-8b86-d011-b42d-00c04fc964ff';
    const first = await own.load([{ id: id.toUpperCase() }, { id: `{${id}}` }]);
    expect(countsOf(first)['tokens']).toMatchObject({ inserted: 1, rejected: 1 });
    expect(countsOf(await own.load([{ id: id.replaceAll('-', '') }]))['tokens']).toMatchObject({ unchanged: 1 });
    expect(await own.place.rowsOf('tokens')).toEqual([{ id }]);
  });
});

test('an entity that no file can fill is refused before anything is loaded', () => {
  @Entity()
  class Owner {
    @PrimaryKey({ type: 'integer' })
    id!: number;
  }
  @Entity()
  class Firm {
    @PrimaryKey({ type: 'integer' })
    id!: number;
  }
  @Entity()
  class Car {
    @PrimaryKey({ type: 'integer' })
    id!: number;

    @ManyToOne({ entity: () => [Owner, Firm] })
    owner!: Owner | Firm;
  }
  expect(() => shapeOf(metadataOf(Car, Owner, Firm))).toThrow(
    'Car.owner is a relation to several entities that cannot be null, and a file cannot say which entity a key belongs to.',
  );
});
