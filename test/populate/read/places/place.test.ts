/** URLs are shown without secrets, and those that cannot be read are refused. */
import { expect, test } from '@jest/globals';
import { expandPath } from '../../../../src/populate/read/places/expand.ts';
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

test.each([
  ['ftp://example.com/a.csv', /not with ftp:\/\/\. Get the file, and name its path\.$/],
  ['gs://bucket/a-*.csv', /not with gs:\/\/\. Get the file/],
  ['file:///tmp/a.csv', /not with file:\/\/\. Name the file by its path\.$/],
])('%s is no URL that can be read', (url, message) => {
  expect(() => expandPath(url)).toThrow(
    expect.objectContaining({ code: 'source', message: expect.stringMatching(message) }),
  );
});
