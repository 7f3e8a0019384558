/** Deliveries: where name and price come from, and that each is counted once. */
import { beforeEach, expect, test } from '@jest/globals';
import { receiveStock } from '../../../src/shop/trading/receive-stock.ts';
import type { Region } from '../../../src/shop/trading/region.ts';
import { addUsersAndProducts, disagreements, eventsIn, onHandOf, openBoston, stockIn } from '../../support/boston.ts';
import { forEachEngineMigratedThoroughly, type Place } from '../../support/engines.ts';

forEachEngineMigratedThoroughly('region', (makePlace) => {
  let place: Place;
  let region: Region;

  beforeEach(async () => {
    place = await makePlace();
    region = await openBoston(place);
  });

  test('name and price of a new product come from the products database, unless a price is given', async () => {
    await addUsersAndProducts(place);
    expect(await receiveStock(region, { productId: 2, quantity: 5 })).toMatchObject({
      productId: 2,
      name: 'Product 2',
      unitPrice: '2.00',
      onHand: 5,
      received: 5,
    });
    expect(await receiveStock(region, { productId: 3, quantity: 1, price: '0' })).toMatchObject({ unitPrice: '0.00' });
    await place.execute('products', 'update products set price_cents = 700');
    expect(await receiveStock(region, { productId: 2, quantity: 5 })).toMatchObject({ unitPrice: '2.00', onHand: 10 });
    expect(await receiveStock(region, { productId: 2, quantity: 1, price: '4.5' })).toMatchObject({
      unitPrice: '4.50',
    });
    expect((await eventsIn(place)).map(({ type }) => type)).toEqual(Array(4).fill('received'));
    expect(await disagreements(place)).toEqual([]);
  });

  test('a product that does not exist is refused', async () => {
    await addUsersAndProducts(place);
    await expect(receiveStock(region, { productId: 9, quantity: 1, price: '1' })).rejects.toMatchObject({
      code: 'usage',
      message: expect.stringMatching(/^Product 9 does not exist/),
    });
    expect(await stockIn(place)).toEqual([]);
  });

  test.each([
    [
      `name = '${'x'.repeat(101)}'`,
      /^Product 1 cannot be sold in boston, for central could not read .*: Name can have at most 100/,
    ],
    [
      'price_cents = 1000000000000',
      /: Unit price can be at most 9,999,999,999\.99\. Correct it in the products database/,
    ],
    ['price_cents = -1', /: Unit price cannot be negative\./],
  ])('a product that others have given %s is refused', async (change, message) => {
    await addUsersAndProducts(place);
    await place.execute('products', `update products set ${change} where id = 1`);
    await expect(receiveStock(region, { productId: 1, quantity: 1 })).rejects.toMatchObject({
      code: 'usage',
      message: expect.stringMatching(message),
    });
    expect(await stockIn(place)).toEqual([]);
    expect(await receiveStock(region, { productId: 2, quantity: 1 })).toMatchObject({ onHand: 1 });
  });

  test('while products are out of reach, a price is needed for a new one, and the name follows later', async () => {
    await expect(receiveStock(region, { productId: 1, quantity: 1 })).rejects.toMatchObject({
      code: 'usage',
      message: expect.stringMatching(/new in boston.*--price/),
    });
    expect(await receiveStock(region, { productId: 1, quantity: 1, price: '5' })).toMatchObject({ name: null });
    expect(await receiveStock(region, { productId: 1, quantity: 1 })).toMatchObject({
      name: null,
      onHand: 2,
      unitPrice: '5.00',
    });
    await addUsersAndProducts(place);
    const later = await openBoston(place);
    expect(await receiveStock(later, { productId: 1, quantity: 1 })).toMatchObject({
      name: 'Product 1',
      unitPrice: '5.00',
    });
    expect(await disagreements(place)).toEqual([]);
  });

  test('a key counts once, and for one delivery only', async () => {
    const delivery = { productId: 1, quantity: 5, price: '1.5', key: 'K' };
    const first = await receiveStock(region, delivery);
    expect(await receiveStock(region, { ...delivery, price: '1.50' })).toEqual({ ...first, isRepeated: true });
    expect(await onHandOf(place, 1)).toBe(5);
    await expect(receiveStock(region, { ...delivery, quantity: 6 })).rejects.toMatchObject({
      code: 'usage',
      message: expect.stringMatching(/something else: delivery: 5 of product 1 at 1\.50\./),
    });
  });

  test.each([
    [{ productId: 1, quantity: 0, price: '1' }, /Quantity must be positive/],
    [{ productId: 1, quantity: 1e9 + 1, price: '1' }, /at most 1,000,000,000/],
    [{ productId: 0, quantity: 1, price: '1' }, /Product id must be positive/],
    [{ productId: 1, quantity: 1, price: '-1' }, /Unit price cannot be negative/],
    [{ productId: 1, quantity: 1, price: '1.999' }, /at most two decimals/],
    [{ productId: 1, quantity: 1, price: '10000000000' }, /at most 9,999,999,999\.99/],
    [{ productId: 1, quantity: 1, price: '1', key: '' }, /Key cannot be empty/],
  ])('%j breaks a rule', async (delivery, message) => {
    await expect(receiveStock(region, delivery)).rejects.toMatchObject({
      code: 'usage',
      message: expect.stringMatching(message),
    });
    expect(await stockIn(place)).toEqual([]);
  });

  test('more than can be counted is refused', async () => {
    await receiveStock(region, { productId: 1, quantity: 1, price: '1' });
    await place.execute('orders.boston', `update stock set on_hand = ${Number.MAX_SAFE_INTEGER - 1}`);
    await receiveStock(region, { productId: 1, quantity: 1 });
    await expect(receiveStock(region, { productId: 1, quantity: 1 })).rejects.toMatchObject({ code: 'database' });
    expect(await onHandOf(place, 1)).toBe(Number.MAX_SAFE_INTEGER);
  });
});
