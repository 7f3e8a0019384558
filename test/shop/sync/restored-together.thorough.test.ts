/**
 * Region and central are both restored from backups of the same moment, and agree with each other. The document store, which was not,
 * still has what they have lost.
 */
import { expect, test } from '@jest/globals';
import type { Database } from '../../../src/database/database.ts';
import { beginEpoch } from '../../../src/replication/outbox/epoch.ts';
import { documents as documentsDeclaration } from '../../../src/shop/catalog.ts';
import { compare } from '../../../src/shop/compare/compare.ts';
import { sqlDocumentStore } from '../../../src/shop/documents/sql/store.ts';
import { syncOnce } from '../../../src/shop/sync/sync.ts';
import { placeOrder } from '../../../src/shop/trading/place-order.ts';
import { receiveStock } from '../../../src/shop/trading/receive-stock.ts';
import type { Region } from '../../../src/shop/trading/region.ts';
import { backUp } from '../../support/backup.ts';
import { BOSTON, openBoston } from '../../support/boston.ts';
import { type EngineName, forEachEngineThoroughly, type Place } from '../../support/engines.ts';
import { pointAt } from '../../support/point-at.ts';
import { openCentral, openIn, regionalPlace, SWIFT } from '../../support/regional.ts';

interface Scene {
  readonly place: Place;
  readonly region: Region;
  readonly central: Database;
  /** Everything that a sync has said. */
  readonly said: string[];
  sync(): Promise<unknown>;
  order(key: string, userId: number): Promise<void>;
  /** By user: the keys of the documents that are found. */
  found(userId: number): Promise<string[]>;
  /** Backs both databases up. @returns puts them back */
  backUpBoth(): Promise<() => Promise<void>>;
}

async function sceneOf(engine: EngineName): Promise<Scene> {
  const place = await regionalPlace(engine);
  for (const database of ['users', 'products', 'central', 'documents', BOSTON]) {
    pointAt(database, place.url(database));
  }
  const region = await openBoston(place);
  const central = await openCentral(place);
  const store = sqlDocumentStore(await openIn(place, documentsDeclaration));
  const said: string[] = [];
  await receiveStock(region, { productId: 1, quantity: 100, price: '2.50' });
  return {
    place,
    region,
    central,
    said,
    async sync() {
      const { regions, documents } = await syncOnce({
        regions: () => ['boston'],
        signal: new AbortController().signal,
        settings: SWIFT,
        listener: {
          info: (sentence) => said.push(sentence),
          documents: {
            fed: ({ documents, refused }) => said.push(`${documents} documents, ${refused} refused`),
            failed: ({ message }) => said.push(message),
          },
        },
      });
      return regions.get('boston')?.failure ?? documents?.failure ?? documents?.withheld.get('boston');
    },
    async order(key, userId) {
      await placeOrder(region, { userId, items: [{ productId: 1, quantity: 1 }], key });
    },
    async found(userId) {
      return (await store.findDocuments({ userId, limit: 10 })).map(({ id }) => id).sort();
    },
    async backUpBoth() {
      const restores = [await backUp(place, BOSTON), await backUp(place, 'central')];
      const [last] = await place.execute(BOSTON, 'select max(id) as id from orders');
      return async () => {
        for (const restore of restores) {
          await restore();
        }
        if (engine === 'postgresql') {
          // a part of the backup as well
          await place.execute(BOSTON, `select setval('orders_id_seq', ${last?.['id']})`);
        }
      };
    },
  };
}

forEachEngineThoroughly((_, engine) => {
  test.each([
    ['an order that gets the id of a lost one', true, false],
    ['an order that gets the id of a lost one, and everything was sent again in between', true, true],
    ['no order', false, false],
    ['no order, and everything was sent again in between', false, true],
  ])('after %s, the store has what the region has, and no more', async (_name, isFollowed, isSentAgain) => {
    const scene = await sceneOf(engine);
    await scene.order('web-1', 1);
    await scene.sync();
    const restore = await scene.backUpBoth();
    if (isSentAgain) {
      await beginEpoch(scene.region.database);
      await scene.sync();
    }
    await scene.order('web-2', 2);
    await scene.sync();
    expect(await scene.found(2)).toEqual(['web-2']);
    await restore();
    scene.said.length = 0;
    if (isFollowed) {
      await scene.order('web-3', 3);
    }
    expect(await scene.sync()).toBeUndefined();
    expect([await scene.found(1), await scene.found(2), await scene.found(3)]).toEqual([
      ['web-1'],
      [],
      isFollowed ? ['web-3'] : [],
    ]);
    expect(await compare(scene.central, scene.region.database)).toMatchObject({ differences: 0, leftOut: 0 });
    expect(scene.said).toEqual([
      expect.stringMatching(
        /^orders\.boston: the document store has .*, so it was restored from a backup; everything is/,
      ),
      `${isFollowed ? 2 : 1} documents, 0 refused`,
    ]);
    // that was once, and for all
    expect(await scene.sync()).toBeUndefined();
    expect(scene.said.slice(2)).toEqual(['0 documents, 0 refused']);
  });

  test('a central that alone was restored gets the events that it lacks, without a new epoch', async () => {
    const scene = await sceneOf(engine);
    await scene.order('web-1', 1);
    await scene.sync();
    const restore = await backUp(scene.place, 'central');
    await scene.order('web-2', 2);
    await scene.sync();
    await restore();
    await scene.order('web-3', 3);
    expect(await scene.sync()).toBeUndefined();
    expect([await scene.found(2), await scene.found(3)]).toEqual([['web-2'], ['web-3']]);
    expect(await scene.place.execute(BOSTON, 'select epoch from relay_state')).toEqual([{ epoch: 1 }]);
  });

  test('as long as the relay may not ship, documents wait, and that is reported', async () => {
    const scene = await sceneOf(engine);
    await scene.order('web-1', 1);
    await scene.sync();
    const restore = await scene.backUpBoth();
    await scene.order('web-2', 2);
    await scene.sync();
    await restore();
    await scene.order('web-3', 3);
    await scene.place.execute(BOSTON, 'update relay_state set paused = true');
    expect(await scene.sync()).toMatchObject({
      code: 'document',
      message: expect.stringMatching(
        /^boston: the document store, .*, has documents up to event \d+ of epoch 1 that are not/,
      ),
    });
    await scene.place.execute(BOSTON, 'update relay_state set paused = false');
    expect(await scene.sync()).toBeUndefined();
    expect([await scene.found(2), await scene.found(3)]).toEqual([[], ['web-3']]);
  });
});
