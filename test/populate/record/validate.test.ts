/** From a raw record to an entity, or to all that is wrong with it, where the entity is not one of the catalog's. */
import { describe, expect, test } from '@jest/globals';
import type { EntityMetadata } from '@mikro-orm/core';
import { Entity, PrimaryKey, Property } from '@mikro-orm/decorators/legacy';
import { IsNotEmpty, Max, MaxLength, Min, Validate, ValidateBy, ValidatorConstraint } from 'class-validator';
import fc from 'fast-check';
import { FieldRecord } from '../../../src/populate/read/field-record.ts';
import type { RawRecord } from '../../../src/populate/read/source.ts';
import { Columns } from '../../../src/populate/record/columns.ts';
import { shapeOf } from '../../../src/populate/record/shape.ts';
import { validate } from '../../../src/populate/record/validate.ts';
import { MeridianError } from '../../../src/shared/errors.ts';
import { products, users } from '../../../src/shop/catalog.ts';
import { depth } from '../../support/depth.ts';
import { errorsOf, metadataIn, metadataOf, validatorOf } from '../../support/metadata.ts';

@Entity()
class Visit {
  @PrimaryKey({ type: 'text' })
  code!: string;

  @Property({ type: 'integer' })
  count!: number;

  @Property({ type: 'datetime', nullable: true })
  at: Date | null = null;

  @Property({ type: 'boolean', default: true })
  open: boolean = true;

  @Property({ type: 'text', onCreate: () => 'made' })
  @MaxLength(5, { message: 'Kind can have at most 5 characters' })
  kind: string = 'made';

  @Property({ persist: false, type: 'text' })
  shown?: string;
}

const validateVisit = validatorOf(metadataOf(Visit));
const validateUser = validatorOf(metadataIn(users));
const user = { id: '1', name: 'Ada', email: 'ada@example.com' };

test('a text that means no value is shown where a value has to be', () => {
  const shape = shapeOf(metadataOf(Visit), undefined, [], { nulls: ['NA'] });
  const validated = validate(shape, new Columns(shape), { number: 1, line: 2, record: { code: 'A', count: 'NA' } });
  expect(validated).toMatchObject({
    errors: [{ property: 'count', message: 'count cannot be empty, but is "NA", which stands for no value' }],
  });
});

describe('shapeOf', () => {
  test('has what a load needs', () => {
    const shape = shapeOf(metadataOf(Visit));
    expect(shape).toMatchObject({ entity: Visit, noun: 'visit', primaryKey: { properties: ['code'] } });
    expect(shape.properties.map(({ name, nullable, required }) => [name, nullable, required])).toEqual([
      ['code', false, true],
      ['count', false, true],
      ['at', true, false],
      ['open', false, false],
      ['kind', false, false],
    ]);
  });

  test('the primary key can be several properties', () => {
    @Entity()
    class Seat {
      @PrimaryKey({ type: 'integer' })
      row!: number;

      @PrimaryKey({ type: 'integer' })
      place!: number;
    }
    expect(shapeOf(metadataOf(Seat)).primaryKey.properties).toEqual(['row', 'place']);
  });

  test('refuses an entity without a primary key, as that of a view', () => {
    expect(() => shapeOf({ ...metadataOf(Visit), primaryKeys: [] } as unknown as EntityMetadata)).toThrow(
      expect.objectContaining({
        code: 'usage',
        message: 'Visit has no primary key, so no record can name its row.',
      }),
    );
  });

  test('refuses a rule that answers later', () => {
    @ValidatorConstraint({ name: 'isFree', async: true })
    class IsFree {
      async validate(): Promise<boolean> {
        return true;
      }
    }
    @Entity()
    class Booking {
      @PrimaryKey({ type: 'integer' })
      @Validate(IsFree)
      id!: number;
    }
    expect(() => shapeOf(metadataOf(Booking))).toThrow(
      expect.objectContaining({
        code: 'usage',
        message: expect.stringMatching(
          /^Booking has an asynchronous rule \(id: .+\); records are validated synchronously\.$/,
        ),
      }),
    );
  });

  test.each([
    ['true', async () => true],
    ['false', async () => false],
  ])('or the record is refused: a rule that gives a promise of %s is never passed over', (_what, answer) => {
    @Entity()
    class Ticket {
      @PrimaryKey({ type: 'integer' })
      @ValidateBy({ name: 'isFree', validator: { validate: answer as never } })
      id!: number;
    }
    const outcome = () => {
      try {
        return errorsOf(validatorOf(metadataOf(Ticket))({ id: 1 })).length > 0 ? 'rejected' : 'accepted';
      } catch (error) {
        return error instanceof MeridianError ? error.code : error;
      }
    };
    expect(['usage', 'rejected']).toContain(outcome());
  });

  test('refuses a type that cannot be read from a file', () => {
    @Entity()
    class Document {
      @PrimaryKey({ type: 'integer' })
      id!: number;

      @Property({ type: 'object', columnType: 'tsvector', runtimeType: 'Words' })
      body!: object;
    }
    expect(() => shapeOf(metadataOf(Document))).toThrow(
      expect.objectContaining({ code: 'usage', message: expect.stringContaining('Document.body is of type unknown') }),
    );
  });
});

