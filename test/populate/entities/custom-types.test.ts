/** Custom types of MikroORM without a `fromText`, read by their own conversions. */
import { expect, test } from '@jest/globals';
import { defineEntity, type EntityName, p, Type } from '@mikro-orm/core';
import { forEachEngineThoroughly } from '../../support/engines.ts';
import { ownEntity } from '../../support/own-entity.ts';
import { loaded, outcome } from './outcome.ts';

class Point {
  readonly x: number;
  readonly y: number;

  constructor(x: number, y: number) {
    this.x = x;
    this.y = y;
  }
}

class PointType extends Type<Point | null, string | null> {
  override convertToDatabaseValue(value: Point | null): string | null {
    return value && `point(${value.x} ${value.y})`;
  }

  override convertToJSValue(value: string | null): Point | null {
    const [x, y] = (value ?? '').slice('point('.length, -1).split(' ').map(Number);
    return value === null ? null : new Point(x ?? Number.NaN, y ?? Number.NaN);
  }

  override getColumnType(): string {
    return 'varchar(30)';
  }
}

class Money {
  readonly #cents: number;

  constructor(cents: number) {
    this.#cents = cents;
  }

  get cents(): number {
    return this.#cents;
  }
}

class MoneyType extends Type<Money | null, number | null> {
  override convertToDatabaseValue(value: Money | null): number | null {
    return value?.cents ?? null;
  }

  override convertToJSValue(value: number | null): Money | null {
    return value === null ? null : new Money(Number(value));
  }

  override getColumnType(): string {
    return 'integer';
  }
}

class YesNoType extends Type<boolean | null, string | null> {
  override convertToDatabaseValue(value: boolean | null): string | null {
    return value === null ? null : value ? 'Y' : 'N';
  }

  override convertToJSValue(value: string | null): boolean | null {
    return value === null ? null : value === 'Y';
  }

  override getColumnType(): string {
    return 'char(1)';
  }
}

class TenthsType extends Type<number | null, number | null> {
  override convertToDatabaseValue(value: number | null): number | null {
    return value && Math.round(value * 10);
  }

  override convertToJSValue(value: number | null): number | null {
    return value && value / 10;
  }

  override getColumnType(): string {
    return 'integer';
  }
}

class UrlType extends Type<URL | null, string | null> {
  override convertToDatabaseValue(value: URL | null): string | null {
    return value?.toString() ?? null;
  }

  override convertToJSValue(value: string | null): URL | null {
    return value === null ? null : new URL(value);
  }

  override getColumnType(): string {
    return 'text';
  }
}

class EpochType extends Type<Date | null, number | null> {
  override convertToDatabaseValue(value: Date | null): number | null {
    return value?.getTime() ?? null;
  }

  override convertToJSValue(value: number | null): Date | null {
    return value === null ? null : new Date(Number(value));
  }

  override getColumnType(): string {
    return 'bigint';
  }
}

class LowerType extends Type<string | null, string | null> {
  override convertToDatabaseValue(value: string | null): string | null {
    return value?.toLowerCase() ?? null;
  }

  override getColumnType(): string {
    return 'text';
  }
}

const Stop = defineEntity({
  name: 'Stop',
  tableName: 'stops',
  properties: {
    id: p.integer().primary().autoincrement(false),
    where: p.type(PointType).nullable(),
    fare: p.type(MoneyType).nullable(),
    open: p.type(YesNoType).nullable(),
    heat: p.type(TenthsType).nullable(),
    site: p.type(UrlType).nullable(),
    since: p.type(EpochType).nullable(),
    code: p.type(LowerType).nullable().unique(),
  },
}) as never as EntityName<object>;

const RECORD = {
  where: 'point(1 2.5)',
  fare: '1999',
  open: 'Y',
  heat: '21.5',
  site: 'https://example.com',
  since: '2026-01-31T18:30:00Z',
  code: 'ABC',
};

const SAME = {
  where: { x: 1, y: 2.5 },
  fare: 1999,
  open: true,
  heat: 21.5,
  site: 'https://EXAMPLE.com/',
  since: '2026-01-31T18:30:00.000Z',
  code: 'abc',
};

forEachEngineThoroughly((makePlace) => {
  test('are written as the type writes them, and unchanged when they are loaded again', async () => {
    const { place, load } = await ownEntity(await makePlace(), { name: 'stops', entity: Stop });
    expect(outcome((await load([{ id: 1, ...RECORD }, { id: 2 }])).databases['stops'])).toEqual(loaded(2, 0, 0));
    expect((await place.rowsOf('stops'))[0]).toEqual({
      id: 1,
      where: 'point(1 2.5)',
      fare: 1999,
      open: 'Y',
      heat: 215,
      site: 'https://example.com/',
      since: Date.parse(RECORD.since),
      code: 'abc',
    });
    for (const same of [RECORD, SAME]) {
      const records = [{ id: 1, ...same }, { id: 2 }];
      expect(outcome((await load(records, { onConflict: 'update' })).databases['stops'])).toEqual(loaded(0, 0, 2));
    }
  });

  test('text is a value as the entity has it, where the type has single values', async () => {
    const { place, load } = await ownEntity(await makePlace(), { name: 'stops', entity: Stop });
    const records = [
      { id: 1, heat: '21', open: 'false' },
      { id: 2, heat: 0.5, open: 'N' },
    ];
    expect(outcome((await load(records)).databases['stops'])).toEqual(loaded(2, 0, 0));
    const rows = await place.execute('stops', 'select heat, open from stops order by id');
    expect(rows).toEqual([
      { heat: 210, open: 'N' },
      { heat: 5, open: 'N' },
    ]);
  });

  test('what the type cannot read is rejected', async () => {
    const { load } = await ownEntity(await makePlace(), { name: 'stops', entity: Stop });
    const wrong = { where: 'abc', fare: 'much', open: 'maybe', heat: 'hot', site: 'no url', since: 'today' };
    const records = Object.entries(wrong).map(([name, value], index) => ({ id: index + 1, [name]: value }));
    const long = { id: 8, where: 'point(1.2345678901234 1.2345678901234)' };
    const twice = [
      { id: 9, code: 'Twice' },
      { id: 10, code: 'TWICE' },
    ];
    expect(outcome((await load([...records, long, ...twice])).databases['stops'])).toEqual(
      loaded(
        1,
        0,
        0,
        'fare is not a value of MoneyType, but "much"',
        'heat is not a value of TenthsType, but "hot"',
        'open is not a value of YesNoType, but "maybe"',
        'since is not a value of EpochType, but "today"',
        'site is not a value of UrlType, but "no url"',
        'where is not a value of PointType, but "abc"',
        'where can have at most 30 characters, but is "point(1.2345678901234 1.2345678901234)"',
        'Code twice belongs to stop 9',
      ),
    );
  });
});
