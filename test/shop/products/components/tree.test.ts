/** Trees of components: counted exactly, whatever their shape. */
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { Component, ComponentList } from '../../../../src/shop/documents/store.ts';
import { componentTree, leavesOf } from '../../../../src/shop/products/components/tree.ts';
import { whereUsed } from '../../../../src/shop/products/components/where-used.ts';
import { listOf } from '../../../support/documents.ts';

/** A store that consists of these lists. */
function storeOf(...lists: readonly ComponentList[]) {
  const byId = new Map(lists.map((list) => [list.productId, list]));
  const users = new Map<number, ComponentList[]>();
  for (const list of lists) {
    for (const { productId } of list.components) {
      users.set(productId, [...(users.get(productId) ?? []), list]);
    }
  }
  return {
    componentListsOf: async (ids: readonly number[]) => ids.flatMap((id) => byId.get(id) ?? []),
    componentListsWith: async (ids: readonly number[]) => [...new Set(ids.flatMap((id) => users.get(id) ?? []))],
  };
}

const bicycle = storeOf(
  listOf(1, 1, '2x2', '3x1', '9x8'),
  listOf(2, 1, '4x36', '5x1', '9x2'),
  listOf(3, 1, '5x4', '6x1'),
  listOf(7, 1, '4x1'),
);

describe('tree', () => {
  test('multiplies down and adds shared parts up', async () => {
    const tree = await componentTree(bicycle, 1, 10n);
    expect(leavesOf(tree).map(({ productId, needed }) => [productId, needed])).toEqual([
      [4, 720n],
      [5, 60n],
      [6, 10n],
      [9, 120n],
    ]);
    expect(tree.parts[0]).toEqual({
      productId: 1,
      needed: 10n,
      components: listOf(1, 1, '2x2', '3x1', '9x8').components,
    });
  });

  test('of a product that is made of nothing is the product', async () => {
    const tree = await componentTree(bicycle, 4, 3n);
    expect(tree.parts).toEqual([{ productId: 4, needed: 3n, components: [] }]);
    expect(leavesOf(tree)).toEqual([]);
  });

  test('counts beyond what a number holds', async () => {
    const most = 1_000_000_000;
    const store = storeOf(...[1, 2, 3, 4].map((id) => listOf(id, 1, `${id + 1}x${most}`)));
    const [leaf] = leavesOf(await componentTree(store, 1, BigInt(Number.MAX_SAFE_INTEGER)));
    expect(leaf?.needed).toBe(BigInt(Number.MAX_SAFE_INTEGER) * 10n ** 36n);
  });

  test('10,000 levels deep, and 10,000 wide', async () => {
    const deep = Array.from({ length: 10_000 }, (_, index) => listOf(index + 1, 1, `${index + 2}x1`));
    const wide = listOf(20_000, 1, '1x3', ...Array.from({ length: 10_000 }, (_, index) => `${30_000 + index}x2`));
    const store = storeOf(...deep, wide);
    const leaves = leavesOf(await componentTree(store, 20_000, 1n));
    expect(leaves).toHaveLength(10_001);
    expect(leaves[0]).toEqual({ productId: 10_001, needed: 3n, components: [] });
    const uses = await whereUsed(store, 10_001);
    expect(uses).toHaveLength(10_001);
    expect(uses.at(-1)).toEqual({ productId: 20_000, directly: undefined, inAll: 3n });
  });

  test('of parts that are shared too often to be unfolded', async () => {
    const store = storeOf(
      ...Array.from({ length: 60 }, (_, id) => listOf(2 * id + 1, 1, `${2 * id + 2}x1`, `${2 * id + 3}x1`)),
      ...Array.from({ length: 60 }, (_, id) => listOf(2 * id + 2, 1, `${2 * id + 3}x1`)),
    );
    const tree = await componentTree(store, 1, 1n);
    expect(leavesOf(tree)).toEqual([{ productId: 121, needed: 2n ** 60n, components: [] }]);
  });

  test('lists of different moments that form a circle are reported, not followed', async () => {
    const circle = storeOf(listOf(1, 1, '2x1'), listOf(2, 1, '3x1', '8x1'), listOf(3, 1, '4x1'), listOf(4, 1, '2x1'));
    const message = expect.stringMatching(
      /contain each other: (2 -> 3 -> 4 -> 2|3 -> 4 -> 2 -> 3|4 -> 2 -> 3 -> 4)\. Bring it up to date/,
    );
    await expect(componentTree(circle, 1, 1n)).rejects.toMatchObject({ code: 'document', message });
    await expect(whereUsed(circle, 8)).rejects.toMatchObject({ code: 'document', message });
  });
});

describe('where it is used', () => {
  test('directly first, then in what uses it', async () => {
    expect(await whereUsed(bicycle, 4)).toEqual([
      { productId: 2, directly: 36, inAll: 36n },
      { productId: 7, directly: 1, inAll: 1n },
      { productId: 1, directly: undefined, inAll: 72n },
    ]);
    expect(await whereUsed(bicycle, 9)).toEqual([
      { productId: 1, directly: 8, inAll: 12n },
      { productId: 2, directly: 2, inAll: 2n },
    ]);
    expect(await whereUsed(bicycle, 1)).toEqual([]);
  });
});

test('both agree with counting by unfolding everything', async () => {
  // products are made only of those with a greater id: no cycle
  const count = 8;
  const lists = fc.tuple(
    ...Array.from({ length: count }, (_, index) =>
      fc.uniqueArray(
        fc.record({
          productId: fc.integer({ min: index + 2, max: count + 1 }),
          quantity: fc.integer({ min: 1, max: 5 }),
        }),
        { selector: (one) => one.productId, maxLength: 3 },
      ),
    ),
  );
  await fc.assert(
    fc.asyncProperty(lists, fc.integer({ min: 1, max: 100 }), async (all, quantity) => {
      const store = storeOf(...all.map((components, index) => ({ productId: index + 1, version: 1, components })));
      const unfold = (id: number, times: number, counts: Map<number, number>): Map<number, number> => {
        counts.set(id, (counts.get(id) ?? 0) + times);
        for (const one of (all[id - 1] ?? []) as Component[]) {
          unfold(one.productId, times * one.quantity, counts);
        }
        return counts;
      };
      const tree = await componentTree(store, 1, BigInt(quantity));
      expect(new Map(tree.parts.map((part) => [part.productId, Number(part.needed)]))).toEqual(
        unfold(1, quantity, new Map()),
      );
      const uses = new Map((await whereUsed(store, count + 1)).map((use) => [use.productId, Number(use.inAll)]));
      const expected = new Map(
        all
          .map((_, index) => [index + 1, unfold(index + 1, 1, new Map()).get(count + 1) ?? 0] as const)
          .filter(([, times]) => times > 0),
      );
      expect(uses).toEqual(expected);
    }),
  );
});
