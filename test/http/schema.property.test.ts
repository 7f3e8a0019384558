/** The schema of a record accepts what the rules accept, and refuses what they refuse, as far as a schema can express it. */
import { expect, test } from '@jest/globals';
import { Entity, Enum, PrimaryKey, Property } from '@mikro-orm/decorators/legacy';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { IsInt, IsOptional, Length, Matches, Max, Min } from 'class-validator';
import fc from 'fast-check';
import { Database } from '../../src/database/database.ts';
import type { DatabaseDeclaration } from '../../src/database/declaration.ts';
import { canonicalUuid } from '../../src/database/stored-values.ts';
import { loadedRecord } from '../../src/http/entities/json-texts.ts';
import { readRecord } from '../../src/http/entities/record-body.ts';
import { resourceOf } from '../../src/http/entities/resource.ts';
import { entityOf } from '../../src/http/entities/validated.ts';
import { Problem } from '../../src/http/problem.ts';
import { recordSchema } from '../../src/http/schema/entity-schema.ts';
import { catalog } from '../../src/shop/catalog.ts';
import { depth } from '../support/depth.ts';

@Entity({ tableName: 'things' })
class Thing {
  @PrimaryKey({ type: 'integer', autoincrement: false })
  id!: number;

  @Property({ type: 'bigint' })
  long!: string;

  @Property({ type: 'smallint' })
  @IsInt()
  @Min(-5)
  @Max(5)
  small!: number;

  @Property({ type: 'string', length: 3, nullable: true })
  code!: string | null;

  @Property({ type: 'text' })
  @Length(2, 4)
  @Matches(/^[a-z ]+$/)
  word!: string;

  @Property({ type: 'decimal', precision: 5, scale: 2 })
  amount!: string;

  @Property({ type: 'boolean', default: false })
  flag!: boolean;

  @Property({ type: 'uuid', nullable: true })
  uuid!: string | null;

  @Property({ type: 'date', nullable: true })
  day!: string | null;

  @Property({ type: 'time', nullable: true })
  time!: string | null;

  @Property({ type: 'datetime', nullable: true })
  at!: Date | null;

  @Property({ type: 'double', nullable: true })
  @IsOptional()
  @Min(0)
  share!: number | null;

  @Property({ type: 'json', nullable: true })
  data!: unknown;

  @Property({ type: 'blob', nullable: true })
  bytes!: Buffer | null;

  @Enum({ items: () => ['red', 'blue'], nullable: true })
  colour!: string | null;
}

const things: DatabaseDeclaration = { name: 'things', entities: [{ name: 'thing', entity: Thing }] };

const ANY = fc.oneof(
  fc.constantFrom<unknown>(
    null,
    '',
    ' ',
    true,
    'true',
    0,
    1,
    -1,
    5,
    6,
    1.5,
    40_000,
    3_000_000_000,
    '1',
    ' 1 ',
    '-1',
    '1.50',
    '1.234',
  ),
  fc.constantFrom<unknown>(
    '12345.6',
    '9007199254740993',
    'ab',
    'abc',
    'abcd',
    'abcde',
    'a b',
    'red',
    'green',
    'confirmed',
    'x@y.de',
    'x',
  ),
  fc.constantFrom<unknown>(
    '2026-01-31',
    '2026-01-31T00:00:00Z',
    '10:30',
    '25:00:00',
    'aGVsbG8=',
    '1.50',
    'a\u0000b',
    '10.00',
  ),
  fc.constantFrom<unknown>('a0a0a0a0-0000-4000-8000-00000000000a', 'A0A0A0A000004000800000000000000A', [], {}, [1], {
    a: 1,
  }),
  fc.string({ maxLength: 5 }),
  fc.integer(),
);

