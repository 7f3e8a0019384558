/** Region and central are both restored while NATS and the document store are not; each runs as a process of its own would. */
import { expect, test } from '@jest/globals';
import { openMigrated } from '../../../src/database/open-migrated.ts';
import { documents as documentsDeclaration } from '../../../src/shop/catalog.ts';
import { feedOn } from '../../../src/shop/documents/feed.ts';
import { sqlDocumentStore } from '../../../src/shop/documents/sql/store.ts';
import { placeOrder } from '../../../src/shop/trading/place-order.ts';
import { receiveStock } from '../../../src/shop/trading/receive-stock.ts';
import { backUp } from '../../support/backup.ts';
import { BOSTON, openBoston } from '../../support/boston.ts';
import { forEachEngine } from '../../support/engines.ts';
import { closeAfterTest, describeWithNats } from '../../support/nats/available.ts';
import { expectEach, natsScene, startCentral, startRelay, untilArrived } from '../../support/nats/scene.ts';
import { startNats } from '../../support/nats/server.ts';
import { until } from '../../support/until.ts';

describeWithNats('NATS', () => {
  forEachEngine((_, engine) => {
    test('the document store has what the region has, and no more', async () => {
      const server = await startNats();
      const scene = await natsScene(engine);
      const region = await openBoston(scene.place);
      const openStore = async () =>
        sqlDocumentStore(await openMigrated(documentsDeclaration, undefined, scene.place.options('documents')));
      const store = await openStore();
      closeAfterTest(() => store.close());
      const order = (key: string, userId: number) =>
        placeOrder(region, { userId, items: [{ productId: 1, quantity: 1 }], key });
      const found = async (userId: number) => (await store.findDocuments({ userId, limit: 9 })).map(({ id }) => id);
      /** A relay, and central with a feeder beside it. @returns stops them */
      const start = async () => {
        const [relay, central] = [
          await startRelay(scene, server.settings()),
          await startCentral(scene, server.settings()),
        ];
        const end = new AbortController();
        const feeding = feedOn(scene.central, {
          signal: end.signal,
          openStore,
          openProducts: async () => undefined,
          settings: { pollMilliseconds: 20 },
        });
        const stop = async () => {
          end.abort();
          await feeding;
          await relay.stop();
          await central.stop();
        };
        closeAfterTest(stop);
        return stop;
      };

      await receiveStock(region, { productId: 1, quantity: 100, price: '2.50' });
      await order('web-1', 1);
      let stop = await start();
      await until('the first document is there', async () => (await found(1)).length > 0);
      await untilArrived(scene, scene.boston);
      await stop();
      const restores = [await backUp(scene.place, BOSTON), await backUp(scene.place, 'central')];
      await order('web-2', 2);
      stop = await start();
      await until('the second document is there', async () => (await found(2)).length > 0);
      await untilArrived(scene, scene.boston);
      await stop();
      for (const restore of restores) {
        await restore();
      }
      // the restore itself has left lines there
      await scene.place.execute('central', 'delete from effects');
      await order('web-3', 3);
      await start();
      await until('the relay has reported it', () => scene.notices.length > 0);
      await until('the lost document is gone', async () => (await found(2)).length === 0);
      await until('the new one is there', async () => (await found(3)).length > 0);
      await untilArrived(scene, scene.boston);
      expect([await found(1), await found(3)]).toEqual([['web-1'], ['web-3']]);
      expect(scene.notices).toHaveLength(1);
      await expectEach(scene);
    });
  });
});
