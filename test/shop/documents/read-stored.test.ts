/** Documents as they are in the store, where they may have been changed by hand. */
import { expect, test } from '@jest/globals';
import { readStored } from '../../../src/shop/documents/read-stored.ts';
import { documentOf } from '../../support/documents.ts';

const { document } = documentOf({ region: 'boston', orderId: 1 });

test('a stored document is read', () => {
  expect(readStored(JSON.parse(JSON.stringify(document)))).toEqual(document);
});

test.each<[object]>([[{ total: 5 }], [{ lines: [] }], [{ details: { _bsontype: 'ObjectId' } }]])(
  'a document that was changed to %j is named, with its repair',
  (change) => {
    expect(() => readStored({ ...document, ...change })).toThrow(
      expect.objectContaining({
        code: 'document',
        message: expect.stringMatching(
          /^The document store holds a document that cannot be read, "key 1" of "boston": .*\. Another program has changed it; npx meridian documents rebuild restores it from its events\.$/,
        ),
      }),
    );
  },
);

test('any other error is thrown', () => {
  const odd = Object.defineProperty({ ...document }, 'lines', {
    get: () => {
      throw new TypeError('x is not a function');
    },
  });
  expect(() => readStored(odd)).toThrow(TypeError);
});
