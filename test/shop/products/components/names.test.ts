/** Names of products, beside what they are made of. */
import { expect, test } from '@jest/globals';
import { Database } from '../../../../src/database/database.ts';
import { products } from '../../../../src/shop/catalog.ts';
import { namesOf } from '../../../../src/shop/products/components/names.ts';
import { forEachEngine } from '../../../support/engines.ts';
import { openIn } from '../../../support/regional.ts';

test('there are none where there is no products database', async () => {
  expect(await namesOf([1, 2], async () => undefined)).toEqual(new Map());
});

forEachEngine((makePlace) => {
  test('products that are there have names', async () => {
    const place = await makePlace();
    const open = () => openIn(place, products);
    await open();
    await place.execute(
      'products',
      "insert into products (id, name, price_cents) values (1, 'Wheel', 100), (2, 'Cart', 900)",
    );
    expect(await namesOf([1, 2, 3], open)).toEqual(
      new Map([
        [1, 'Wheel'],
        [2, 'Cart'],
      ]),
    );
    expect(await namesOf([], open)).toEqual(new Map());
  });

  test('a database that cannot be read says so', async () => {
    const place = await makePlace();
    const open = () => Database.open(products, place.options('products'));
    await expect(namesOf([1], open)).rejects.toThrow(/products/);
  });
});