describe('what is no record', () => {
  test('is one error, and without an id', () => {
    const shape = shapeOf(metadataIn(users));
    const raw = { number: 1, line: 2, record: null, problem: 'The record is not a JSON object' };
    expect(validate(shape, new Columns(shape), raw)).toEqual({
      errors: [{ property: null, code: 'parse', message: 'The record is not a JSON object' }],
      id: undefined,
    });
  });

  test('is a record with two columns for one property', () => {
    expect(validateUser({ ...user, 'E-Mail': 'x@example.com', e_mail: 'y@example.com' })).toMatchObject({
      entity: { email: 'ada@example.com' },
    });
    const { email: _, ...rest } = user;
    expect(validateUser({ ...rest, 'E-Mail': 'x@example.com', e_mail: 'y@example.com' })).toEqual({
      errors: [{ property: null, code: 'parse', message: 'Columns "E-Mail" and "e_mail" both fit email' }],
      id: undefined,
    });
  });
});

describe('text that not every database can hold', () => {
  test.each([
    ['NUL', 'A\0da', 'name holds a NUL character'],
    ['the first half of a surrogate pair', 'Ada\ud83d', 'name holds half of a surrogate pair'],
    ['the second half of a surrogate pair', '\ude00Ada', 'name holds half of a surrogate pair'],
    ['halves in the wrong order', '\ude00\ud83d', 'name holds half of a surrogate pair'],
  ])('%s', (_what, name, message) => {
    expect(errorsOf(validateUser({ ...user, name }))).toEqual([{ property: 'name', code: 'parse', message }]);
  });

  test('is reported beside the errors of other properties', () => {
    expect(errorsOf(validateUser({ id: 'x', name: 'A\0', email: 'ada' }))).toEqual([
      { property: 'email', code: 'isEmail', message: 'Email must be a valid address' },
      { property: 'id', code: 'isInt', message: 'Id must be a whole number up to 9007199254740991' },
      { property: 'name', code: 'parse', message: 'name holds a NUL character' },
    ]);
  });

  test('a whole surrogate pair is text', () => {
    expect(errorsOf(validateUser({ ...user, name: '\ud83d\ude00' }))).toEqual([]);
  });
});

