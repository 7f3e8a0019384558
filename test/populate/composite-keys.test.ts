/** Entities whose primary key is several properties together. */
import { expect, test } from '@jest/globals';
import { Entity, PrimaryKey, Property } from '@mikro-orm/decorators/legacy';
import { IsInt, IsPositive } from 'class-validator';
import type { DatabaseOptions } from '../../src/database/database.ts';
import { Database } from '../../src/database/database.ts';
import { verify } from '../../src/integrity/verify.ts';
import type { PopulateReport } from '../../src/populate/report.ts';
import { catalog } from '../../src/shop/catalog.ts';
import { countsOf } from '../support/databases.ts';
import { forEachEngineMigratedThoroughly, forEachEngineThoroughly, type Place } from '../support/engines.ts';
import { type OwnEntity, ownEntity } from '../support/own-entity.ts';
import { sourceOf } from '../support/sources.ts';

@Entity({ tableName: 'order_lines' })
class OrderLine {
  @PrimaryKey({ type: 'integer', autoincrement: false })
  @IsInt()
  order!: number;

  @PrimaryKey({ type: 'text' })
  product!: string;

  @Property({ type: 'integer' })
  @IsInt()
  @IsPositive()
  quantity!: number;

  @Property({ type: 'integer', nullable: true })
  buyer: number | null = null;
}

const line = (order: number, product: string, quantity = 1) => ({ order, product, quantity });

const stored = (place: Place) =>
  place.execute('lines', 'select "order", product, quantity from order_lines order by "order", product');

function errorsOf({ databases }: PopulateReport): readonly (readonly [unknown, string, ...string[]])[] {
  return (databases['lines']?.details ?? []).map(({ id, outcome, errors }) => [
    id,
    outcome,
    ...errors.map(({ property, message }) => `${property}: ${message}`),
  ]);
}

forEachEngineThoroughly((makePlace) => {
  const lines = async (): Promise<OwnEntity> => ownEntity(await makePlace(), { name: 'lines', entity: OrderLine });

  test('a row is found by all properties of its key', async () => {
    const { place, load } = await lines();
    await load([line(1, 'a'), line(1, 'b'), line(2, 'a')]);
    const report = await load([line(1, 'a'), line(1, 'b', 5), line(2, 'b')], { onConflict: 'update' });
    expect(countsOf(report)['lines']).toEqual({ read: 3, inserted: 1, updated: 1, unchanged: 1, rejected: 0 });
    expect(await stored(place)).toEqual([line(1, 'a'), line(1, 'b', 5), line(2, 'a'), line(2, 'b')]);
  });

  test('the errors name the values of the key', async () => {
    const { load } = await lines();
    await load([line(7, 'a')]);
    expect(errorsOf(await load([line(7, 'a', 2), line(7, 'b'), line(7, 'b'), line(8, 'c', -1)]))).toEqual([
      ['7, a', 'rejected', 'order: Order line 7, a already exists with another quantity'],
      ['7, b', 'inserted'],
      ['7, b', 'rejected', 'order: Order and product 7, b occur earlier in this source'],
      ['8, c', 'rejected', 'quantity: quantity must be a positive number, but is -1'],
    ]);
  });

  test('a record without a part of its key is rejected', async () => {
    const { load } = await lines();
    expect(errorsOf(await load([{ order: 1, quantity: 1 }]))).toEqual([
      [undefined, 'rejected', 'product: product cannot be empty'],
    ]);
  });

  test('all rows are verified, however many there are of one part of the key', async () => {
    const { place, declaration, options, load } = await lines();
    await load([1, 2, 3].flatMap((order) => ['a', 'b', 'c'].map((product) => line(order, product))));
    await place.execute('lines', `update order_lines set quantity = -1 where "order" = 2 and product = 'c'`);
    const database = await Database.open(declaration, options);
    try {
      const { lines: verdict } = await verify([database], { pageRows: 2 });
      expect(verdict).toMatchObject({ rows: 9, violations: 1, examples: [{ id: '2, c' }] });
    } finally {
      await database.close();
    }
  });
});

forEachEngineMigratedThoroughly('catalog', (makePlace) => {
  test('a record whose reference does not exist is reverted', async () => {
    const references = { buyer: { database: 'users', entity: 'user' } };
    const { place, declaration, options, load } = await ownEntity(await makePlace(), {
      name: 'lines',
      entity: OrderLine,
      references,
    });
    const databaseOptions = (name: string): DatabaseOptions => (name === 'lines' ? options : place.options(name));
    const together = { catalog: [...catalog, declaration], databaseOptions };
    const user = { id: 1, name: 'Ada', email: 'ada@example.com' };
    const records = (quantity: number, buyer: number) => [
      { ...line(1, 'a', quantity), buyer: 1 },
      { ...line(1, 'b', quantity), buyer },
      { ...line(2, 'a', quantity), buyer: buyer * 2 },
    ];
    const first = { users: sourceOf([user]), lines: sourceOf(records(1, 1)) };
    expect(errorsOf(await load([], { ...together, sources: first }))).toEqual([
      ['1, a', 'inserted'],
      ['1, b', 'inserted'],
      ['2, a', 'rejected', 'buyer: User 2 does not exist'],
    ]);
    const report = await load(records(2, 9), { ...together, onConflict: 'update' });
    expect(errorsOf(report)).toEqual([
      ['1, a', 'updated'],
      ['1, b', 'rejected', 'buyer: User 9 does not exist'],
      ['2, a', 'rejected', 'buyer: User 18 does not exist'],
    ]);
    expect(await stored(place)).toEqual([line(1, 'a', 2), line(1, 'b')]);
  });
});
