/** Where only the database knows what it stores, it is asked, so that a record does not differ from its row for ever. */
import { expect, test } from '@jest/globals';
import { Entity, PrimaryKey, Property } from '@mikro-orm/decorators/legacy';
import { parseColumnType } from '../../../src/database/column-types.ts';
import { Database } from '../../../src/database/database.ts';
import { migrateUp } from '../../../src/database/migrate.ts';
import { catalog } from '../../../src/shop/catalog.ts';
import { countsOf } from '../../support/databases.ts';
import { type EngineName, forEachEngineThoroughly, type Place } from '../../support/engines.ts';
import { onlyTable } from '../../support/only-table.ts';
import { type OwnEntity, ownEntity } from '../../support/own-entity.ts';
import { refuseRows } from '../../support/refusing.ts';

@Entity({ tableName: 'guests' })
class Guest {
  @PrimaryKey({ type: 'integer', autoincrement: false })
  id!: number;

  @Property({ type: 'text' })
  name!: string;

  @Property({ type: 'text', nullable: true })
  phone!: string | null;

  @Property({ type: 'string', columnType: 'interval', nullable: true })
  staying!: string | null;

  @Property({ type: 'integer', version: true, default: 1 })
  version!: number;
}

/** The database writes all names in lower case. */
const SMALL_LETTERS: Readonly<Record<EngineName, readonly string[]>> = {
  sqlite: [
    'create trigger made after insert on guests begin update guests set name = lower(name) where id = new.id; end',
    'create trigger changed after update of name on guests when new.name <> lower(new.name) begin update guests set name = lower(name) where id = new.id; end',
  ],
  postgresql: [
    'create function small() returns trigger language plpgsql as $$ begin new.name = lower(new.name); return new; end $$',
    'create trigger small before insert or update on guests for each row execute function small()',
  ],
};

/** The column is not of the type that the entity says. */
const OTHER_TYPE: Readonly<Record<EngineName, readonly string[]>> = {
  sqlite: ['alter table guests drop column phone', 'alter table guests add column phone integer'],
  postgresql: ['alter table guests alter column phone type char(12)'],
};

async function guests(place: Place, rules: Readonly<Record<EngineName, readonly string[]>>): Promise<OwnEntity> {
  const own = await ownEntity(place, { name: 'guests', entity: Guest });
  await own.load([]);
  for (const rule of rules[place.engine]) {
    await place.execute('guests', rule);
  }
  return own;
}

const versionsIn = async (own: OwnEntity) =>
  ((await own.place.rowsOf('guests')) as { version: number }[]).map(({ version }) => version);

forEachEngineThoroughly((makePlace, engine) => {
  test.each(['reject', 'update'] as const)('a trigger that changes what it is given (%s)', async (onConflict) => {
    const own = await guests(await makePlace(), SMALL_LETTERS);
    const records = [
      { id: 1, name: 'Ann' },
      { id: 2, name: 'Bob' },
    ];
    await own.load(records);
    expect(countsOf(await own.load(records, { onConflict }))['guests']).toMatchObject({ unchanged: 2 });
    expect(await versionsIn(own)).toEqual([1, 1]);

    const [ann] = records;
    const report = await own.load([ann, { id: 2, name: 'Bert' }], { onConflict });
    expect(countsOf(report)['guests']).toMatchObject({
      unchanged: 1,
      ...(onConflict === 'update' ? { updated: 1 } : { rejected: 1 }),
    });
    expect(await versionsIn(own)).toEqual(onConflict === 'update' ? [1, 2] : [1, 1]);
  });

  test('one that refuses another record', async () => {
    const own = await guests(await makePlace(), SMALL_LETTERS);
    const records = [1, 2, 3].map((id) => ({ id, name: `Guest ${id}` }));
    await own.load(records);
    await refuseRows(own.place, { table: 'guests', on: 'update', when: 'new.id = 2' }, 'frozen');
    const report = await own.load([...records.slice(0, 1), { id: 2, name: 'Bob' }, ...records.slice(2)]);
    expect(report.databases['guests']?.details?.map(({ outcome }) => outcome)).toEqual([
      'unchanged',
      'rejected',
      'unchanged',
    ]);
    expect(report.databases['guests']?.reasons.map(({ code }) => code)).toEqual(['conflict']);
  });

  test('a column that is not of the type that the entity says', async () => {
    const own = await guests(await makePlace(), OTHER_TYPE);
    const records = [
      { id: 1, name: 'Ann', phone: '007' },
      { id: 2, name: 'Bob', phone: '12.0' },
    ];
    await own.load(records);
    for (const onConflict of ['reject', 'update'] as const) {
      expect(countsOf(await own.load(records, { onConflict }))['guests']).toMatchObject({ unchanged: 2 });
    }
  });

  test('a column of a type that only the database knows', async () => {
    const own = await guests(await makePlace(), { sqlite: [], postgresql: [] });
    const records = ['90 minutes', '01:30:00', '1 day 24:00'].map((staying, id) => ({
      id,
      name: `Guest ${id}`,
      staying,
    }));
    await own.load(records);
    expect(countsOf(await own.load(records, { onConflict: 'update' }))['guests']).toMatchObject({ unchanged: 3 });
    if (engine === 'postgresql') {
      const report = await own.load([{ id: 4, name: 'Dan', staying: 'a while' }]);
      expect(report.databases['guests']?.details?.[0]?.errors).toEqual([
        {
          property: 'staying',
          code: 'refused',
          message: 'The database refuses it: invalid input syntax for type interval: "a while"',
        },
      ]);
    }
  });

  test.each(catalog)('the columns of $name are as the entity says, so that nothing is tried', async (declaration) => {
    const database = await Database.open(declaration, (await makePlace()).options(declaration.name));
    try {
      await migrateUp(database);
      const { hasTriggers, columnTypes } = await database.engine.tableFacts(
        database.fork(),
        onlyTable(database).metadata.tableName,
      );
      const { columns } = onlyTable(database).bulk();
      const types = columns.map(({ name, type }) => [name, parseColumnType(type)]);
      expect(types).toEqual(columns.map(({ name }) => [name, parseColumnType(columnTypes.get(name) ?? '')]));
      expect(hasTriggers).toBe(false);
    } finally {
      await database.close();
    }
  });
});
