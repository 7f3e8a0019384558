/** URLs are shown without secrets. */
import { expect, test } from '@jest/globals';
import { shownUrl } from '../../../../src/populate/read/places/place.ts';

test.each([
  ['https://me:secret@example.com/a.csv?token=hidden', 'https://example.com/a.csv'],
  // the last of the signs ends the password
  ['https://me:sec@ret@example.com/a.csv', 'https://example.com/a.csv'],
  ['HTTP://token@example.com/@scope/a.csv#part', 'HTTP://example.com/@scope/a.csv'],
  ['s3://bucket/a?b@c.csv', 's3://bucket/a?b@c.csv'],
  ['exports/a@b.csv', 'exports/a@b.csv'],
])('%s', (url, shown) => {
  expect(shownUrl(url)).toBe(shown);
});
