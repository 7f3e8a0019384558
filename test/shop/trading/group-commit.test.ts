/** Orders that are placed at the same time on one SQLite file: committed together, each whole, and refused alone. */
import { expect, jest, test } from '@jest/globals';
import { nextTurn } from '../../../src/shared/environment.ts';
import { GroupCommit } from '../../../src/shop/trading/group-commit.ts';
import { placeOrder } from '../../../src/shop/trading/place-order.ts';
import { receiveStock } from '../../../src/shop/trading/receive-stock.ts';
import { Stock } from '../../../src/shop/trading/stock.entity.ts';
import { disagreements, openBoston, stockIn } from '../../support/boston.ts';
import { forEachEngineMigrated } from '../../support/engines.ts';

const ORDERS = 60;
const PIECES = 40;

forEachEngineMigrated('region', (makePlace, engine) => {
  test('orders share commits, and those that are short are refused alone', async () => {
    const place = await makePlace();
    const region = await openBoston(place);
    await receiveStock(region, { productId: 1, quantity: PIECES, price: '1' });
    await receiveStock(region, { productId: 2, quantity: 1000, price: '1' });
    const transactions = jest.spyOn(region.database, 'transaction');
    const order = (number: number) =>
      placeOrder(region, {
        userId: 1,
        key: `order-${number}`,
        // the first product is taken before the second one runs out
        items: [
          { productId: 1, quantity: 1 },
          { productId: 2, quantity: 1 },
        ],
      });
    const outcomes = await Promise.all(Array.from({ length: ORDERS }, (_, number) => order(number)));
    const placed = outcomes.filter(({ result }) => result === 'placed');
    expect(placed).toHaveLength(PIECES);
    expect((await stockIn(place)).map(({ on_hand }) => on_hand)).toEqual([0, 1000 - PIECES]);
    expect(await disagreements(place)).toEqual([]);
    if (engine === 'sqlite') {
      // the outcomes of refused orders are kept in transactions of their own
      expect(transactions.mock.calls.length).toBeLessThan(ORDERS / 2);
    }
  });

  test('those that arrive one turn of the event loop after the other share a commit', async () => {
    const { database } = await openBoston(await makePlace());
    const transactions = jest.spyOn(database, 'transaction');
    const group = new GroupCommit(database, 0);
    const counts: Promise<number>[] = [];
    for (let number = 0; number < 5; number++) {
      const turn = nextTurn();
      counts.push(group.run((em) => em.count(Stock)));
      await turn;
    }
    expect(await Promise.all(counts)).toEqual([0, 0, 0, 0, 0]);
    expect(transactions).toHaveBeenCalledTimes(1);
  });

  test('a group that cannot be committed is done again, one by one', async () => {
    const { database } = await openBoston(await makePlace());
    const transaction = database.transaction.bind(database);
    let commits = 0;
    jest.spyOn(database, 'transaction').mockImplementation((work) =>
      transaction(async (em) => {
        const result = await work(em);
        commits++;
        if (commits === 1) {
          throw new Error('the disk is full');
        }
        return result;
      }),
    );
    const group = new GroupCommit(database, 0);
    const insert = (productId: number) =>
      group.run((em) => em.insert(Stock, { productId, name: null, unitPrice: '1.00', onHand: 1, version: 1 }));
    const refused = group.run(async (em) => {
      await em.insert(Stock, { productId: 2, name: null, unitPrice: '1.00', onHand: 1, version: 1 });
      throw new Error('refused');
    });
    const results = await Promise.allSettled([refused, insert(1), insert(3)]);
    expect(results.map(({ status }) => status)).toEqual(['rejected', 'fulfilled', 'fulfilled']);
    expect(await database.fork().count(Stock)).toBe(2);
    expect(commits).toBe(3);
  });

  test('after the database was closed, each request is rejected, and says so', async () => {
    const { database } = await openBoston(await makePlace());
    expect(database.outside).toBe(database.outside);
    await database.close();
    expect(() => database.outside).toThrow('orders.boston: the database is closed.');
    const group = new GroupCommit(database, 0);
    const results = await Promise.allSettled([1, 2].map(() => group.run((em) => em.count(Stock))));
    expect(results).toEqual(
      [1, 2].map(() => ({
        status: 'rejected',
        reason: expect.objectContaining({
          code: 'program',
          message: 'orders.boston: the database is closed. Open it again to use it.',
        }),
      })),
    );
  });
});
