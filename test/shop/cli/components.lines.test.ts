/** Component trees as lines, limited in number and depth. */
import { expect, test } from '@jest/globals';
import { treeLines } from '../../../src/shop/cli/components.lines.ts';
import type { ComponentList } from '../../../src/shop/documents/store.ts';
import { componentTree } from '../../../src/shop/products/components/tree.ts';
import { listOf } from '../../support/documents.ts';

async function lines(...lists: readonly ComponentList[]): Promise<string[]> {
  const store = {
    componentListsOf: async (ids: readonly number[]) => lists.filter((one) => ids.includes(one.productId)),
  };
  return [...treeLines(await componentTree(store, 1, 2n), new Map([[3, 'Bolt\u001b[2J\n']]))];
}

test('a part that is used twice is unfolded once', async () => {
  expect(await lines(listOf(1, 1, '2x1', '3x1'), listOf(2, 1, '3x5'), listOf(3, 1, '4x1000'))).toEqual([
    '2 of product 1',
    '  2 of product 2 (1 each)',
    '    10 of product 3, Bolt� (5 each)',
    '      10,000 of product 4 (1,000 each)',
    '  2 of product 3, Bolt� (1 each), expanded above',
  ]);
});

test('a deep one ends, and does not run off to the right', async () => {
  const deep = await lines(...Array.from({ length: 600 }, (_, index) => listOf(index + 1, 1, `${index + 2}x1`)));
  expect(deep).toHaveLength(501);
  expect(deep[499]).toBe(`${' '.repeat(80)}(level 499) 2 of product 500 (1 each)`);
  expect(deep.at(-1)).toBe('… and more: --json lists each product once, with its components.');
});
