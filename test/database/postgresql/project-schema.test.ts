/** A project with MikroORM options of its own has the columns that MikroORM makes, so that its snapshots and migrations stay as they are. */
import { expect, test } from '@jest/globals';
import { defineEntity, type EntityName, p } from '@mikro-orm/core';
import { MikroORM } from '@mikro-orm/postgresql';
import { Database } from '../../../src/database/database.ts';
import { withOneEntity } from '../../../src/database/declaration.ts';
import { withLoads } from '../../../src/loads/own-tables.ts';
import { populateIn } from '../../support/databases.ts';
import { describeWithPostgresql, makePostgresqlPlace } from '../../support/engines.ts';
import { makeFolder } from '../../support/folder.ts';
import { sourceOf } from '../../support/sources.ts';

const Part = defineEntity({
  name: 'Part',
  properties: { id: p.integer().primary().autoincrement(false), label: p.text(), pieces: p.smallint() },
}) as never as EntityName<object>;

const entity = withOneEntity({ name: 'parts', entity: Part as never });
const declaration = withLoads({ ...entity, entities: [{ name: 'part', entity: Part }], orm: {} });

describeWithPostgresql('PostgreSQL', () => {
  test('the schema is that of MikroORM, and what its columns cannot hold is rejected beforehand', async () => {
    const place = await makePostgresqlPlace();
    const options = { ...place.options('parts'), migrationsDirectory: makeFolder() };
    const plain = new MikroORM({ entities: [Part], dbName: 'none', connect: false } as never);
    const expected = await plain.schema.getCreateSchemaSQL({ wrap: false });
    await plain.close();
    const database = await Database.unconnected(declaration, options);
    const sql = await database.orm.schema.getCreateSchemaSQL({ wrap: false });
    await database.close();
    const [table] = /create table "part".*;/.exec(expected) ?? [];
    expect(table).toContain('"id" int not null');
    expect(sql).toContain(table);

    await place.execute('parts', table as string);
    const report = await populateIn(place, {
      catalog: [declaration],
      sources: {
        parts: sourceOf([
          { id: 1, label: 'One', pieces: 32_767 },
          { id: 2 ** 31, label: 'Two', pieces: 1 },
          { id: 3, label: 'Three', pieces: 32_768 },
        ]),
      },
      databaseOptions: () => options,
    });
    expect(report.databases['parts']?.details?.map(({ outcome, errors }) => [outcome, errors[0]?.property])).toEqual([
      ['inserted', undefined],
      ['rejected', 'id'],
      ['rejected', 'pieces'],
    ]);
    expect(report.databases['parts']?.refused).toBeUndefined();
  });
});
