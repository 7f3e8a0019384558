/** Embeddables: as columns with a prefix, nested, nullable, and as JSON in one column. */
import { expect, test } from '@jest/globals';
import { Embeddable, Embedded, Entity, PrimaryKey, Property } from '@mikro-orm/decorators/legacy';
import { IsInt, IsNotEmpty, IsOptional, Length, ValidateNested } from 'class-validator';
import { forEachEngineThoroughly } from '../../support/engines.ts';
import { ownEntity } from '../../support/own-entity.ts';
import { loaded, outcome } from './outcome.ts';

@Embeddable()
class Position {
  @Property({ type: 'double' })
  lat!: number;

  @Property({ type: 'double', nullable: true })
  lng!: number | null;
}

@Embeddable()
class Address {
  @Property({ type: 'string', length: 20 })
  @IsNotEmpty({ message: 'Street cannot be empty' })
  street!: string;

  @Property({ type: 'text', nullable: true })
  @IsOptional()
  @Length(2, 10, { message: 'City must have 2 to 10 characters' })
  city!: string | null;

  @Property({ type: 'text' })
  country = 'NO';

  @Embedded(() => Position, { nullable: true })
  position!: Position | null;
}

@Embeddable()
class Setting {
  @Property({ type: 'datetime' })
  since!: Date;

  @Property({ type: 'integer', nullable: true })
  @IsOptional()
  @IsInt({ message: 'Level must be a whole number' })
  level!: number | null;

  @Property({ type: 'decimal', precision: 8, scale: 2, nullable: true })
  limit!: string | null;
}

@Entity({ tableName: 'houses' })
class House {
  @PrimaryKey({ type: 'integer', autoincrement: false })
  id!: number;

  @Embedded(() => Address)
  @ValidateNested()
  address!: Address;

  @Embedded(() => Position, { prefix: 'at_', nullable: true })
  place!: Position | null;

  @Embedded(() => Position, { prefix: false, nullable: true })
  own!: Position | null;

  @Embedded(() => Setting, { object: true, nullable: true })
  @ValidateNested()
  setting!: Setting | null;

  @Embedded(() => Setting, { array: true, nullable: true })
  settings!: Setting[] | null;

  toString(): string {
    return `${this.address.street} ${this.place?.lat ?? '-'}`;
  }
}

const FLAT = {
  id: 1,
  address_street: 'High Street 1',
  addressCity: 'Oslo',
  'Address Position Lat': '59.9',
  at_lat: 1.5,
  lat: 2,
  setting: '{"since":"2026-01-31T00:00:00Z","level":"3","limit":"1.5"}',
  settings: [{ since: '2026-01-31T00:00:00.000Z' }],
};

const NESTED = {
  id: 1,
  address: { street: 'High Street 1', city: 'Oslo', country: 'NO', position: { lat: 59.9, lng: null } },
  place: { lat: 1.5 },
  own: { lat: 2 },
  setting: { limit: 1.5, level: 3, since: '2026-01-31T00:00:00.000Z' },
  settings: [{ since: '2026-01-31T00:00:00Z', level: null }],
};

forEachEngineThoroughly((makePlace) => {
  test('columns with a prefix and nested objects are the same record', async () => {
    const { place, load } = await ownEntity(await makePlace(), { name: 'houses', entity: House });
    const first = (await load([FLAT, { id: 2, 'address.street': 'Low Street 2' }])).databases['houses'];
    expect(outcome(first)).toEqual(loaded(2, 0, 0));
    expect(first?.details?.map(({ text }) => text)).toEqual(['High Street 1 1.5', 'Low Street 2 -']);
    const rows = (await place.rowsOf('houses')) as Record<string, unknown>[];
    expect(rows[0]).toMatchObject({
      address_street: 'High Street 1',
      address_city: 'Oslo',
      address_country: 'NO',
      address_position_lat: 59.9,
      at_lat: 1.5,
      lat: 2,
    });
    const { setting } = rows[0] ?? {};
    expect(typeof setting === 'string' ? JSON.parse(setting) : setting).toEqual({
      since: '2026-01-31T00:00:00.000Z',
      level: 3,
      limit: '1.50',
    });
    expect(outcome((await load([FLAT])).databases['houses'])).toEqual(loaded(0, 0, 1));
    expect(outcome((await load([NESTED])).databases['houses'])).toEqual(loaded(0, 0, 1));
    for (const same of [FLAT, NESTED]) {
      const again = (await load([same], { onConflict: 'update' })).databases['houses'];
      expect(outcome(again)).toEqual(loaded(0, 0, 1));
      expect(again?.details?.map(({ text }) => text)).toEqual(['High Street 1 1.5']);
    }
    const changed = { ...NESTED, place: null, setting: { since: '2026-02-01T00:00:00Z' } };
    expect(outcome((await load([changed], { onConflict: 'update' })).databases['houses'])).toEqual(loaded(0, 1, 0));
    expect(outcome((await load([changed])).databases['houses'])).toEqual(loaded(0, 0, 1));
  });

  test('their columns and rules are checked, and errors name the path', async () => {
    const { load } = await ownEntity(await makePlace(), { name: 'houses', entity: House });
    const address = { street: 'High Street 1' };
    const report = (
      await load([
        { id: 1, address: { ...address, city: 'O' } },
        { id: 2, address_street: '' },
        { id: 3, address: { street: 'A street with a very long name' } },
        { id: 4, address, place: { lat: 'north' } },
        { id: 5, address, place: { lng: 1 } },
        { id: 6, address, setting: { level: 1 } },
        { id: 7, address, setting: { since: '2026-01-31T00:00:00Z', level: 'x' } },
        { id: 8, address, setting: { since: '2026-01-31T00:00:00Z', size: 1 } },
        { id: 9, address, settings: [{ since: 'today' }] },
        { id: 10, address, settings: {} },
        { id: 11, address, setting: '{' },
      ])
    ).databases['houses'];
    const errors = report?.details?.flatMap((entry) => entry.errors) ?? [];
    expect(report?.rejected).toBe(11);
    expect(errors.map(({ message }) => message).sort()).toEqual(
      [
        'City must have 2 to 10 characters',
        'Street cannot be empty',
        'address.street can have at most 20 characters, but is "A street with a very long name"',
        'place.lat is not a decimal number, but "north"',
        'place.lat cannot be empty',
        'setting.since cannot be empty',
        'setting.level is not a whole number up to 9007199254740991, but "x"',
        'setting has no property "size"',
        'settings[0].since is not an ISO 8601 date and time with a zone, to the millisecond, but "today"',
        'settings is not a list of objects in JSON, but {}',
        'setting is not an object in JSON, but "{"',
      ].sort(),
    );
    expect(errors.map(({ property }) => property)).toContain('address.city');
  });
});
