/** What in an address a screen does not know. */
import { expect, test } from '@jest/globals';
import { unknownIn } from '../../src/page/frame/addresses.ts';
import { placeOf } from '../../src/page/frame/place.ts';

const ADDRESSES = { '': [], 'sales/:by': ['from'], ':database/:entity/:key+': ['sort', 'filter.*'] };

test.each([
  ['#/', []],
  ['#/?from=1', ['from']],
  ['#/screen?from=1', ['from']],
  ['#/screen/sales/day?from=1&to=2', ['to']],
  ['#/screen/users/user/1?filter.id=1&sort=id&filters=1', ['filters']],
  ['#/screen/users/user/1/2', []],
  ['#/screen/sales', undefined],
  ['#/screen/users/user', undefined],
])('in %s', (address, unknown) => {
  expect(unknownIn(ADDRESSES, placeOf(address))).toEqual(unknown);
});
