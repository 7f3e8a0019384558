/** Setting the components of a product: valid, never a circle, also with concurrent writers. */
import { beforeEach, describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { Database } from '../../../../src/database/database.ts';
import { products as declaration } from '../../../../src/shop/catalog.ts';
import type { Component } from '../../../../src/shop/documents/store.ts';
import { noteShipped, shipAgain, unshippedLists } from '../../../../src/shop/documents/unshipped.ts';
import { MAX_COMPONENTS, setComponents } from '../../../../src/shop/products/components/set.ts';
import { depth } from '../../../support/depth.ts';
import { forEachEngineMigratedThoroughly, type Place } from '../../../support/engines.ts';
import { openIn } from '../../../support/regional.ts';
import { loseNextAcknowledgementIn } from '../../../support/transactions.ts';

const part = (text: string): Component => {
  const [productId = 0, quantity = 0] = text.split('x').map(Number);
  return { productId, quantity };
};
const parts = (...texts: readonly string[]) => texts.map(part);

forEachEngineMigratedThoroughly('catalog', (makePlace, engine) => {
  let place: Place;
  let products: Database;

  beforeEach(async () => {
    place = await makePlace();
    products = await openIn(place, declaration);
    await addProducts(20);
  });

  async function addProducts(count: number): Promise<void> {
    const rows = Array.from({ length: count }, (_, index) => `(${index + 1}, 'Product ${index + 1}', 100)`);
    await place.execute('products', `insert into products (id, name, price_cents) values ${rows.join(', ')}`);
  }

  const stored = async () =>
    (await place.execute('products', 'select * from product_components order by product_id')).map((row) => [
      row['product_id'],
      row['version'],
      JSON.parse(String(row['components'])),
    ]);

  test('replaces the list, and counts changes', async () => {
    expect(await setComponents(products, 5, parts('12x4', '7x1'))).toEqual({
      productId: 5,
      version: 1,
      components: parts('7x1', '12x4'),
      isChanged: true,
    });
    expect(await setComponents(products, 5, parts('7x1', '12x4'))).toMatchObject({ version: 1, isChanged: false });
    expect(await setComponents(products, 5, parts('7x2'))).toMatchObject({ version: 2, isChanged: true });
    expect(await setComponents(products, 5, [])).toMatchObject({ version: 3, components: [], isChanged: true });
    expect(await setComponents(products, 6, [])).toMatchObject({ version: 0, isChanged: false });
    expect(await stored()).toEqual([[5, 3, []]]);
  });

  test('lists what the document store lacks, until it has that version', async () => {
    await setComponents(products, 5, parts('7x1'));
    const [first] = await unshippedLists(products, 0);
    expect(first).toEqual({ productId: 5, version: 1, components: parts('7x1') });
    await setComponents(products, 5, parts('7x2'));
    await noteShipped(products, first === undefined ? [] : [first]);
    expect(await unshippedLists(products, 0)).toMatchObject([{ version: 2 }]);
    await noteShipped(products, await unshippedLists(products, 0));
    expect(await unshippedLists(products, 0)).toEqual([]);
    expect(await shipAgain(products)).toBe(1);
    expect(await unshippedLists(products, 0)).toMatchObject([{ version: 2 }]);
    expect(await unshippedLists(products, 5)).toEqual([]);
  });

  describe('is refused', () => {
    test.each<[string, number, Component[], RegExp]>([
      ['a product that is not there', 99, parts('1x1'), /^Product 99 does not exist in the products database\./],
      ['components that are not there', 5, parts('98x1', '1x1', '99x1'), /^Products 98, 99 do not exist/],
      ['itself', 5, parts('5x1'), /^Product 5 cannot be made of itself\.$/],
      ['a component twice', 5, parts('7x1', '7x2'), /^Product 7 is named twice\./],
      [
        'none of a component',
        5,
        parts('7x0'),
        /^Product 7: the quantity has to be a whole number from 1 to 1,000,000,000, not 0/,
      ],
      ['too many of a component', 5, parts('7x1000000001'), /not 1000000001\.$/],
      ['half of a component', 5, [{ productId: 7, quantity: 0.5 }], /not 0\.5\.$/],
      ['an id that is none', 5, [{ productId: -7, quantity: 1 }], /^The id of a product is a whole number from 1/],
      ['a product without an id', Number.NaN, [], /^The id of a product is a whole number from 1 .* not NaN/],
      [
        'too many components',
        5,
        Array.from({ length: MAX_COMPONENTS + 1 }, (_, index) => ({ productId: index + 10, quantity: 1 })),
        /^A product can be made of at most 1000 different ones, and 1001 are named\./,
      ],
    ])('%s', async (_, productId, components, message) => {
      await expect(setComponents(products, productId, components)).rejects.toMatchObject({
        code: 'usage',
        message: expect.stringMatching(message),
      });
      expect(await stored()).toEqual([]);
    });

    test('a cycle, and it is named', async () => {
      await setComponents(products, 5, parts('12x4', '7x1'));
      await expect(setComponents(products, 12, parts('5x1'))).rejects.toMatchObject({
        code: 'usage',
        message: 'Product 12 cannot be made of this, for it would be a part of itself: 12 -> 5 -> 12.',
      });
      await setComponents(products, 12, parts('3x1', '4x1'));
      await setComponents(products, 4, parts('2x1'));
      await expect(setComponents(products, 2, parts('1x1', '5x9'))).rejects.toMatchObject({
        message: expect.stringContaining(': 2 -> 5 -> 12 -> 4 -> 2.'),
      });
      // one that is taken apart first may be put together the other way round
      await setComponents(products, 5, []);
      expect(await setComponents(products, 12, parts('5x1'))).toMatchObject({ isChanged: true });
    });

    test('a long cycle, shown by its ends', async () => {
      await place.execute('products', 'delete from products');
      await addProducts(100);
      for (let id = 1; id < 100; id++) {
        await setComponents(products, id, parts(`${id + 1}x1`));
      }
      await expect(setComponents(products, 100, parts('1x1'))).rejects.toMatchObject({
        message: expect.stringMatching(/: 100 -> 1 -> 2 -> .* -> … 81 more … -> .* -> 99 -> 100\.$/),
      });
    });
  });

  test('a change whose acknowledgement is lost is reported as a change, and made once', async () => {
    loseNextAcknowledgementIn(products);
    expect(await setComponents(products, 5, parts('7x1'))).toMatchObject({ version: 1, isChanged: true });
    expect(await setComponents(products, 5, parts('7x1'))).toMatchObject({ version: 1, isChanged: false });
  });

  test('concurrent writers create no cycle together', async () => {
    // connections of their own, as of several processes
    const others = await Promise.all([1, 2, 3].map(() => Database.open(declaration, place.options('products'))));
    try {
      for (const one of engine === 'sqlite' ? others : []) {
        // in one process, waiting would keep the one that is waited for from going on
        await one.engine.neverBlock(one.fork());
      }
      for (let round = 0; round < 15; round++) {
        const [a, b, c] = [round + 1, ((round + 1) % 18) + 1, ((round + 2) % 18) + 1];
        await Promise.all([a, b, c].map((id) => setComponents(products, id, [])));
        const settled = await Promise.allSettled(
          [
            [a, b],
            [b, c],
            [c, a],
          ].map(([of = 0, is = 0], index) => setComponents(others[index] ?? products, of, parts(`${is}x1`))),
        );
        const refused = settled.filter((one) => one.status === 'rejected');
        expect(refused).toHaveLength(1);
        expect(refused[0]?.reason).toMatchObject({
          code: 'usage',
          message: expect.stringContaining('a part of itself'),
        });
        for (const id of [a, b, c]) {
          await setComponents(products, id, []);
        }
      }
    } finally {
      await Promise.all(others.map((one) => one.close()));
    }
  });

  test('whatever is set, there is never a cycle', async () => {
    const id = fc.integer({ min: 1, max: 8 });
    const list = fc.uniqueArray(fc.record({ productId: id, quantity: fc.integer({ min: 1, max: 9 }) }), {
      selector: (one) => one.productId,
      maxLength: 4,
    });
    await fc.assert(
      fc.asyncProperty(fc.array(fc.tuple(id, list), { minLength: 5, maxLength: 25 }), async (changes) => {
        await place.execute('products', 'delete from product_components');
        const model = new Map<number, readonly Component[]>();
        for (const [productId, components] of changes) {
          const then = new Map(model).set(productId, components);
          const isGood = !hasCycle(then);
          const done = setComponents(products, productId, components).then(
            () => true,
            (error: { code: string }) => error.code !== 'usage',
          );
          expect(await done).toBe(isGood);
          if (isGood) {
            model.set(productId, components);
          }
        }
        for (const [productId, , components] of await stored()) {
          expect(new Map(components.map((one: Component) => [one.productId, one.quantity]))).toEqual(
            new Map(model.get(Number(productId))?.map((one) => [one.productId, one.quantity])),
          );
        }
      }),
      { numRuns: depth(3, 15) },
    );
  });
});

/** The simplest way to find out: whether a walk can get longer than there are products. */
function hasCycle(lists: ReadonlyMap<number, readonly Component[]>): boolean {
  let at = new Set(lists.keys());
  for (let step = 0; step <= lists.size; step++) {
    at = new Set([...at].flatMap((id) => (lists.get(id) ?? []).map((one) => one.productId)));
  }
  return at.size > 0;
}
