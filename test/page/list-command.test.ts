/** The command of a list: it finds the rows that the list has. */
import { expect, test } from '@jest/globals';
import { Entity, Enum, Index, PrimaryKey, Property } from '@mikro-orm/decorators/legacy';
import { Database } from '../../src/database/database.ts';
import type { DatabaseDeclaration } from '../../src/database/declaration.ts';
import { listCommand, listPath, type Query } from '../../src/page/data/list-state.ts';
import type { Description } from '../../src/page/frame/description.ts';
import { query } from '../../src/query/query.ts';
import { sqlitePlace } from '../support/engines.ts';
import { makeFolder } from '../support/folder.ts';
import { makeTables, serve } from '../support/served.ts';

/** The names of the table and of a column are words of SQL. */
@Entity({ tableName: 'order', discriminatorColumn: 'kind', abstract: true })
abstract class Order {
  @PrimaryKey({ type: 'integer', autoincrement: false })
  id!: number;

  @Enum({ items: ['sale', 'return'] })
  kind!: string;

  @Property({ type: 'datetime' })
  @Index()
  from!: Date;

  @Property({ type: 'boolean' })
  @Index()
  isPaid!: boolean;
}

@Entity({ discriminatorValue: 'sale' })
class Sale extends Order {}

@Entity({ discriminatorValue: 'return' })
class Return extends Order {}

const shop: DatabaseDeclaration = {
  name: 'shop',
  entities: [
    { name: 'sale', entity: Sale },
    { name: 'return', entity: Return },
  ],
  others: [Order],
};

test('the command finds the rows of the class, by instants, booleans and names that are words of SQL', async () => {
  const place = sqlitePlace(makeFolder());
  await makeTables(place, [shop]);
  const { ask } = await serve(place, [shop]);
  const rows = [
    { id: 1, from: '2026-01-31T12:00:00.000Z', isPaid: true },
    { id: 2, from: '2026-02-01T00:00:00.000Z', isPaid: false },
  ];
  for (const body of rows) {
    await ask('POST', '/api/databases/shop/sale', { body });
  }
  await ask('POST', '/api/databases/shop/return', { body: { ...rows[0], id: 3 } });
  const { databases } = (await ask('GET', '/api/description')).body as unknown as Description;
  const sale = databases[0]?.entities.find(({ name }) => name === 'sale');
  if (sale === undefined) {
    throw new Error('The description has no sale.');
  }
  const database = await Database.open(shop, place.options('shop'));
  try {
    const queries: readonly Query[] = [
      {},
      { sort: '-from' },
      { 'filter.from': '2026-01-31T12:00:00Z' },
      { 'filter.from.gt': '2026-01-31T13:00:00+01:00' },
      { 'filter.isPaid': 'true' },
      { search: 'false' },
    ];
    const found = await Promise.all(
      queries.map(async (one) => {
        const [, sql = ''] = /^npx meridian query '(.*)'$/s.exec(listCommand('shop', sale, one)) ?? [];
        const ids = await idsOf(database, sql.replaceAll(`'\\''`, "'"));
        return [ids, await listed(one)];
      }),
    );
    expect(found).toEqual([
      [
        [1, 2],
        [1, 2],
      ],
      [
        [2, 1],
        [2, 1],
      ],
      [[1], [1]],
      [[2], [2]],
      [[1], [1]],
      [[2], undefined],
    ]);
  } finally {
    await database.close();
  }

  async function listed(one: Query): Promise<readonly unknown[] | undefined> {
    return one['search'] === undefined
      ? (await ask('GET', listPath(sale as NonNullable<typeof sale>, one))).body.rows.map(({ id }) => id)
      : undefined;
  }
});

async function idsOf(database: Database, sql: string): Promise<readonly unknown[]> {
  return query([database], { sql, signal: new AbortController().signal }, async ({ columns, batches }) => {
    const ids: unknown[] = [];
    for await (const batch of batches) {
      ids.push(...batch.map((row) => row[columns.indexOf('id')]));
    }
    return ids;
  });
}
