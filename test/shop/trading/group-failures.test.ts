/** Groups of transactions on one SQLite file that cannot be begun or committed: each gets its own outcome, and none is left waiting. */
import { expect, jest, test } from '@jest/globals';
import SqliteFile from 'better-sqlite3';
import type { EntityManager } from '../../../src/database/database.ts';
import { GroupCommit } from '../../../src/shop/trading/group-commit.ts';
import { placeOrder } from '../../../src/shop/trading/place-order.ts';
import { receiveStock } from '../../../src/shop/trading/receive-stock.ts';
import type { Region } from '../../../src/shop/trading/region.ts';
import { Stock } from '../../../src/shop/trading/stock.entity.ts';
import { BOSTON, disagreements, openBoston, stockIn } from '../../support/boston.ts';
import { sqlitePlace } from '../../support/engines.ts';
import { watchStatements } from '../../support/faults/statements.ts';
import { makeFolder } from '../../support/folder.ts';
import type { Place } from '../../support/place.ts';

const IDS = [1, 2, 3, 4];

const insert = (productId: number) => (em: EntityManager) =>
  em.insert(Stock, { productId, name: null, unitPrice: '1.00', onHand: 1, version: 1 });

/** Another process that has the file. */
function lock(place: Place): { release(): void } {
  const { location } = place.options(BOSTON);
  const file = new SqliteFile(location.engine === 'sqlite' ? location.file : '');
  file.exec('begin immediate');
  return {
    release() {
      file.exec('rollback');
      file.close();
    },
  };
}

/** A place where a statement waits for no other process. */
async function boston(retrySeconds: number): Promise<{ readonly place: Place; readonly region: Region }> {
  const place = sqlitePlace(makeFolder());
  const region = await openBoston(place, { retrySeconds });
  await region.database.fork().execute('pragma busy_timeout = 0');
  return { place, region };
}

test('a database that stays locked ends the whole group, which is tried once', async () => {
  const { place, region } = await boston(0);
  const transactions = jest.spyOn(region.database, 'transaction');
  const group = new GroupCommit(region.database, 0);
  const other = lock(place);
  const results = await Promise.allSettled(IDS.map((id) => group.run(insert(id))));
  expect(results).toEqual(IDS.map(() => ({ status: 'rejected', reason: expect.objectContaining({ code: 'locked' }) })));
  expect(transactions).toHaveBeenCalledTimes(1);
  other.release();
  await Promise.all(IDS.map((id) => group.run(insert(id))));
  expect(await stockIn(place)).toHaveLength(IDS.length);
});

test('a lock that ends in time keeps no transaction of the group from being committed', async () => {
  const { place, region } = await boston(60);
  const transaction = region.database.transaction.bind(region.database);
  const other = lock(place);
  let attempts = 0;
  jest.spyOn(region.database, 'transaction').mockImplementation((work) => {
    attempts++;
    if (attempts === 3) {
      other.release();
    }
    return transaction(work);
  });
  const group = new GroupCommit(region.database, 60);
  await Promise.all(IDS.map((id) => group.run(insert(id))));
  expect(attempts).toBe(3);
  expect(await stockIn(place)).toHaveLength(IDS.length);
});

test('orders of a locked region are refused and not placed, and each is placed once when it is sent again', async () => {
  const { place, region } = await boston(0);
  await receiveStock(region, { productId: 1, quantity: 10, price: '1' });
  const orders = () =>
    Promise.allSettled(
      IDS.map((id) => placeOrder(region, { userId: 1, key: `key-${id}`, items: [{ productId: 1, quantity: 1 }] })),
    );
  const other = lock(place);
  expect(await orders()).toEqual(IDS.map(() => expect.objectContaining({ status: 'rejected' })));
  other.release();
  expect(await stockIn(place)).toMatchObject([{ on_hand: 10 }]);
  const placed = (results: Awaited<ReturnType<typeof orders>>) =>
    results.map((one) => (one.status === 'fulfilled' ? one.value.result : one.reason));
  expect(placed(await orders())).toEqual(IDS.map(() => 'placed'));
  await orders();
  expect(await stockIn(place)).toMatchObject([{ on_hand: 10 - IDS.length }]);
  expect(await disagreements(place)).toEqual([]);
});

test('a commit that the database refuses is that of the transaction which is its cause', async () => {
  const { place, region } = await boston(0);
  const { database } = region;
  await database.fork().execute('create table parent (id integer primary key)');
  await database
    .fork()
    .execute('create table child (parent integer references parent (id) deferrable initially deferred)');
  const group = new GroupCommit(database, 0);
  const results = await Promise.allSettled([
    group.run(insert(1)),
    group.run(async (em) => {
      await insert(2)(em);
      await em.execute('insert into child (parent) values (9)');
    }),
    group.run(insert(3)),
  ]);
  expect(results.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
  expect((results[1] as PromiseRejectedResult).reason).toMatchObject({
    message: expect.stringMatching(/foreign key/i),
  });
  expect((await stockIn(place)).map(({ product_id }) => product_id)).toEqual([1, 3]);
  // nothing is left open
  await group.run(insert(4));
  expect(await stockIn(place)).toHaveLength(3);
});

test.each(['begin', 'commit'])('where every %s fails, all are refused, and nothing is stored', async (statement) => {
  const { place, region } = await boston(0);
  const group = new GroupCommit(region.database, 0);
  const failing = {
    before(_: number, sql: string) {
      if (sql.toLowerCase().startsWith(statement)) {
        throw Object.assign(new Error('disk I/O error'), { code: 'SQLITE_IOERR' });
      }
    },
  };
  await watchStatements(failing, async () => {
    const results = await Promise.allSettled(IDS.map((id) => group.run(insert(id))));
    expect(results.map(({ status }) => status)).toEqual(IDS.map(() => 'rejected'));
  });
  expect(await stockIn(place)).toEqual([]);
  await Promise.all(IDS.map((id) => group.run(insert(id))));
  expect(await stockIn(place)).toHaveLength(IDS.length);
});

test('a member that ends the transaction of the others leaves each with its own outcome', async () => {
  const { place, region } = await boston(0);
  const group = new GroupCommit(region.database, 0);
  // as SQLite does by itself when the disk is full
  const ending = group.run(async (em) => {
    await insert(2)(em);
    await em.execute('rollback');
    throw new Error('the disk is full');
  });
  const results = await Promise.allSettled([group.run(insert(1)), ending, group.run(insert(3))]);
  expect(results.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
  expect((await stockIn(place)).map(({ product_id }) => product_id)).toEqual([1, 3]);
});
