/** Documents of a region wait as long as the document store has some of it that central does not know. */
import { beforeEach, expect, test } from '@jest/globals';
import { positionOf } from '../../../src/replication/inbox/cursor.ts';
import type { Batch, ShippedEvent } from '../../../src/replication/transport/transport.ts';
import { applyBatch } from '../../../src/shop/central/apply.ts';
import { queueLength } from '../../../src/shop/central/document-queue.ts';
import { feedOnce } from '../../../src/shop/documents/feed.ts';
import { type DocumentParts, documentOf } from '../../support/documents.ts';
import { forEachEngineThoroughly } from '../../support/engines.ts';
import { type FeedScene, feedScene, publishDocument } from '../../support/feeding.ts';
import { regionalPlace } from '../../support/regional.ts';
import { batchOf, checkoutAt, completedAt } from '../../support/shipped.ts';

const never = new AbortController().signal;

forEachEngineThoroughly((_, engine) => {
  let scene: FeedScene;

  beforeEach(async () => {
    scene = await feedScene(await regionalPlace(engine));
  });

  const once = () =>
    feedOnce(scene.central, { signal: never, openStore: scene.openStore, openProducts: scene.openProducts });
  const inStore = async () => (await scene.store.findDocuments({ limit: 5000 })).map(({ id }) => id).sort();
  const waiting = async () => (await queueLength(scene.central)).waiting;
  const checkoutOf = (orderId: number, seq: number, eventId: string, rest: DocumentParts = {}) =>
    checkoutAt(seq, { orderId, ...rest }, { eventId });
  const apply = (events: readonly ShippedEvent[], rest: Partial<Batch> = {}) =>
    applyBatch(scene.central, batchOf(events, rest));
  const documentsIn = async () => (await positionOf(scene.central, 'boston'))?.documents;

  test('keeps those of the region waiting until central knows them as well', async () => {
    await apply([checkoutOf(1, 1, 'first')]);
    await scene.store.putDocuments([documentOf({ orderId: 2, seq: 2, eventId: 'second' })]);
    await publishDocument(scene.central, { orderId: 9, region: 'denver' });
    const result = await once();
    expect(result).toMatchObject({ documents: 1, refused: 0, failure: undefined });
    expect(result.withheld.get('boston')?.message).toBe(
      `boston: the document store, ${scene.store.place}, has documents up to event 2 of epoch 1 that are not of the events which central knows, so one of them was restored from a backup. ` +
        'Further documents of boston wait in central until its relay has compared itself with the store: run npx meridian sync where the database of boston can be reached.',
    );
    expect([await inStore(), await waiting()]).toEqual([['key 2', 'key 9'], 1]);
    // the relay sees it
    expect(await documentsIn()).toEqual({ epoch: 1, seq: 2, eventId: 'second', isForeign: false });
    // central alone was restored, and is sent what it lacks
    await apply([checkoutOf(2, 2, 'second')]);
    expect(await once()).toMatchObject({ documents: 2, refused: 0, withheld: new Map() });
    expect([await inStore(), await waiting()]).toEqual([['key 1', 'key 2', 'key 9'], 0]);
  });

  test('keeps them waiting where central knows other events, until they come in a later epoch', async () => {
    await apply([checkoutOf(1, 1, 'first')]);
    await scene.store.putDocuments([
      documentOf({ orderId: 2, seq: 2, eventId: 'lost', userId: 2 }),
      documentOf({ orderId: 3, seq: 3, eventId: 'lost too', userId: 2 }),
    ]);
    await apply([checkoutOf(2, 2, 'another'), checkoutOf(4, 3, 'one more')]);
    expect((await once()).withheld.has('boston')).toBe(true);
    expect(await documentsIn()).toEqual({ epoch: 1, seq: 3, eventId: 'lost too', isForeign: true });
    await apply([checkoutOf(1, 1, 'a'), checkoutOf(2, 2, 'b'), checkoutOf(4, 3, 'c'), completedAt(4, 2)], {
      epoch: 2,
    });
    expect(await once()).toMatchObject({ documents: 3, refused: 0 });
    expect(await scene.store.findDocuments({ limit: 5, userId: 2 })).toEqual([]);
    expect([await inStore(), await waiting()]).toEqual([['key 1', 'key 2', 'key 4'], 0]);
  });

  test('reports them to the relay where they are of an epoch that central has left behind', async () => {
    await apply([checkoutOf(1, 1, 'first')]);
    await scene.store.putDocuments([documentOf({ orderId: 2, seq: 2, eventId: 'second' })]);
    await apply([checkoutOf(1, 1, 'a')], { epoch: 2 });
    expect(await once()).toMatchObject({ documents: 1, withheld: new Map() });
    expect(await documentsIn()).toEqual({ epoch: 1, seq: 2, eventId: 'second', isForeign: true });
    await once();
    expect(await documentsIn()).toEqual({ epoch: 2, seq: 1, eventId: 'a', isForeign: false });
  });

  test('keeps them waiting where it is in a later epoch than central', async () => {
    await apply([checkoutOf(1, 1, 'first')]);
    await scene.store.putDocuments([documentOf({ orderId: 1, epoch: 2, seq: 1, eventId: 'sent again' })]);
    expect((await once()).withheld.has('boston')).toBe(true);
    await apply([checkoutOf(1, 1, 'other')], { epoch: 2 });
    expect((await once()).withheld.has('boston')).toBe(true);
    await apply([checkoutOf(1, 1, 'last')], { epoch: 3 });
    expect(await once()).toMatchObject({ documents: 1, refused: 0 });
  });

  test('keeps them waiting where it has the document of another checkout, until they come in a later epoch', async () => {
    // from before the store had watermarks
    await scene.store.putDocuments([documentOf({ orderId: 1, userId: 2 })]);
    const placedAt = '2026-11-22T12:00:00.000Z';
    await apply([checkoutOf(1, 1, 'first', { placedAt }), checkoutOf(2, 2, 'second')]);
    const result = await once();
    expect(result).toMatchObject({ documents: 1, refused: 0, failure: undefined });
    expect(result.withheld.get('boston')?.message).toBe(
      `boston: the document store, ${scene.store.place}, has the document of another checkout for order 1 in epoch 1, so one of them was restored from a backup. ` +
        'Further documents of boston wait in central until its relay has compared itself with the store: run npx meridian sync where the database of boston can be reached.',
    );
    expect(await waiting()).toBe(1);
    expect(await documentsIn()).toMatchObject({ isForeign: true });
    expect((await once()).withheld.has('boston')).toBe(true);
    expect(await documentsIn()).toMatchObject({ epoch: 1, seq: 2, isForeign: true });
    await apply([checkoutOf(1, 1, 'a', { placedAt }), checkoutOf(2, 2, 'b'), completedAt(3, 2)], { epoch: 2 });
    expect(await once()).toMatchObject({ documents: 2, refused: 0 });
    expect((await scene.store.findDocuments({ limit: 5 })).map(({ userId }) => userId)).toEqual([1, 1]);
    expect(await documentsIn()).toMatchObject({ epoch: 1, isForeign: true });
    await once();
    expect(await documentsIn()).toEqual({ epoch: 2, seq: 2, eventId: 'b', isForeign: false });
  });
});
