/** Entities declared in every way that MikroORM has: the same record, the same row. */
import { expect, test } from '@jest/globals';
import { defineEntity, type EntityName, EntitySchema, p } from '@mikro-orm/core';
import * as es from '@mikro-orm/decorators/es';
import * as legacy from '@mikro-orm/decorators/legacy';
import { IsNotEmpty, IsOptional, Max } from 'class-validator';
import { forEachEngineThoroughly } from '../../support/engines.ts';
import { ownEntity } from '../../support/own-entity.ts';
import { loaded, outcome } from './outcome.ts';

const GeneratedLine = defineEntity({
  name: 'OrderLine',
  tableName: 'lines',
  properties: {
    orderId: p.integer().primary(),
    number: p.integer().primary(),
    name: p.string().length(5),
    count: p.smallint().nullable(),
    createdAt: p.datetime().onCreate(() => new Date()),
  },
});

const lineSchema = defineEntity({
  name: 'OrderLine',
  tableName: 'lines',
  properties: {
    orderId: p.integer().primary(),
    number: p.integer().primary(),
    name: p.string().length(5),
    count: p.smallint().nullable(),
    createdAt: p.datetime(),
  },
});

class OwnLine extends lineSchema.class {
  override createdAt = new Date();

  override toString(): string {
    return `${this.count} of ${this.name}`;
  }
}
Object.defineProperty(OwnLine, 'name', { value: 'OrderLine' });
IsNotEmpty({ message: 'Name cannot be empty' })(OwnLine.prototype, 'name');
IsOptional()(OwnLine.prototype, 'count');
Max(9)(OwnLine.prototype, 'count');
lineSchema.setClass(OwnLine);

interface Line {
  orderId: number;
  number: number;
  name: string;
  count: number | null;
  createdAt: Date;
}

const columns = {
  orderId: { type: 'integer', primary: true },
  number: { type: 'integer', primary: true },
  name: { type: 'string', length: 5 },
  count: { type: 'smallint', nullable: true },
} as const;

const SchemaLine = new EntitySchema<Line>({
  name: 'OrderLine',
  tableName: 'lines',
  properties: { ...columns, createdAt: { type: 'datetime', onCreate: () => new Date() } },
});

class ClassOfSchema {
  orderId!: number;
  number!: number;
  name!: string;
  count!: number | null;
  createdAt = new Date();
}
Object.defineProperty(ClassOfSchema, 'name', { value: 'OrderLine' });

const SchemaOfClass = new EntitySchema<ClassOfSchema>({
  class: ClassOfSchema,
  tableName: 'lines',
  properties: { ...columns, createdAt: { type: 'datetime' } },
});

@legacy.Entity({ tableName: 'lines' })
class OrderLine {
  @legacy.PrimaryKey({ type: 'integer' })
  orderId!: number;

  @legacy.PrimaryKey({ type: 'integer' })
  number!: number;

  @legacy.Property({ type: 'string', length: 5 })
  name!: string;

  @legacy.Property({ type: 'smallint', nullable: true })
  count!: number | null;

  @legacy.Property({ type: 'datetime' })
  createdAt = new Date();
}

/** TypeScript compiles the decorators of this project as legacy ones; standard ones are called as the language does. */
function standardLine(): EntityName<object> {
  const metadata: Record<PropertyKey, unknown> = {};
  class Standard {
    orderId!: number;
    number!: number;
    name!: string;
    count!: number | null;
    createdAt = new Date();
  }
  Object.defineProperty(Standard, 'name', { value: 'OrderLine' });
  const context = (name: string) => ({ kind: 'field', name, metadata, static: false, private: false }) as never;
  es.PrimaryKey({ type: 'integer' })(undefined, context('orderId'));
  es.PrimaryKey({ type: 'integer' })(undefined, context('number'));
  es.Property({ type: 'string', length: 5 })(undefined, context('name'));
  es.Property({ type: 'smallint', nullable: true })(undefined, context('count'));
  es.Property({ type: 'datetime' })(undefined, context('createdAt'));
  es.Entity({ tableName: 'lines' })(Standard, { kind: 'class', name: 'OrderLine', metadata } as never);
  return Standard;
}

const DECLARED: Readonly<Record<string, EntityName<object>>> = {
  'defineEntity, with the class that it makes': GeneratedLine as never,
  'defineEntity, with a class of its own': OwnLine,
  EntitySchema: SchemaLine as never,
  'EntitySchema, with a class': SchemaOfClass as never,
  'legacy decorators': OrderLine,
  'standard decorators': standardLine(),
};

forEachEngineThoroughly((makePlace) => {
  test.each(Object.keys(DECLARED))('%s', async (declared) => {
    const entity = DECLARED[declared] as EntityName<object>;
    const { place, load } = await ownEntity(await makePlace(), { name: 'lines', entity });
    const records = [
      { order_id: '7', number: '2', name: 'Mug', count: '3' },
      { orderId: 7, number: 3, name: 'Pot' },
    ];
    const first = (await load(records)).databases['lines'];
    expect(outcome(first)).toEqual(loaded(2, 0, 0));
    const hasText = entity === OwnLine;
    expect(first?.details?.map(({ text }) => text)).toEqual(
      hasText ? ['3 of Mug', 'undefined of Pot'] : ['Order line 7, 2', 'Order line 7, 3'],
    );
    expect(outcome((await load(records)).databases['lines'])).toEqual(loaded(0, 0, 2));
    const rows = await place.execute('lines', 'select order_id, number, name, count from lines order by number');
    expect(rows).toEqual([
      { order_id: 7, number: 2, name: 'Mug', count: 3 },
      { order_id: 7, number: 3, name: 'Pot', count: null },
    ]);
    const report = (
      await load([
        { orderId: 8, number: 1 },
        { orderId: 8, number: 2, name: 'Teapot' },
        { orderId: 8, number: 3, name: 'Mug', count: hasText ? 10 : 40_000 },
        { orderId: 7, number: 2, name: 'Cup' },
      ])
    ).databases['lines'];
    expect(outcome(report)).toEqual(
      loaded(
        0,
        0,
        0,
        'Order line 7, 2 already exists with another name',
        hasText ? 'Name cannot be empty' : 'name cannot be empty',
        'name can have at most 5 characters, but is "Teapot"',
        hasText
          ? 'count must not be greater than 9, but is 10'
          : 'count must be a whole number from -32768 to 32767, but is 40000',
      ),
    );
  });
});
