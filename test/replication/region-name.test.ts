/** Region names: what can be one, and which one a text from outside stands for. */
import { expect, test } from '@jest/globals';
import { isRegionName, regionNameOf, regionOf } from '../../src/replication/region-name.ts';

test.each([
  ['boston', 'boston'],
  ['United Kingdom', 'united-kingdom'],
  ['  New  York, NY ', 'new-york-ny'],
  ['São Paulo', 'sao-paulo'],
  ['ÅLAND', 'aland'],
  ['R2D2', 'r2d2'],
  ['7', '7'],
  ['a_b.c/d', 'a-b-c-d'],
  ['--a--', 'a'],
  ['../../etc', 'etc'],
  ['x'.repeat(40), 'x'.repeat(40)],
  ['x'.repeat(41), undefined],
  ['', undefined],
  [' ', undefined],
  ['???', undefined],
  ['日本', undefined],
])('%p names %p', (text, name) => {
  expect(regionNameOf(text)).toBe(name);
  expect(name === undefined || isRegionName(name)).toBe(true);
});

test('a database is named after its region', () => {
  expect(regionOf('orders.new-york')).toBe('new-york');
});
