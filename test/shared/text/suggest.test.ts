/** What a misspelt name was meant to be. */
import { expect, test } from '@jest/globals';
import { mostSimilar, suggestion } from '../../../src/shared/text/suggest.ts';

test.each([
  ['reject', 'rejects'],
  ['Databases', 'databases'],
  ['lgo', 'log'],
  ['limit', 'limits'],
  ['dtaabases', 'databases'],
  ['colour', undefined],
  ['', undefined],
])('%p: %p', (name, expected) => {
  expect(mostSimilar(name, ['databases', 'modules', 'rejects', 'log', 'limits'])).toBe(expected);
});

test('the sentence names the one that was meant, or all', () => {
  expect(suggestion('user', ['users', 'orders'])).toBe('Did you mean users?');
  expect(suggestion('parcels', ['users', 'orders'])).toBe('There are users, orders.');
});
