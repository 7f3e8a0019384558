/** Entities in schemas that they name themselves, on PostgreSQL: tables of one name in two schemas are two tables. */
import { expect, test } from '@jest/globals';
import { EntitySchema } from '@mikro-orm/core';
import { countsOf } from '../../support/databases.ts';
import { describeWithPostgresql, makePostgresqlPlace } from '../../support/engines.ts';
import { ownDatabase } from '../../support/own-database.ts';

const KEY = { type: 'integer', primary: true };
const Account: EntitySchema = new EntitySchema<object>({
  name: 'Account',
  properties: { id: KEY, name: { type: 'string', unique: true } } as never,
});
const Invoice: EntitySchema = new EntitySchema<object>({
  name: 'Invoice',
  schema: 'billing',
  properties: {
    id: KEY,
    account: { kind: 'm:1', entity: () => Account },
    original: { kind: 'm:1', entity: () => Invoice, nullable: true },
    number: { type: 'string', unique: true },
    paid: { type: 'boolean', index: true },
  } as never,
});
const BilledAccount: EntitySchema = new EntitySchema<object>({
  name: 'BilledAccount',
  schema: 'billing',
  tableName: 'account',
  properties: { id: KEY, account: { kind: '1:1', owner: true, entity: () => Account } } as never,
});

describeWithPostgresql('PostgreSQL', () => {
  test('rows are loaded, checked and found in their schemas', async () => {
    const { load, place } = await ownDatabase(
      await makePostgresqlPlace('sales'),
      {
        name: 'shop',
        entities: [
          { name: 'account', entity: Account },
          { name: 'invoice', entity: Invoice },
          { name: 'billed', entity: BilledAccount },
        ],
      },
      { before: ['create schema billing'] },
    );
    const records = {
      account: [
        { id: 1, name: 'Ada' },
        { id: 2, name: 'Ben' },
      ],
      invoice: [
        { account: 1, number: 'A1', paid: true },
        { id: 7, account: 2, number: 'A2', original: 9, paid: false },
        { id: 8, account: 3, number: 'A3', paid: false },
      ],
      billed: [{ id: 1, account: 2 }],
    };
    const report = await load(records);
    expect(Object.values(report.databases).map(({ failure }) => failure)).toEqual([undefined, undefined, undefined]);
    expect(countsOf(report)).toMatchObject({
      'shop.account': { inserted: 2 },
      'shop.invoice': { inserted: 1, rejected: 2 },
      'shop.billed': { inserted: 1 },
    });
    expect(await place.execute('shop', 'select account_id, number from billing.invoice')).toEqual([
      { account_id: 1, number: 'A1' },
    ]);
    expect(await place.execute('shop', "select indexname from pg_indexes where indexname like '%paid%'")).toHaveLength(
      1,
    );
    expect(countsOf(await load(records))).toMatchObject({
      'shop.account': { unchanged: 2 },
      'shop.invoice': { unchanged: 1, rejected: 2 },
      'shop.billed': { unchanged: 1 },
    });
  });
});
