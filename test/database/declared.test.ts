/** What an entity's decorators say of columns and unique indexes is known alike on every engine. */
import { expect, test } from '@jest/globals';
import { Entity, PrimaryKey, Property, Unique } from '@mikro-orm/decorators/legacy';
import { Database } from '../../src/database/database.ts';
import type { DatabaseDeclaration } from '../../src/database/declaration.ts';
import { withOneEntity } from '../../src/database/declaration.ts';
import type { DatabaseLocation } from '../../src/database/location.ts';
import { orders, products, users } from '../../src/shop/catalog.ts';
import { onlyEntity, onlyTable } from '../support/only-table.ts';

@Entity({ tableName: 'seats' })
@Unique({ properties: ['row', 'number'] })
@Unique({ properties: ['guest', 'row'], where: { cancelledAt: null } })
@Unique({ properties: ['guest'], where: { guest: { $ne: null } } })
@Unique({ properties: ['number'], where: { row: 7 } })
@Unique({ properties: ['email', 'row'] })
@Unique({ properties: ['email', 'guest'] })
@Unique({ expression: 'create unique index seats_sum on seats (number)' })
class Seat {
  @PrimaryKey({ type: 'integer', autoincrement: false })
  id!: number;

  @Property({ type: 'integer' })
  row!: number;

  @Property({ type: 'integer', unique: true })
  number!: number;

  @Property({ type: 'text', nullable: true })
  guest!: string | null;

  @Property({ type: 'text', collation: 'nocase' })
  email!: string;

  @Property({ type: 'datetime', nullable: true })
  cancelledAt!: Date | null;
}

/** Decorators of a class work from the last to the first. */
const SEAT_KEYS = [
  { properties: ['number'] },
  // one of text that ignores case and text that does not is the database's to check, and so are other conditions
  { properties: ['email', 'row'], ignoreCase: true },
  { properties: ['guest'] },
  { properties: ['guest', 'row'], onlyWithout: 'cancelledAt' },
  { properties: ['row', 'number'] },
];

// nothing is connected to
const LOCATIONS: Readonly<Record<string, DatabaseLocation>> = {
  SQLite: { engine: 'sqlite', file: ':memory:' },
  PostgreSQL: {
    engine: 'postgresql',
    host: '127.0.0.1',
    port: 1,
    user: 'clerk',
    database: 'none',
    schema: 'public',
    sslMode: 'disable',
    connectSeconds: 1,
  },
};

const keysOf = async (declaration: DatabaseDeclaration, location: DatabaseLocation | undefined) =>
  location && onlyTable(await Database.unconnected(declaration, { location })).uniqueKeys;

// an engine changes the metadata of an entity to its needs, which the next one must not see
test.each(['SQLite', 'PostgreSQL', 'SQLite', 'PostgreSQL'])('unique indexes are unique keys (%s)', async (engine) => {
  const location = LOCATIONS[engine];
  expect(await keysOf(withOneEntity({ name: 'seats', entity: Seat }), location)).toEqual(SEAT_KEYS);
  expect(await keysOf(users, location)).toEqual(onlyEntity(users).naturalKeys);
  expect(await keysOf(products, location)).toEqual(onlyEntity(products).naturalKeys);
  expect(await keysOf(orders, location)).toEqual([]);
});

test('declared keys come first and once', async () => {
  const naturalKeys = [{ properties: ['number', 'row'] }];
  expect(await keysOf(withOneEntity({ name: 'seats', entity: Seat, naturalKeys }), LOCATIONS['SQLite'])).toEqual([
    ...naturalKeys,
    ...SEAT_KEYS.filter(({ properties }) => properties.join() !== 'row,number'),
  ]);
});
