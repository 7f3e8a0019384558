/** What a column holds is read from its declaration, and from an entity alike on every engine. */
import { expect, test } from '@jest/globals';
import { BigIntType, DecimalType } from '@mikro-orm/core';
import { Entity, Enum, PrimaryKey, Property } from '@mikro-orm/decorators/legacy';
import { type ColumnType, columnTypeOf, parseColumnType } from '../../src/database/column-types.ts';
import { Database } from '../../src/database/database.ts';
import { withOneEntity } from '../../src/database/declaration.ts';
import type { DatabaseLocation } from '../../src/database/location.ts';
import { AmountType } from '../../src/shared/money/amount.type.ts';
import { forEachEngine } from '../support/engines.ts';
import { onlyTable } from '../support/only-table.ts';

const text = (maxLength?: number, isPadded = false): ColumnType => ({ kind: 'text', maxLength, isPadded });

test.each<[string, ColumnType]>([
  ['text', text()],
  ['VARCHAR(20)', text(20)],
  ['character varying(7)', text(7)],
  ['varchar', text()],
  ['char(5)', text(5, true)],
  ['character', text(1, true)],
  ['bpchar', text(undefined, true)],
  ['smallint', { kind: 'whole', bits: 16 }],
  ['serial', { kind: 'whole', bits: 32 }],
  ['int8', { kind: 'whole', bits: 64 }],
  ['numeric', { kind: 'decimal', precision: undefined, scale: undefined }],
  ['numeric(10)', { kind: 'decimal', precision: 10, scale: 0 }],
  ['decimal(10, 2)', { kind: 'decimal', precision: 10, scale: 2 }],
  ['real', { kind: 'float', isSingle: true }],
  ['double precision', { kind: 'float', isSingle: false }],
  ['timestamp(3) with time zone', { kind: 'instant', precision: 3 }],
  ['timestamp without time zone', { kind: 'instant', precision: 6 }],
  ['timestamptz(0)', { kind: 'instant', precision: 0 }],
  ['time(0) without time zone', { kind: 'time', precision: 0 }],
  ['time with time zone', { kind: 'other', name: 'time with time zone' }],
  ['citext', { kind: 'other', name: 'citext' }],
  ['text[]', { kind: 'array', element: text() }],
  ['varchar(20)[]', { kind: 'array', element: text(20) }],
  ['jsonb', { kind: 'json' }],
  ['bytea', { kind: 'bytes' }],
  ['BLOB', { kind: 'bytes' }],
  ['', { kind: 'other', name: '' }],
])('%p', (declaration, type) => {
  expect(parseColumnType(declaration)).toEqual(type);
});

@Entity()
class Sample {
  @PrimaryKey({ type: 'uuid' })
  id!: string;

  @Property({ type: 'string' })
  name!: string;

  @Property({ type: 'string', columnType: 'text' })
  note!: string;

  @Property({ type: 'character', length: 3 })
  code!: string;

  @Property({ type: 'tinyint' })
  tiny!: number;

  @Property({ type: 'integer' })
  whole!: number;

  @Property({ type: new BigIntType('string') })
  long!: string;

  @Property({ type: new DecimalType('number'), precision: 8, scale: 3 })
  share!: number;

  @Property({ type: 'float' })
  ratio!: number;

  @Property({ type: 'datetime', length: 0 })
  at!: Date;

  @Property({ type: AmountType })
  price!: string;

  @Enum({ items: ['a', 'b'] })
  state!: string;

  @Property({ type: 'string', columnType: 'inet' })
  address!: string;
}

forEachEngine((makePlace) => {
  test('the columns of an entity', async () => {
    const place = await makePlace();
    const { location }: { location: DatabaseLocation } = place.options('samples');
    const { metadata } = onlyTable(
      await Database.unconnected(withOneEntity({ name: 'samples', entity: Sample }), { location }),
    );
    const types = metadata.props.map((property) => [property.name, columnTypeOf(metadata, property)]);
    expect(Object.fromEntries(types)).toEqual({
      id: { kind: 'uuid' },
      name: text(255),
      note: text(),
      code: text(3, true),
      tiny: { kind: 'whole', bits: 16 },
      // wider than PostgreSQL's own, for ids go up to 2^53 - 1
      whole: { kind: 'whole', bits: 64 },
      long: { kind: 'whole', bits: 64 },
      share: { kind: 'decimal', precision: 8, scale: 3 },
      ratio: { kind: 'float', isSingle: true },
      at: { kind: 'instant', precision: 0 },
      price: { kind: 'whole', bits: 64 },
      state: text(),
      address: { kind: 'other', name: 'inet' },
    });
  });
});
