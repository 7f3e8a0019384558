/** What every document store has to do, whatever keeps the documents. */
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { parseJson } from '../../src/shared/json/parse.ts';
import { type Condition, readCondition } from '../../src/shop/documents/condition.ts';
import { type Details, type Json, MAX_DETAILS_DEPTH } from '../../src/shop/documents/model/details.ts';
import type { DocumentQuery, DocumentStore } from '../../src/shop/documents/store.ts';
import { whereUsed } from '../../src/shop/products/components/where-used.ts';
import { depth } from './depth.ts';
import { isTrueOf } from './document-model.ts';
import { documentOf, listOf } from './documents.ts';

/** Texts whose order differs with what is compared: UTF-16, UTF-8, a locale. */
const TEXTS = [
  '',
  'a',
  'B',
  'b',
  'é',
  'ab',
  'a ',
  '\u{1F600}',
  '\uFFFD',
  '10',
  '9',
  "it's",
  '"',
  '\\',
  '%',
  'true',
  'null',
];
const NAMES = [
  'a',
  'b',
  'c',
  'a b',
  'é',
  '"',
  '\\',
  "'",
  '-',
  'constructor',
  'toString',
  'length',
  'a$',
  '@',
  '*',
  '[0]',
  '#-1',
];
const NUMBERS = [0, 1, -1, 2, 10, 0.1, 0.5, -2.25, 1e-7, 1e15, 123456789.125, 4294967296, Number.MAX_SAFE_INTEGER];

const scalar = fc.oneof(fc.constantFrom(...TEXTS), fc.constantFrom(...NUMBERS), fc.boolean(), fc.constant(null));
const { details } = fc.letrec<{ value: unknown; object: unknown; details: Details }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 3, depthSize: 'small' },
    scalar,
    tie('object'),
    fc.array(fc.oneof({ maxDepth: 3 }, scalar, tie('object')), { maxLength: 3 }),
  ),
  object: fc.dictionary(fc.constantFrom(...NAMES), tie('value'), { maxKeys: 4 }),
  details: tie('object') as fc.Arbitrary<Details>,
}));
const path = fc
  .array(fc.constantFrom(...NAMES.slice(0, 9)), { minLength: 1, maxLength: 3 })
  .map((names) => ['details', ...names]);
const condition: fc.Arbitrary<Condition> = fc.oneof(
  fc.record({ kind: fc.constant('exists' as const), path, isThere: fc.boolean() }),
  fc.record({
    kind: fc.constant('compare' as const),
    path,
    operator: fc.constantFrom('=' as const, '!=' as const),
    value: scalar,
  }),
  fc.record({
    kind: fc.constant('compare' as const),
    path,
    operator: fc.constantFrom('>' as const, '>=' as const, '<' as const, '<=' as const),
    value: fc.oneof(fc.constantFrom(...TEXTS), fc.constantFrom(...NUMBERS)),
  }),
);

/**
 * @param isAtomic whether the server looks at what a statement replaces and replaces it in one step: FerretDB 1.24 does not, so
 *   that of several versions that are put at the very same moment another than the newest may stay
 */