describe('properties without rules', () => {
  const valid = { code: 'a', count: '3' };

  test('are typed, and what is not given is left to the row', () => {
    const validated = validateVisit({ ...valid, at: '2024-02-29T12:00:00Z' });
    expect('entity' in validated && { ...validated.entity }).toMatchObject({
      code: 'a',
      count: 3,
      at: new Date('2024-02-29T12:00:00Z'),
      open: undefined,
      kind: undefined,
    });
  });

  test.each<[string, unknown, string]>([
    ['count', 'many', 'count is not a whole number up to 9007199254740991, but "many"'],
    ['count', 1.5, 'count is not a whole number up to 9007199254740991, but 1.5'],
    [
      'at',
      '2024-02-31T12:00:00Z',
      'at is not an ISO 8601 date and time with a zone, to the millisecond, but "2024-02-31T12:00:00Z"',
    ],
    [
      'at',
      '2024-02-29 12:00:00.123456+00',
      'at is not an ISO 8601 date and time with a zone, to the millisecond, but "2024-02-29 12:00:00.123456+00"',
    ],
    [
      'count',
      '3\u200b',
      'count is not a whole number up to 9007199254740991, but "3\\u200b" (it holds the invisible character U+200B)',
    ],
    [
      'count',
      '3\u00a04',
      'count is not a whole number up to 9007199254740991, but "3\\u00a04" (it holds the invisible character U+00A0)',
    ],
    ['code', 'x'.repeat(4 * 1024 * 1024 + 1), 'code has more than 4,194,304 characters'],
    ['code', 'é'.repeat(4 * 1024 * 1024 + 1), 'code has more than 4,194,304 characters'],
    ['open', 'yes', 'open is not true or false, but "yes"'],
    ['code', 5, 'code is not text, but 5'],
    ['code', [], 'code is not text, but []'],
  ])('%s must not be %p', (property, value, message) => {
    expect(errorsOf(validateVisit({ ...valid, [property]: value }))).toEqual([{ property, code: 'parse', message }]);
  });

  test('what is no number is neither too large nor too small', () => {
    @Entity()
    class Reading {
      @PrimaryKey({ type: 'integer', autoincrement: false })
      id!: number;

      @Property({ type: 'float' })
      @Min(0)
      @Max(1)
      quality!: number;

      @Property({ type: 'float' })
      @Max(1, { message: 'Level can be at most 1' })
      level!: number;
    }
    const validateReading = validatorOf(metadataOf(Reading));
    const messages = (quality: unknown, level: unknown) =>
      errorsOf(validateReading({ id: 1, quality, level })).map(({ message }) => message);
    expect(messages('1e400', '0.5')).toEqual(['quality is not a decimal number, but "1e400"']);
    expect(messages('NaN', '0.5')).toEqual(['quality is not a decimal number, but "NaN"']);
    expect(messages('2', '0.5')).toEqual(['quality must not be greater than 1, but is 2']);
    // the words of an entity stay
    expect(messages('1', '1e400')).toEqual(['Level can be at most 1']);
  });

  test('several misfits are all reported', () => {
    expect(errorsOf(validateVisit({ code: true, count: 'x', at: 'y' })).map(({ property }) => property)).toEqual([
      'at',
      'code',
      'count',
    ]);
  });

  test.each<[string, object]>([
    ['has no column', {}],
    ['is empty', { count: '' }],
    ['is blank', { count: '  ' }],
    ['is null', { count: null }],
  ])('a required one is rejected when it %s', (_what, given) => {
    expect(errorsOf(validateVisit({ code: 'a', ...given })).map(({ property }) => property)).toEqual(['count']);
  });

  test.each<[string, object]>([
    ['is empty', { open: '' }],
    ['is null', { open: null }],
  ])('one with a default never becomes nothing when it %s', (_what, given) => {
    const validated = validateVisit({ ...valid, ...given });
    const open = 'entity' in validated ? validated.entity['open'] : 'rejected';
    expect([undefined, 'rejected']).toContain(open);
  });

  test('a rule goes before the type', () => {
    expect(errorsOf(validateVisit({ ...valid, kind: 7 }))).toEqual([
      { property: 'kind', code: 'maxLength', message: 'Kind can have at most 5 characters' },
    ]);
  });

  test('what the entity does not keep is not read', () => {
    const validated = validateVisit({ ...valid, shown: 'x' });
    expect('entity' in validated && Object.hasOwn(validated.entity, 'shown')).toBe(false);
  });
});

test('text may have 4,194,304 characters', () => {
  const code = '😀'.repeat(2 * 1024 * 1024);
  expect(validateVisit({ code, count: 1 })).toMatchObject({ entity: { code } });
  expect(validateVisit({ code: 'x'.repeat(4 * 1024 * 1024), count: 1 })).toHaveProperty('entity');
});

test('an object around the records is recognised', () => {
  expect(validateUser({ total: 2, data: [{ id: 1 }, { id: 2 }] })).toEqual({
    errors: [
      {
        property: null,
        code: 'parse',
        message:
          'No key of the record is a property of User, and "data" holds a list: if the records are in that list, take it out of the file first',
      },
    ],
    id: undefined,
  });
  expect(errorsOf(validateUser({ total: 2, tags: ['a'] })).map(({ property }) => property)).toEqual([
    'email',
    'id',
    'name',
  ]);
  expect(errorsOf(validateUser({ id: 1, orders: [{ id: 1 }] })).map(({ property }) => property)).toEqual([
    'email',
    'name',
  ]);
});

