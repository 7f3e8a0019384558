/** What a person may call a region. */
import { expect, test } from '@jest/globals';
import { knownRegion } from '../../../src/shop/regions/databases.ts';

test('a known region', () => {
  expect(knownRegion('boston')).toBe('boston');
});

test.each([
  ['Boston', 'There is no region "Boston". Write boston.'],
  [' seattle ', 'There is no region " seattle ". Write seattle.'],
  [
    'bostn',
    /^There is no region "bostn"\. There are boston, seattle, denver\. A new one is made with npx meridian regions add bostn\./,
  ],
  ['x y', /^There is no region "x y"\. The name of a region has up to 40/],
  ['', /^There is no region ""\. The name of a region/],
  ['../etc', /^There is no region "\.\.\/etc"\. The name/],
])('%j', (name, message) => {
  expect(() => knownRegion(name)).toThrow(
    expect.objectContaining({ code: 'usage', message: expect.stringMatching(message) }),
  );
});
