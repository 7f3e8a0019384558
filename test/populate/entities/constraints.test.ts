/** What the columns of an entity demand is known before the database objects: the same words on both engines, and the load goes on. */
import { expect, test } from '@jest/globals';
import { Check, Entity, Enum, PrimaryKey, Property, Unique } from '@mikro-orm/decorators/legacy';
import { forEachEngineThoroughly } from '../../support/engines.ts';
import { ownEntity } from '../../support/own-entity.ts';

@Entity({ tableName: 'boxes' })
@Unique({ properties: ['shelf', 'place'] })
@Unique({ properties: ['label'], where: { removedAt: null } })
@Check({ expression: 'weight > 0' })
class Box {
  @PrimaryKey({ type: 'integer', autoincrement: false })
  id!: number;

  @Property({ type: 'string', length: 4, unique: true, nullable: true })
  code!: string | null;

  @Property({ type: 'integer', nullable: true })
  shelf!: number | null;

  @Property({ type: 'integer', nullable: true })
  place!: number | null;

  @Property({ type: 'text', nullable: true })
  label!: string | null;

  @Property({ type: 'datetime', nullable: true })
  removedAt!: Date | null;

  @Property({ type: 'decimal', precision: 5, scale: 2 })
  weight!: string;

  @Property({ type: 'smallint', unsigned: true, nullable: true })
  count!: number | null;

  @Enum({ items: () => ['red', 'blue'], nullable: true })
  colour!: string | null;

  @Enum({ items: ['new', 'used'] })
  state = 'new';

  @Enum({ items: ['S', 'L'] })
  size!: string;
}

const box = (id: number, values: object = {}) => ({ id, weight: '1.5', size: 'S', ...values });

forEachEngineThoroughly((makePlace) => {
  test('each record that breaks one is rejected with its line and property', async () => {
    const { place, load } = await ownEntity(await makePlace(), { name: 'boxes', entity: Box });
    await load([box(1, { code: 'A', shelf: 1, place: 1, label: 'Tools' })]);
    const report = (
      await load([
        box(2, { code: 'A' }),
        box(3, { shelf: 1, place: 1 }),
        box(4, { label: 'Tools' }),
        box(5, { label: 'Tools', removedAt: '2026-01-31T00:00:00Z' }),
        box(6, { code: 'ABCDE' }),
        box(7, { weight: '1234.5' }),
        box(8, { weight: '1.234' }),
        box(9, { weight: '' }),
        box(10, { count: '-1' }),
        box(11, { count: '40000' }),
        box(12, { colour: 'green' }),
        box(13, { weight: '0' }),
        box(14, { code: 'B', shelf: 1, place: 2 }),
        box(15, { size: '', state: '' }),
        box(16, { size: 'M', state: 'old' }),
      ])
    ).databases['boxes'];
    expect(report?.failure).toBeUndefined();
    const rejected = report?.details?.flatMap(({ line, errors }) =>
      errors.map(({ property, message }) => `${line} ${property}: ${message}`),
    );
    expect(rejected).toEqual([
      '2 code: Code A belongs to box 1',
      '3 shelf: Shelf and place 1, 1 belong to box 1',
      '4 label: Label Tools belongs to box 1',
      '6 code: code can have at most 4 characters, but is "ABCDE"',
      '7 weight: weight can have at most 3 digits before its decimal point, but is "1234.5"',
      '8 weight: weight can have at most 2 decimals, but is "1.234"',
      '9 weight: weight cannot be empty',
      '10 count: count cannot be negative, but is "-1"',
      '11 count: count must be a whole number from -32768 to 32767, but is "40000"',
      '12 colour: colour must be one of red, blue, but is "green"',
      expect.stringMatching(/^13 weight: The check .*of the database refuses it$/),
      '15 size: size cannot be empty',
      '16 state: state must be one of new, used, but is "old"',
      '16 size: size must be one of S, L, but is "M"',
    ]);
    expect((await place.rowsOf('boxes')).map((row) => (row as { id: number }).id)).toEqual([1, 5, 14]);
  });
});
