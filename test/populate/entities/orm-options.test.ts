/** MikroORM options of a project that are for its programs: a naming strategy, and filters. */
import { expect, test } from '@jest/globals';
import { EntityCaseNamingStrategy, EntitySchema } from '@mikro-orm/core';
import { Database } from '../../../src/database/database.ts';
import { verify } from '../../../src/integrity/verify.ts';
import { countsOf } from '../../support/databases.ts';
import { forEachEngineThoroughly } from '../../support/engines.ts';
import { ownDatabase } from '../../support/own-database.ts';

const KEY = { type: 'integer', primary: true, autoincrement: false };
const Customer = new EntitySchema<object>({
  name: 'Customer',
  properties: {
    id: KEY,
    fullName: { type: 'string', unique: true },
    deletedAt: { type: 'datetime', nullable: true },
  } as never,
  filters: { present: { name: 'present', cond: { deletedAt: null }, default: true } },
});
const Visit = new EntitySchema<object>({
  name: 'Visit',
  properties: { id: KEY, tenantId: { type: 'integer' }, customer: { kind: 'm:1', entity: () => Customer } } as never,
});

forEachEngineThoroughly((makePlace) => {
  test('loads and verify see all rows, and Meridian’s own tables have their columns', async () => {
    const { load, declaration, options } = await ownDatabase(await makePlace(), {
      name: 'crm',
      entities: [
        { name: 'customer', entity: Customer },
        { name: 'visit', entity: Visit },
      ],
      orm: {
        namingStrategy: EntityCaseNamingStrategy,
        filters: { tenant: { name: 'tenant', cond: ({ tenant }) => ({ tenantId: tenant }), default: true } },
      },
    });
    const records = {
      customer: [
        { id: 1, fullName: 'Ada' },
        { id: 2, fullName: 'Ben', deletedAt: '2026-01-01T00:00:00Z' },
      ],
      visit: [
        { id: 1, tenantId: 7, customer: 1 },
        { id: 2, tenantId: 8, customer: 2 },
        { id: 3, tenantId: 8, customer: 3 },
      ],
    };
    const first = countsOf(await load(records));
    expect(first['crm.customer']).toMatchObject({ inserted: 2 });
    expect(first['crm.visit']).toMatchObject({ inserted: 2, rejected: 1 });
    const again = countsOf(await load(records));
    expect(again['crm.customer']).toMatchObject({ unchanged: 2 });
    expect(again['crm.visit']).toMatchObject({ unchanged: 2, rejected: 1 });
    const database = await Database.open(declaration, options);
    try {
      expect(await verify([database])).toMatchObject({ crm: { rows: 4 } });
    } finally {
      await database.close();
    }
  });

  test('a program that opens a database has the filters', async () => {
    const { load, declaration, options } = await ownDatabase(await makePlace(), {
      name: 'crm',
      entities: [{ name: 'customer', entity: Customer }],
    });
    await load({ customer: [{ id: 1, fullName: 'Ada', deletedAt: '2026-01-01T00:00:00Z' }] });
    const count = async (filtered: boolean) => {
      const database = await Database.open(declaration, { ...options, filtered });
      return database
        .fork()
        .count(Customer, {})
        .finally(() => database.close());
    };
    expect([await count(true), await count(false)]).toEqual([0, 1]);
  });
});
