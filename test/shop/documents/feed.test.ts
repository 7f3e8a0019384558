/** What waits gets to the document store, once, whatever happens to the store meanwhile. */
import { beforeEach, describe, expect, test } from '@jest/globals';
import { MeridianError } from '../../../src/shared/errors.ts';
import { queueLength, refusedDocuments } from '../../../src/shop/central/document-queue.ts';
import {
  type FeedListener,
  type FeedSettings,
  feedComponents,
  feedOn,
  feedOnce,
  waitingForStore,
} from '../../../src/shop/documents/feed.ts';
import { countUnshipped } from '../../../src/shop/documents/unshipped.ts';
import { setComponents } from '../../../src/shop/products/components/set.ts';
import { forEachEngineThoroughly } from '../../support/engines.ts';
import {
  type FeedScene,
  feedScene,
  publishDocument,
  publishDocuments,
  publishSnapshotCompleted,
} from '../../support/feeding.ts';
import { regionalPlace } from '../../support/regional.ts';
import { until } from '../../support/until.ts';

const never = new AbortController().signal;
const down = () => {
  throw new MeridianError('database', 'documents: no answer.');
};

forEachEngineThoroughly((_, engine) => {
  let scene: FeedScene;

  beforeEach(async () => {
    scene = await feedScene(await regionalPlace(engine));
  });

  const once = (signal = never) =>
    feedOnce(scene.central, { signal, openStore: scene.openStore, openProducts: scene.openProducts });
  const inStore = async () => (await scene.store.findDocuments({ limit: 5000 })).map(({ id }) => id).sort();
  const waiting = async () => (await queueLength(scene.central)).waiting;

  async function addProducts(): Promise<void> {
    await scene.place.execute(
      'products',
      "insert into products (id, name, price_cents) values (1, 'A', 100), (2, 'B', 100), (3, 'C', 100)",
    );
  }

  test('documents and component lists reach the store, and leave the queue', async () => {
    await addProducts();
    await publishDocument(scene.central, { orderId: 1 }, { orderId: 2, region: 'denver' });
    await setComponents(scene.products, 1, [{ productId: 2, quantity: 4 }]);
    expect(await waitingForStore(scene.central, scene.products)).toEqual({
      documents: 2,
      refused: 0,
      componentLists: 1,
    });
    expect(await once()).toMatchObject({ documents: 2, componentLists: 1, refused: 0, failure: undefined });
    expect(await inStore()).toEqual(['key 1', 'key 2']);
    expect(await scene.store.componentListsOf([1])).toMatchObject([{ components: [{ productId: 2, quantity: 4 }] }]);
    expect(await waitingForStore(scene.central, scene.products)).toEqual({
      documents: 0,
      refused: 0,
      componentLists: 0,
    });
    expect(scene.opened).toEqual({ count: 1, closed: 1 });
  });

  test('where nothing waits, the store is asked what it holds, and nothing is put', async () => {
    const operations: string[] = [];
    scene.before = (operation) => {
      operations.push(operation);
    };
    expect(await once()).toEqual({
      documents: 0,
      componentLists: 0,
      refused: 0,
      failure: undefined,
      withheld: new Map(),
    });
    expect(operations).toEqual(['open', 'watermarks']);
    scene.before = down;
    expect((await once()).failure?.message).toBe('documents: no answer.');
    expect(await waitingForStore(undefined, undefined)).toEqual({ documents: 0, refused: 0, componentLists: 0 });
  });

  test('more than a batch', async () => {
    await publishDocuments(scene.central, 1203);
    expect(await once()).toMatchObject({ documents: 1203, failure: undefined });
    expect((await inStore()).length).toBe(1203);
    expect(await waiting()).toBe(0);
  });

  test('a store that is down is reported, and the queue stays', async () => {
    await addProducts();
    await publishDocument(scene.central, { orderId: 1 });
    await setComponents(scene.products, 1, [{ productId: 2, quantity: 4 }]);
    scene.before = down;
    const { failure, withheld, ...counts } = await once();
    expect(withheld.size).toBe(0);
    expect(failure?.message).toBe('documents: no answer.');
    expect(counts).toEqual({ documents: 0, componentLists: 0, refused: 0 });
    expect([await waiting(), await countUnshipped(scene.products)]).toEqual([1, 1]);
    expect((await feedComponents(scene.products, scene.openStore))?.message).toBe('documents: no answer.');
    scene.before = () => undefined;
    expect(await feedComponents(scene.products, scene.openStore)).toBeUndefined();
    expect(await once()).toMatchObject({ documents: 1, componentLists: 0, failure: undefined });
  });

  test('a store that fails after it has accepted a batch gets it again, and has it once', async () => {
    await publishDocument(scene.central, { orderId: 1 }, { orderId: 2 });
    let calls = 0;
    const openStore = async () => {
      const store = await scene.openStore();
      return {
        ...store,
        putDocuments: async (given: Parameters<typeof store.putDocuments>[0]) => {
          const unaccepted = await store.putDocuments(given);
          if (++calls === 1) {
            down();
          }
          return unaccepted;
        },
      };
    };
    const options = { signal: never, openStore, openProducts: async () => undefined };
    expect((await feedOnce(scene.central, options)).failure).toBeDefined();
    expect([await inStore(), await waiting()]).toEqual([['key 1', 'key 2'], 2]);
    expect(await feedOnce(scene.central, options)).toMatchObject({ documents: 2, failure: undefined });
    expect([await inStore(), await waiting()]).toEqual([['key 1', 'key 2'], 0]);
  });

  test('a document that is queued again during a batch stays in the queue', async () => {
    await publishDocument(scene.central, { orderId: 1, userId: 1 });
    scene.before = async (operation) => {
      if (operation === 'putDocuments') {
        scene.before = () => undefined;
        await publishDocument(scene.central, { orderId: 1, userId: 2, version: 2 });
      }
    };
    expect(await once()).toMatchObject({ documents: 1 });
    expect(await waiting()).toBe(1);
    expect(await once()).toMatchObject({ documents: 1 });
    expect(await scene.store.findDocuments({ limit: 5 })).toMatchObject([{ userId: 2 }]);
    // and what is old comes too late
    await publishDocument(scene.central, { orderId: 1, userId: 1 });
    await once();
    expect(await scene.store.findDocuments({ limit: 5 })).toMatchObject([{ userId: 2 }]);
  });

  test('a document of a later epoch replaces one in the queue, whatever its version', async () => {
    await publishDocument(scene.central, { orderId: 1, version: 2, userId: 2 });
    await publishDocument(scene.central, { orderId: 1, epoch: 2, userId: 3 });
    await once();
    expect(await scene.store.findDocuments({ limit: 5 })).toMatchObject([{ userId: 3 }]);
  });

  test('a document that the store refuses holds up no other, and is tried again', async () => {
    await publishDocument(scene.central, ...[1, 2, 3, 4, 5].map((orderId) => ({ orderId })));
    let isStrict = true;
    const openStore = async () => {
      const store = await scene.openStore();
      return {
        ...store,
        putDocuments: async (given: Parameters<typeof store.putDocuments>[0]) => {
          if (isStrict && given.some(({ orderId }) => orderId === 4)) {
            throw new MeridianError('document', 'documents: the database refused: \0 too odd.');
          }
          return store.putDocuments(given);
        },
      };
    };
    const options = { signal: never, openStore, openProducts: async () => undefined };
    expect(await feedOnce(scene.central, options)).toMatchObject({ documents: 4, refused: 1, failure: undefined });
    expect(await inStore()).toEqual(['key 1', 'key 2', 'key 3', 'key 5']);
    expect(await queueLength(scene.central)).toEqual({ waiting: 1, refused: 1 });
    expect(await refusedDocuments(scene.central, 10)).toMatchObject([
      { region: 'boston', orderId: 4, error: expect.stringContaining('too odd') },
    ]);
    isStrict = false;
    expect(await feedOnce(scene.central, options)).toMatchObject({ documents: 1, refused: 0 });
    expect(await queueLength(scene.central)).toEqual({ waiting: 0, refused: 0 });
  });

  test('a document that is no longer one in the queue holds up no other', async () => {
    await publishDocument(scene.central, { orderId: 1 }, { orderId: 2 }, { orderId: 3 });
    await scene.place.execute('central', "update document_queue set payload = '{' where order_id = 1");
    await scene.place.execute('central', "update document_queue set payload = '[]' where order_id = 2");
    const refusals: string[] = [];
    const result = await feedOnce(scene.central, {
      signal: never,
      openStore: scene.openStore,
      openProducts: scene.openProducts,
      listener: { refused: ({ document, reason }) => refusals.push(`${document.orderId}: ${reason}`) },
    });
    expect(result).toMatchObject({ documents: 1, refused: 2, failure: undefined });
    expect(refusals).toEqual(['1: It is not JSON', expect.stringMatching(/^2: /)]);
    expect(await inStore()).toEqual(['key 3']);
  });

  test.each(['order_documents', 'component_lists'])(
    'while the store has lost its table %s, nothing is refused, and it goes on when the table is back',
    async (table) => {
      await addProducts();
      await publishDocument(scene.central, { orderId: 1 });
      await setComponents(scene.products, 1, [{ productId: 2, quantity: 4 }]);
      await scene.place.execute('documents', `alter table ${table} rename to elsewhere`);
      expect(await once()).toMatchObject({
        refused: 0,
        failure: {
          code: 'database',
          message: expect.stringMatching(new RegExp(`^documents: .* does not run a statement \\(.*${table}`)),
        },
      });
      await scene.place.execute('documents', `alter table elsewhere rename to ${table}`);
      expect(await once()).toMatchObject({ refused: 0, failure: undefined });
      expect(await inStore()).toEqual(['key 1']);
      expect(await waiting()).toBe(0);
      expect(await scene.store.componentListsOf([1])).toHaveLength(1);
    },
  );

  test('a program error is reported as one, and no document is refused', async () => {
    await publishDocument(scene.central, { orderId: 1 });
    scene.before = () => {
      throw new TypeError('x is not a function');
    };
    expect(await once()).toMatchObject({
      refused: 0,
      failure: { code: 'program', message: expect.stringMatching(/^documents: the program has failed \(x is not a/) },
    });
    expect(await waiting()).toBe(1);
  });

  test('what a region has not sent again is forgotten, after all that it has', async () => {
    await publishDocument(scene.central, { orderId: 1 }, { orderId: 2 }, { orderId: 9, region: 'denver' });
    await once();
    await publishDocument(scene.central, { orderId: 3 });
    await publishDocument(scene.central, { orderId: 2, epoch: 2 });
    await publishSnapshotCompleted(scene.central, 'boston', 2);
    const operations: string[] = [];
    scene.before = (operation) => {
      operations.push(operation);
    };
    expect(await once()).toMatchObject({ documents: 1, failure: undefined });
    expect(operations).toEqual(['open', 'watermarks', 'putDocuments', 'forgetEarlierEpochs']);
    expect(await inStore()).toEqual(['key 2', 'key 9']);
    operations.length = 0;
    await once();
    expect(operations).toEqual(['open', 'watermarks']);
  });

  test('a document that arrives during a batch is not removed at the end of the snapshot', async () => {
    await publishDocument(scene.central, { orderId: 5 }, { orderId: 10 });
    await once();
    // in a new epoch events come in any order, and the end of it while a batch is being brought
    await publishDocument(scene.central, { orderId: 10, epoch: 2 });
    scene.before = async (operation) => {
      if (operation === 'putDocuments') {
        scene.before = () => undefined;
        await publishDocument(scene.central, { orderId: 5, epoch: 2 });
        await publishSnapshotCompleted(scene.central, 'boston', 2);
      }
    };
    await once();
    expect((await inStore()).sort()).toEqual(['key 10', 'key 5']);
    await publishDocument(scene.central, { orderId: 5, epoch: 2 });
    await once();
    expect((await inStore()).sort()).toEqual(['key 10', 'key 5']);
    expect(await waiting()).toBe(0);
  });

  test('stops between two batches', async () => {
    await publishDocument(scene.central, { orderId: 1 });
    expect(await once(AbortSignal.abort())).toMatchObject({ documents: 0, failure: undefined });
    expect(await waiting()).toBe(1);
  });

  describe('that goes on', () => {
    async function whileFeeding(
      listener: FeedListener,
      work: () => Promise<void>,
      settings: Partial<FeedSettings> = {},
    ): Promise<void> {
      const end = new AbortController();
      const fed = feedOn(scene.central, {
        signal: end.signal,
        listener,
        openStore: scene.openStore,
        openProducts: () => scene.openProducts(),
        settings: {
          pollMilliseconds: 5,
          componentsMilliseconds: 5,
          firstBackOffMilliseconds: 2,
          maxBackOffMilliseconds: 10,
          ...settings,
        },
      });
      try {
        await work();
      } finally {
        end.abort();
        await fed;
      }
    }

    test('feeds new documents and lists by itself', async () => {
      await addProducts();
      let brought = 0;
      const fed = ({ documents }: { readonly documents: number }) => {
        brought += documents;
      };
      await whileFeeding({ fed }, async () => {
        await publishDocument(scene.central, { orderId: 1 });
        await until('it is there', async () => (await inStore()).length === 1);
        await publishDocument(scene.central, { orderId: 2 });
        await until('it is there', async () => (await inStore()).length === 2);
        await setComponents(scene.products, 1, [{ productId: 2, quantity: 4 }]);
        await until('the list is there', async () => (await scene.store.componentListsOf([1])).length === 1);
        await until('both documents are counted', () => brought === 2);
      });
      expect(scene.opened.closed).toBe(scene.opened.count);
    });

    test('documents do not wait for a products database that is down', async () => {
      const reported: string[] = [];
      const listener: FeedListener = {
        failed: ({ message }) => reported.push(message),
        recovered: () => reported.push('recovered'),
      };
      const { openProducts } = scene;
      let attempts = 0;
      scene.openProducts = async () => {
        attempts++;
        return attempts < 5 ? Promise.reject(new MeridianError('database', 'products: no answer.')) : openProducts();
      };
      const slow = { firstBackOffMilliseconds: 500, maxBackOffMilliseconds: 500 };
      await whileFeeding(
        listener,
        async () => {
          await until('it has failed', () => reported.length > 0);
          await publishDocument(scene.central, { orderId: 1 });
          await until('the document is there', async () => (await inStore()).length === 1);
          expect(reported).toEqual(['products: no answer.']);
          await until('products are there again', () => reported.length > 1);
        },
        slow,
      );
      expect(reported).toEqual(['products: no answer.', 'recovered']);
    });

    test('reports a failure once, and the recovery', async () => {
      const reported: string[] = [];
      const listener: FeedListener = {
        failed: ({ message }) => reported.push(message),
        recovered: () => reported.push('recovered'),
      };
      let failures = 0;
      scene.before = () => {
        failures++;
        down();
      };
      await whileFeeding(listener, async () => {
        await publishDocument(scene.central, { orderId: 1 });
        await until('it has failed often', () => failures > 3);
        expect(reported).toEqual(['documents: no answer.']);
        scene.before = () => undefined;
        await until('it has recovered', () => reported.includes('recovered'));
      });
      expect(reported).toEqual(['documents: no answer.', 'recovered']);
      expect(await inStore()).toEqual(['key 1']);
    });
  });
});