test('a long invalid id is shortened where it is reported', () => {
  expect(validateUser({ ...user, id: 'x'.repeat(1000) })).toMatchObject({ id: `${'x'.repeat(60)}…` });
});

test('white space around text is no part of it, within text it is', () => {
  expect(validateUser({ id: '\t1 ', name: '\u00a0Ada  Lovelace\r\n', email: ' ada@example.com\ufeff' })).toEqual({
    entity: { id: 1, name: 'Ada  Lovelace', email: 'ada@example.com' },
  });
});

test.each(['__proto__', 'constructor', 'toString'])('a column named %s is harmless', (name) => {
  const record = JSON.parse(`{"id":1,"name":"Ada","email":"ada@example.com","${name}":{"id":2,"polluted":true}}`);
  expect(validateUser(record)).toEqual({ entity: { ...user, id: 1 } });
  expect(({} as Record<string, unknown>)['polluted']).toBeUndefined();
});

test('the id of a rejected record is reported, as far as it could be read', () => {
  expect(validateUser({ ...user, id: '7', name: '' })).toMatchObject({ id: 7 });
  expect(validateUser({ ...user, id: '12abc' })).toMatchObject({ id: '12abc' });
  expect(validateUser({ name: 'Ada', email: 'ada@example.com' })).toMatchObject({ id: undefined });
});

test('a rule that compares properties sees typed values', () => {
  const IsAfter = () =>
    ValidateBy({
      name: 'isAfter',
      validator: {
        validate: (value, rule) => rule !== undefined && value > (rule.object as Span).from,
        defaultMessage: () => 'To must be after from',
      },
    });
  @Entity()
  class Span {
    @PrimaryKey({ type: 'integer' })
    @IsNotEmpty()
    from!: number;

    @Property({ type: 'integer' })
    @IsAfter()
    to!: number;
  }
  const validateSpan = validatorOf(metadataOf(Span));
  expect(errorsOf(validateSpan({ from: '9', to: '10' }))).toEqual([]);
  expect(errorsOf(validateSpan({ from: '10', to: '9' }))).toEqual([
    { property: 'to', code: 'isAfter', message: 'To must be after from' },
  ]);
});

describe('a row', () => {
  const shape = shapeOf(metadataIn(products));
  const cell = fc.oneof(
    fc.constantFrom(
      ...['', ' ', '1', ' 7 ', '-1', '1.5', '007', '9007199254740993', '5', '5.00', '+5', '12.345', 'Nail'],
    ),
    fc.constantFrom(...['A\0', '\ud83d', '😀', 'n'.repeat(101), '\u00a0x', 'é', 'null', '1e3']),
    fc.string({ unit: 'binary', maxLength: 5 }),
  );
  const columns = fc.uniqueArray(fc.constantFrom('id', 'sku', 'name', 'price', 'Price', 'note', '7'), { minLength: 1 });

  test('becomes what the same record becomes when it is an object', () => {
    fc.assert(
      fc.property(columns, fc.array(cell, { minLength: 7, maxLength: 7 }), (names, cells) => {
        const row = new FieldRecord(3, 4, names, cells.slice(0, names.length));
        const object: RawRecord = { number: 3, line: 4, record: { ...row.record } };
        expect(validate(shape, new Columns(shape), row)).toEqual(validate(shape, new Columns(shape), object));
      }),
      { numRuns: depth(200, 2000) },
    );
  });

  test('that is valid becomes an instance of its class, with its methods, and complete when its rules are asked', () => {
    const seen: unknown[] = [];
    @Entity()
    class Part {
      @PrimaryKey({ type: 'integer' })
      id!: number;

      @Property({ type: 'text', nullable: true })
      @ValidateBy({
        name: 'isSeen',
        validator: {
          validate(_value, rule) {
            const part = rule?.object as Part;
            seen.push(part instanceof Part, String(part), JSON.stringify(part), rule?.targetName);
            return true;
          },
        },
      })
      name: string | null = 'unnamed';

      toString(): string {
        return `part ${this.id}, ${this.name}`;
      }
    }
    const parts = shapeOf(metadataOf(Part));
    const validated = validate(parts, new Columns(parts), new FieldRecord(1, 2, ['name', 'id'], ['Nut', '5']));
    expect(seen).toEqual([true, 'part 5, Nut', '{"id":5,"name":"Nut"}', 'Part']);
    expect('entity' in validated && validated.entity).toBeInstanceOf(Part);
  });
});