/** Values that keep all rules, so that most records fail in few properties or none. */
const GOOD: Readonly<Record<string, Readonly<Record<string, unknown>>>> = {
  user: { id: 1, name: 'Alice', email: 'alice@example.com' },
  product: { id: 1, name: 'Pen', price: '1.50' },
  order: { id: 1, userId: 1, productId: 1, quantity: 1 },
  thing: { id: 1, long: '1', small: 1, word: 'abc', amount: '1.50' },
};

/** Rules that JSON Schema has no keyword for, or whose keyword judges numbers where the record has text. */
const INEXPRESSIBLE =
  /^(isEmail|isVisible|isDecimal|isPositive|max|min|isInt|isRFC3339|matches|isLength|isNotEmpty|isString|column|parse)$/;

const cases = [...catalog, things].map(({ name, entities }) => [name, entities[0]?.name ?? ''] as const);

test.each(cases)('%s.%s', async (database, entity) => {
  const declaration = [...catalog, things].find(({ name }) => name === database) as DatabaseDeclaration;
  const opened = await Database.unconnected(declaration, { location: { engine: 'sqlite', file: ':memory:' } });
  const resource = resourceOf(opened, entity);
  const schema = recordSchema(resource.table, resource.shape);
  const accepts = new Ajv2020({ strict: false, validateFormats: false, unicodeRegExp: true }).compile(schema);
  const good = GOOD[entity] ?? {};
  const names = [...resource.shape.properties.map(({ name }) => name), 'other'];
  const changes = fc.array(fc.tuple(fc.constantFrom(...names), fc.option(ANY, { nil: undefined })), { maxLength: 3 });
  const refusalOf = (text: string): Problem | undefined => {
    try {
      const { record, numbers } = readRecord(text);
      entityOf(resource, loadedRecord(resource, record, numbers));
      return undefined;
    } catch (error) {
      if (error instanceof Problem) {
        return error;
      }
      throw error;
    }
  };
  expect(accepts(good)).toBe(true);
  fc.assert(
    fc.property(changes, (changed) => {
      const text = JSON.stringify({ ...good, ...Object.fromEntries(changed) });
      const refusal = refusalOf(text);
      // a record is read without the white space around its texts, and its schema describes it so
      const isAccepted = accepts(JSON.parse(text, (_, value) => (typeof value === 'string' ? value.trim() : value)));
      if (refusal === undefined) {
        expect([text, isAccepted, accepts.errors]).toEqual([text, true, null]);
      } else if (isAccepted) {
        const codes = (refusal.errors ?? []).map(({ code }) => code);
        expect([text, codes.filter((code) => !INEXPRESSIBLE.test(code))]).toEqual([text, []]);
        // a number is judged by the schema as by the rules
        const wrong = (refusal.errors ?? []).map(({ property }) => JSON.parse(text)[property ?? '']);
        expect([text, wrong.filter((value) => typeof value === 'number' && Number.isInteger(value))]).toEqual([
          text,
          [],
        ]);
      }
    }),
    { numRuns: depth(400, 5000) },
  );
});

test('the pattern of a UUID accepts the spellings that are read', async () => {
  const opened = await Database.unconnected(things, { location: { engine: 'sqlite', file: ':memory:' } });
  const { table, shape } = resourceOf(opened, 'thing');
  const accepts = new Ajv2020({ strict: false, unicodeRegExp: true }).compile(recordSchema(table, shape));
  const hyphens = fc.array(fc.constantFrom('', '-'), { minLength: 4, maxLength: 4 });
  const spelled = fc
    .tuple(fc.constantFrom('', '{'), fc.uuid(), hyphens, fc.constantFrom('', '}'))
    .map(([open, uuid, between, close]) => {
      const parts = uuid.split('-').map((part, index) => part + (between[index] ?? ''));
      return open + parts.join('') + close;
    });
  fc.assert(
    fc.property(spelled, (uuid) => {
      expect([uuid, accepts({ ...GOOD['thing'], uuid })]).toEqual([uuid, canonicalUuid(uuid) !== undefined]);
    }),
  );
});
