/** Names of classes in words. */
import { expect, test } from '@jest/globals';
import { capitalised, withArticle, wordsOf } from '../../../src/shared/text/words.ts';

test.each([
  ['User', 'user'],
  ['OrderLine', 'order line'],
  ['HTTPRoute', 'http route'],
  ['order_line', 'order line'],
  ['Log2File', 'log2 file'],
])('%s is %s', (name, words) => {
  expect(wordsOf(name)).toBe(words);
});

test('a sentence begins with a capital letter', () => {
  expect(capitalised('order line')).toBe('Order line');
  expect(capitalised('')).toBe('');
});

test('a noun has its article', () => {
  expect(['order', 'Item', 'user', 'product'].map(withArticle)).toEqual(['an order', 'an Item', 'a user', 'a product']);
});
