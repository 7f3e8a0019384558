/** A connection that breaks over a commit: what was done is not done again. */
import { expect, test } from '@jest/globals';
import { cancelOrder } from '../../../src/shop/trading/cancel-order.ts';
import { placeOrder } from '../../../src/shop/trading/place-order.ts';
import { receiveStock } from '../../../src/shop/trading/receive-stock.ts';
import { BOSTON, disagreements, onHandOf, openBoston } from '../../support/boston.ts';
import { describeWithPostgresql, makePostgresqlPlace, postgresqlPlace } from '../../support/engines.ts';
import { startProxy } from '../../support/postgresql/proxy.ts';

describeWithPostgresql('PostgreSQL', () => {
  test('delivery, order, refusal and cancellation are done once, and the caller sees no error', async () => {
    const direct = await makePostgresqlPlace();
    const proxy = await startProxy(direct.url(BOSTON));
    const place = postgresqlPlace((name) => proxy.urlOf(direct.url(name)));
    const region = await openBoston(place);

    proxy.loseNextCommit();
    expect(await receiveStock(region, { productId: 1, quantity: 5, price: '2' })).toMatchObject({
      onHand: 5,
      isRepeated: false,
    });
    expect(await onHandOf(direct, 1)).toBe(5);

    for (const key of ['K', undefined]) {
      proxy.loseNextCommit();
      const outcome = await placeOrder(region, { userId: 1, items: [{ productId: 1, quantity: 2 }], key });
      expect(outcome).toMatchObject({ result: 'placed', isRepeated: false, total: '4.00' });
    }
    expect(await direct.rowsOf('orders', BOSTON)).toHaveLength(2);
    expect(await onHandOf(direct, 1)).toBe(1);

    proxy.loseNextCommit();
    const refused = await placeOrder(region, { userId: 1, items: [{ productId: 1, quantity: 2 }], key: 'R' });
    expect(refused).toMatchObject({ result: 'refused', isRepeated: false });

    proxy.loseNextCommit();
    await cancelOrder(region, 1);
    expect(await onHandOf(direct, 1)).toBe(3);
    expect(await disagreements(direct)).toEqual([]);
  });
});
