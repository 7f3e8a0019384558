/** What stands in a column becomes the value of its property. */
import process from 'node:process';
import { afterEach, expect, test } from '@jest/globals';
import { Entity, PrimaryKey, Property } from '@mikro-orm/decorators/legacy';
import { columnsOf } from '../../src/database/columns.ts';
import { Database } from '../../src/database/database.ts';
import { withOneEntity } from '../../src/database/declaration.ts';
import { forEachEngine } from '../support/engines.ts';
import { onlyTable } from '../support/only-table.ts';

@Entity()
class Sample {
  @PrimaryKey({ type: 'uuid' })
  id!: string;

  @Property({ type: 'datetime', length: 0 })
  at!: Date;

  @Property({ type: 'datetime', columnType: 'timestamp(3)' })
  local!: Date;

  @Property({ type: 'datetime', nullable: true })
  sentAt!: Date | null;

  @Property({ type: 'decimal', precision: 10, scale: 2 })
  amount!: string;
}

const { TZ } = process.env;

afterEach(() => {
  if (TZ === undefined) {
    Reflect.deleteProperty(process.env, 'TZ');
  } else {
    process.env['TZ'] = TZ;
  }
});

forEachEngine((makePlace) => {
  test('in its one form, whatever the zone of the process is', async () => {
    const database = await Database.unconnected(
      withOneEntity({ name: 'samples', entity: Sample }),
      (await makePlace()).options('samples'),
    );
    const columns = columnsOf(onlyTable(database).metadata, database.orm.em.getPlatform(), database.engine.storage);
    const read = (property: string, value: unknown) =>
      columns.find((column) => column.property === property)?.fromColumn(value);
    process.env['TZ'] = 'America/New_York';
    expect(read('local', '2026-01-02 03:04:05.678')).toEqual(new Date('2026-01-02T03:04:05.678Z'));
    expect(read('at', '2026-01-02 03:04:05+00')).toEqual(new Date('2026-01-02T03:04:05Z'));
    expect(read('at', Date.parse('2026-01-02T03:04:05.678Z'))).toEqual(new Date('2026-01-02T03:04:06Z'));
    expect(read('id', '6F9619FF-8B86-D011-B42D-00C04FC964FF')).toBe('6f9619ff-8b86-d011-b42d-00c04fc964ff');
    expect([1.5, '1.50', null].map((value) => read('amount', value))).toEqual(['1.50', '1.50', null]);
  });

  test('with all its digits after MikroORM has made a schema of the metadata', async () => {
    const database = await Database.unconnected(
      withOneEntity({ name: 'samples', entity: Sample }),
      (await makePlace()).options('samples'),
    );
    await database.orm.schema.getCreateSchemaSQL();
    const columns = columnsOf(onlyTable(database).metadata, database.orm.em.getPlatform(), database.engine.storage);
    const at = new Date('2026-01-02T03:04:05.678Z');
    expect(columns.find(({ property }) => property === 'sentAt')?.fromColumn(at.getTime())).toEqual(at);
  });
});
