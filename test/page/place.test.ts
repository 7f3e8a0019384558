/** Where the page is, as its address says it. */
import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { hashOf, placeOf } from '../../src/page/frame/place.ts';

test('an address leads back to where it was made', () => {
  const text = fc.string({ unit: 'grapheme' }).filter((one) => one.isWellFormed());
  const path = fc.array(text.filter((one) => one !== ''));
  const query = fc.dictionary(
    text,
    text.filter((one) => one !== ''),
  );
  fc.assert(
    fc.property(path, query, (parts, given) => {
      expect(placeOf(hashOf(parts, given))).toEqual({ path: parts, query: { ...given } });
    }),
  );
});

test('what is empty is left out, and what is not percent-encoded is taken as it is', () => {
  expect(hashOf([])).toBe('#/');
  expect(hashOf(['data', 'a/b'], { sort: '', after: undefined, total: 'true' })).toBe('#/data/a%2Fb?total=true');
  expect(placeOf('')).toEqual({ path: [], query: {} });
  expect(placeOf('#/data/100%/?a=b?c')).toEqual({ path: ['data', '100%'], query: { a: 'b?c' } });
});
