/** Products: what they sold and what is left of them. */
import { expect, test } from '@jest/globals';
import { productsReport } from '../../../../src/shop/central/reports/products.ts';
import { addOrders, addStock, centralIn } from '../../../support/central.ts';
import { forEachEngineThoroughly } from '../../../support/engines.ts';

forEachEngineThoroughly((makePlace) => {
  test('sold or in a stock, by revenue, then by name, then by id', async () => {
    const central = await centralIn(await makePlace());
    await addOrders(central, [
      { productId: 1, quantity: 2 },
      { productId: 1, quantity: 3, region: 'denver' },
      { productId: 2, quantity: 5, unitPrice: '2.00' },
      { productId: 2, quantity: 1, status: 'pending' },
      { productId: 3, quantity: 1, unitPrice: null },
    ]);
    await addStock(central, [
      { productId: 1, name: 'Mug', onHand: 4 },
      { productId: 1, name: 'Mug', onHand: 6, region: 'denver' },
      { productId: 9, name: 'Vase', onHand: 0 },
      { productId: 8, name: 'Vase', onHand: 1 },
      { productId: 7, name: null, onHand: 2 },
    ]);
    expect(await productsReport(central)).toEqual({
      rows: [
        { product: 2, name: null, orders: 1, units: 5n, revenueCents: 1000n, onHand: null },
        { product: 1, name: 'Mug', orders: 2, units: 5n, revenueCents: 750n, onHand: 10n },
        { product: 8, name: 'Vase', orders: 0, units: 0n, revenueCents: 0n, onHand: 1n },
        { product: 9, name: 'Vase', orders: 0, units: 0n, revenueCents: 0n, onHand: 0n },
        { product: 3, name: null, orders: 1, units: 1n, revenueCents: 0n, onHand: null },
        { product: 7, name: null, orders: 0, units: 0n, revenueCents: 0n, onHand: 2n },
      ],
      pendingOrders: 1,
      unpricedOrders: 1,
      undatedOrders: 0,
    });
  });

  test('have the name of the newest state that names them', async () => {
    const central = await centralIn(await makePlace());
    await addStock(central, [
      { region: 'boston', name: 'Old', epoch: 1, version: 9 },
      { region: 'denver', name: 'New', epoch: 2, version: 3 },
      { region: 'seattle', name: null, epoch: 3, version: 1 },
      { region: 'austin', name: 'Older', epoch: 2, version: 2 },
    ]);
    expect((await productsReport(central)).rows.map(({ name }) => name)).toEqual(['New']);
  });

  test('more pieces on hand than a number holds', async () => {
    const central = await centralIn(await makePlace());
    const onHand = Number.MAX_SAFE_INTEGER;
    await addStock(central, [{ onHand }, { onHand, region: 'denver' }, { onHand: 1, region: 'seattle' }]);
    expect((await productsReport(central)).rows.map((row) => row.onHand)).toEqual([BigInt(onHand) * 2n + 1n]);
  });

  test('none', async () => {
    expect((await productsReport(await centralIn(await makePlace()))).rows).toEqual([]);
  });
});