export function describeDocumentStore(
  name: string,
  open: () => Promise<DocumentStore>,
  { isAtomic = true, numRuns = depth(10, 50) }: { readonly isAtomic?: boolean; readonly numRuns?: number } = {},
): void {
  describe(name, () => {
    let store: DocumentStore;
    beforeAll(async () => {
      store = await open();
    });
    afterAll(() => store?.close());

    let used = 0;
    /** A region that has no other documents. */
    const newRegion = () => `region-${++used}`;
    const find = async (query: Partial<DocumentQuery>, ...where: readonly string[]) =>
      (await store.findDocuments({ limit: 100, conditions: where.map(readCondition), ...query })).map(({ id }) => id);

    test('gives back what it was given, to the last character', async () => {
      const region = newRegion();
      let deep: Details = { end: true };
      // two deeper each time, in details that are one deep
      for (let depth = 2; depth + 2 <= MAX_DETAILS_DEPTH; depth += 2) {
        deep = { list: [deep, 1] };
      }
      const given = documentOf({
        region,
        country: 'Côte d’Ivoire',
        total: '90071992547409930.00',
        details: { deep, texts: TEXTS, numbers: NUMBERS, empty: {}, none: [], no: null, yes: true },
      });
      const { document } = given;
      await store.putDocuments([given]);
      const [found] = await store.findDocuments({ region, limit: 1 });
      expect(found).toEqual(document);
      expect(found?.totalCents).toBeNull();
      expect(Object.keys(found ?? {})).toEqual(Object.keys(document));
    });

    test('of two documents about one checkout the newer stays, in whatever order they come', async () => {
      const region = newRegion();
      const [old, newer, epoch] = [
        documentOf({ region, userId: 1 }),
        documentOf({ region, userId: 2, version: 2 }),
        documentOf({ region, userId: 3, epoch: 2 }),
      ];
      for (const [given, userId] of [
        [old, 1],
        [newer, 2],
        [old, 2],
        [epoch, 3],
        [newer, 3],
        [epoch, 3],
      ] as const) {
        await store.putDocuments([given, documentOf({ region, orderId: 2 })]);
        expect((await store.findDocuments({ region, limit: 5 })).map((one) => one.userId).sort()).toEqual(
          [1, userId].sort(),
        );
      }
    });

    test('says which documents it has not taken, and why', async () => {
      const region = newRegion();
      const first = documentOf({ region, orderId: 1, version: 2 });
      const another = documentOf({ region, orderId: 1, version: 2, placedAt: '2026-11-22T12:00:00.000Z' });
      expect(await store.putDocuments([first])).toEqual([]);
      expect(await store.putDocuments([first, documentOf({ region, orderId: 2 })])).toEqual([]);
      expect(
        await store.putDocuments([documentOf({ region, orderId: 1 }), documentOf({ region, orderId: 3 })]),
      ).toEqual([{ region, orderId: 1, reason: 'outdated' }]);
      expect(await store.putDocuments([documentOf({ region, orderId: 4 }), another])).toEqual([
        { region, orderId: 1, reason: 'conflict' },
      ]);
      expect(await find({ region, to: '2026-11-21T12:00:00.000Z' })).toEqual(['key 1', 'key 2', 'key 3', 'key 4']);
      expect(await store.putDocuments([{ ...another, epoch: 2 }])).toEqual([]);
      expect(await find({ region, from: '2026-11-22T12:00:00.000Z' })).toEqual(['key 1']);
    });

    test('says how new the documents of a region are, and never goes back', async () => {
      const region = newRegion();
      const mark = async () => (await store.watermarks()).get(region);
      expect(await mark()).toBeUndefined();
      await store.putDocuments([
        documentOf({ region, orderId: 1, seq: 7 }),
        documentOf({ region, orderId: 2, seq: 9, eventId: 'nine' }),
        documentOf({ region, orderId: 3 }),
      ]);
      expect(await mark()).toEqual({ epoch: 1, seq: 9, eventId: 'nine' });
      await store.putDocuments([documentOf({ region, orderId: 4, seq: 8 })]);
      expect(await mark()).toEqual({ epoch: 1, seq: 9, eventId: 'nine' });
      await store.putDocuments([documentOf({ region, orderId: 4, epoch: 2, seq: 1, eventId: 'one' })]);
      expect(await mark()).toEqual({ epoch: 2, seq: 1, eventId: 'one' });
      await store.forgetEarlierEpochs(region, 2);
      expect(await mark()).toEqual({ epoch: 2, seq: 1, eventId: 'one' });
      // an epoch without any documents
      await store.forgetEarlierEpochs(region, 4);
      expect(await mark()).toEqual({ epoch: 4, seq: 0, eventId: null });
      expect(await find({ region })).toEqual([]);
    });

    test('a region that is removed leaves neither documents nor a watermark, and others stay', async () => {
      const [region, other] = [newRegion(), newRegion()];
      await store.putDocuments([
        documentOf({ region, orderId: 1, epoch: 3, seq: 7 }),
        documentOf({ region: other, orderId: 2, seq: 4 }),
      ]);
      await store.forgetRegion(region);
      expect([await find({ region }), await find({ region: other })]).toEqual([[], ['key 2']]);
      const marks = await store.watermarks();
      expect([marks.get(region), marks.get(other)?.seq]).toEqual([undefined, 4]);
      // made again under the same name
      expect(await store.putDocuments([documentOf({ region, orderId: 1, seq: 1 })])).toEqual([]);
      expect((await store.watermarks()).get(region)).toMatchObject({ epoch: 1, seq: 1 });
    });

    test('documents that are put at the same time by several are there once each', async () => {
      const region = newRegion();
      const given = (version: number) =>
        Array.from({ length: 40 }, (_, index) => documentOf({ region, orderId: index + 1, userId: version, version }));
      await Promise.all([1, 1, 1, 1].map((version) => store.putDocuments(given(version))));
      expect((await store.findDocuments({ region, limit: 100 })).map(({ userId }) => userId)).toEqual(
        Array(40).fill(1),
      );
      if (isAtomic) {
        await Promise.all([2, 4, 5, 3].map((version) => store.putDocuments(given(version))));
        const found = await store.findDocuments({ region, limit: 100 });
        expect(found.map(({ userId }) => userId)).toEqual(Array(40).fill(5));
      }
    });

    test('forgets what a region published in earlier epochs, and nothing else', async () => {
      const [region, other] = [newRegion(), newRegion()];
      await store.putDocuments([
        documentOf({ region, orderId: 1, epoch: 1 }),
        documentOf({ region, orderId: 2, epoch: 2 }),
        documentOf({ region: other, orderId: 3, epoch: 1 }),
      ]);
      await store.forgetEarlierEpochs(region, 2);
      expect(await find({ region })).toEqual(['key 2']);
      expect(await find({ region: other })).toEqual(['key 3']);
    });

    test('finds by region, user, time and what is in them, the newest first, so many', async () => {
      const region = newRegion();
      const at = (day: number) => `2026-11-${day}T12:00:00.000Z`;
      await store.putDocuments([
        documentOf({
          region,
          orderId: 1,
          userId: 1,
          placedAt: at(11),
          details: { gift: { wrap: true }, tags: ['a', 'b'] },
        }),
        documentOf({
          region,
          orderId: 2,
          userId: 2,
          placedAt: at(13),
          details: { gift: { wrap: false } },
          country: 'France',
        }),
        documentOf({
          region,
          orderId: 3,
          userId: 1,
          placedAt: at(12),
          orders: [
            { id: 3, productId: 7, name: 'Mug', quantity: 1, unitPrice: '2.50' },
            { id: 4, productId: 8, name: null, quantity: 20, unitPrice: '0.99' },
          ],
        }),
        documentOf({ region, orderId: 5, userId: 1, placedAt: at(12) }),
      ]);
      const inRegion = (...where: readonly string[]) => find({ region }, ...where);
      expect(await inRegion()).toEqual(['key 2', 'key 3', 'key 5', 'key 1']);
      expect(await find({ region, limit: 2 })).toEqual(['key 2', 'key 3']);
      expect(await find({ region, userId: 1, from: at(12) })).toEqual(['key 3', 'key 5']);
      expect(await find({ region, to: at(12) })).toEqual(['key 3', 'key 5', 'key 1']);
      expect(await inRegion('details.gift.wrap=true')).toEqual(['key 1']);
      expect(await inRegion('details.gift.wrap="true"')).toEqual([]);
      expect(await inRegion('details.gift.wrap!=true')).toEqual(['key 2', 'key 3', 'key 5']);
      expect(await inRegion('details.gift')).toEqual(['key 2', 'key 1']);
      expect(await inRegion('!details.gift')).toEqual(['key 3', 'key 5']);
      expect(await inRegion('details.tags=b')).toEqual(['key 1']);
      expect(await inRegion('details.tags=b', 'details.tags=c')).toEqual([]);
      expect(await inRegion('lines.productId=8')).toEqual(['key 3']);
      expect(await inRegion('lines.quantity>=2', 'lines.quantity<2')).toEqual(['key 3']);
      expect(await inRegion('lines.unitPriceCents<100')).toEqual(['key 3']);
      expect(await inRegion('lines.name=null')).toEqual(['key 3']);
      expect(await inRegion('country=null')).toEqual(['key 3', 'key 5', 'key 1']);
      expect(await inRegion('country!=null')).toEqual(['key 2']);
      expect(await inRegion('country=France')).toEqual(['key 2']);
      expect(await inRegion('country>=G')).toEqual([]);
      expect(await inRegion("country=' or 1=1 --")).toEqual([]);
      expect(await inRegion("details.' or 1=1 --")).toEqual([]);
    });

    test('details as deep as they go are found at their bottom', async () => {
      const region = newRegion();
      const names = Array.from({ length: MAX_DETAILS_DEPTH }, () => 'a');
      const details = names.reduceRight<Json>((inner, name) => ({ [name]: inner }), true) as Details;
      await store.putDocuments([documentOf({ region, orderId: 1, details })]);
      expect(await find({ region }, `details.${names.join('.')}=true`)).toEqual(['key 1']);
      expect(await find({ region }, `details.${names.join('.')}`, `details.${names.join('.')}!=false`)).toEqual([
        'key 1',
      ]);
      expect(await find({ region }, `!details.${names.join('.')}`)).toEqual([]);
    });

    test('every condition means what it means in plain JavaScript', async () => {
      await fc.assert(
        fc.asyncProperty(
          fc.array(details, { minLength: 1, maxLength: 6 }),
          fc.array(condition, { minLength: 1, maxLength: 12 }),
          async (all, conditions) => {
            const region = newRegion();
            const documents = all.map((one, index) =>
              documentOf({ region, orderId: index + 1, details: parseJson(JSON.stringify(one)) as Details }),
            );
            await store.putDocuments(documents);
            expect(await store.findDocuments({ region, limit: 100 })).toEqual(
              documents.map(({ document }) => document),
            );
            const expected = (asked: readonly Condition[]) =>
              documents
                .map(({ document }) => document)
                .filter((document) => asked.every((one) => isTrueOf(document, one)))
                .map(({ id }) => id);
            for (const one of conditions) {
              expect({ one, ids: await find({ region, conditions: [one] }) }).toEqual({ one, ids: expected([one]) });
            }
            expect(await find({ region, conditions })).toEqual(expected(conditions));
          },
        ),
        { numRuns },
      );
    }, 300_000);

    test('of two component lists of one product the newer stays, and is found from both ends', async () => {
      const both = [listOf(501, 2, '502x4', '503x1'), listOf(502, 1, '503x2')];
      expect(await store.putComponentLists(both)).toEqual([]);
      expect(await store.putComponentLists(both)).toEqual([]);
      expect(await store.putComponentLists([listOf(501, 1, '504x1'), listOf(502, 1, '504x1')])).toEqual([
        { productId: 501, version: 2 },
        { productId: 502, version: 1 },
      ]);
      const byProduct = (ids: number[]) => store.componentListsOf(ids);
      expect(await byProduct([501])).toEqual([listOf(501, 2, '502x4', '503x1')]);
      expect(await byProduct([501, 502, 503])).toHaveLength(2);
      expect(await byProduct([])).toEqual([]);
      const users = async (id: number) => (await store.componentListsWith([id])).map((one) => one.productId).sort();
      expect(await users(503)).toEqual([501, 502]);
      expect(await users(504)).toEqual([]);
      expect(await whereUsed(store, 503)).toEqual([
        { productId: 501, directly: 1, inAll: 9n },
        { productId: 502, directly: 2, inAll: 2n },
      ]);
      await store.putComponentLists([listOf(501, 3)]);
      expect(await byProduct([501])).toEqual([listOf(501, 3)]);
      expect(await users(503)).toEqual([502]);
    });

    test('counts what it holds', async () => {
      const before = await store.count();
      await store.putDocuments([documentOf({ region: newRegion() })]);
      await store.putDocuments([]);
      await store.putComponentLists([listOf(601, 1, '602x1')]);
      await store.putComponentLists([]);
      expect(await store.count()).toEqual({
        documents: before.documents + 1,
        componentLists: before.componentLists + 1,
      });
    });
  });
}
