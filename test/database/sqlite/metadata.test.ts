/** MikroORM's own queries read whole numbers beyond 2^53 exactly, as primary keys and in relations. */
import { expect, test } from '@jest/globals';
import { defineEntity, p } from '@mikro-orm/core';
import { Database } from '../../../src/database/database.ts';
import { MEMORY } from '../../../src/database/sqlite/url.ts';

const Parcel = defineEntity({
  name: 'Parcel',
  properties: {
    id: p.bigint().primary().autoincrement(false),
    pieces: p.bigint('string'),
    parent: () => p.manyToOne(Parcel).nullable(),
  },
});

const PARENT = 9007199254740993n;

test('bigints in every mode', async () => {
  const database = await Database.open(
    { name: 'parcels', entities: [{ name: 'parcel', entity: Parcel as never }] },
    { location: { engine: 'sqlite', file: MEMORY } },
  );
  try {
    await database.orm.schema.create();
    const em = database.fork();
    await em.execute(`insert into parcel (id, pieces, parent_id) values (${PARENT}, ${PARENT}, null)`);
    await em.execute(`insert into parcel (id, pieces, parent_id) values (${PARENT + 1n}, 2, ${PARENT})`);
    const found = await database.fork().find(Parcel, { id: { $gte: PARENT } }, { orderBy: { id: 'asc' } });
    expect(found.map(({ id, pieces, parent }) => [id, pieces, parent?.id])).toEqual([
      [PARENT, String(PARENT), undefined],
      [PARENT + 1n, '2', PARENT],
    ]);
  } finally {
    await database.close();
  }
});
