/** Databases that are restored while a real nats-server keeps what is on its way: afterwards region and central hold the same. */
import { expect, test } from '@jest/globals';
import { positionOf } from '../../../../src/replication/inbox/cursor.ts';
import { beginEpoch } from '../../../../src/replication/outbox/epoch.ts';
import { readRelay } from '../../../../src/replication/relay/relay-row.ts';
import { backUp, backUpStandby } from '../../../support/backup.ts';
import { forEachEngine } from '../../../support/engines.ts';
import { describeWithNats } from '../../../support/nats/available.ts';
import { expectEach, natsScene, startCentral, startRelay, untilArrived } from '../../../support/nats/scene.ts';
import { startNats } from '../../../support/nats/server.ts';
import { writeOrders } from '../../../support/regional.ts';
import { until } from '../../../support/until.ts';

const ids = (from: number, to: number, rest: object = {}) =>
  Array.from({ length: to - from + 1 }, (_one, index) => ({ id: from + index, ...rest }));

describeWithNats('NATS', () => {
  forEachEngine((_, engine) => {
    test('a region is restored while central is away, and publishes more than it has lost under the same numbers', async () => {
      const server = await startNats();
      const scene = await natsScene(engine);
      const central = await startCentral(scene, server.settings());
      const before = await startRelay(scene, server.settings());
      await writeOrders(scene.boston, ...ids(1, 3));
      await untilArrived(scene, scene.boston);
      await before.stop();
      const restore = await backUp(scene.place, 'orders.boston');
      const lost = await startRelay(scene, server.settings());
      await writeOrders(scene.boston, ...ids(4, 8, { userId: 2 }));
      await untilArrived(scene, scene.boston);
      await central.stop();
      await lost.stop();
      await restore();
      // well within the window in which JetStream drops what it takes for a repetition
      const relay = await startRelay(scene, server.settings());
      await writeOrders(scene.boston, ...ids(4, 13, { userId: 3 }));
      await until('they are all on their way', async () => {
        const stored = await relay.transport.stored('boston', 1);
        return typeof stored === 'object' && stored.firstSeq === 4 && stored.lastSeq === 13;
      });
      await startCentral(scene, server.settings());
      await until('the relay has reported it', () => scene.notices.length > 0);
      await untilArrived(scene, scene.boston);
      // before central has taken the new events, or after
      expect(scene.notices).toEqual([
        expect.stringMatching(
          /^orders\.boston: (central has received two different events with the sequence number 4 in epoch 1|event 8 is a different event in central), so this database was restored from a backup; everything is sent again in epoch 2\.$/,
        ),
      ]);
      await expectEach(scene);
    });

    test('an epoch of some events only comes to a central that was restored from before what it builds on', async () => {
      const server = await startNats();
      const scene = await natsScene(engine);
      const central = await startCentral(scene, server.settings());
      const before = await startRelay(scene, server.settings());
      await writeOrders(scene.boston, ...ids(1, 2));
      await untilArrived(scene, scene.boston);
      const restore = await backUp(scene.place, 'central');
      await writeOrders(scene.boston, ...ids(3, 5));
      await untilArrived(scene, scene.boston);
      await central.stop();
      await before.stop();
      // purged, for they are older than a week
      await scene.place.execute('orders.boston', 'delete from outbox_event where seq <= 4');
      await beginEpoch(scene.boston, { fromSeq: 5 });
      await restore();
      // the restore itself has left lines there
      await scene.place.execute('central', 'delete from effects');
      const relay = await startRelay(scene, server.settings());
      await until('it is on its way', async () => typeof (await relay.transport.stored('boston', 2)) === 'object');
      await startCentral(scene, server.settings());
      await until('the relay has reported it', () => scene.notices.length > 0);
      await untilArrived(scene, scene.boston);
      // after central has taken the event, or before
      expect(scene.notices).toEqual([
        expect.stringMatching(
          /^orders\.boston: (central lacks events that epoch 2 builds on, so it|epoch 2 builds on events 4 to 5 of epoch 1 and central is at event 2 of epoch 1, so one of the two) was restored from a backup; everything is sent again in epoch 3\.$/,
        ),
      ]);
      expect(await positionOf(scene.central, 'boston')).not.toHaveProperty('lacksBase');
      await expectEach(scene);
    });

    test('a standby that is behind takes over under a relay, and more orders follow than were lost', async () => {
      const server = await startNats();
      const scene = await natsScene(engine);
      await startCentral(scene, server.settings());
      await startRelay(scene, server.settings());
      await writeOrders(scene.boston, ...ids(1, 10));
      await untilArrived(scene, scene.boston);
      const takeOver = await backUpStandby(scene.place, scene.boston);
      await writeOrders(scene.boston, ...ids(11, 15, { userId: 2 }));
      await untilArrived(scene, scene.boston);
      await takeOver();
      await writeOrders(scene.boston, ...ids(11, 30, { userId: 3 }));
      await until('the relay has reported it', () => scene.notices.length > 0);
      await untilArrived(scene, scene.boston);
      expect(scene.notices).toEqual([
        'orders.boston: central knows event 15 and this database ends at event 10, so it was restored from a backup; everything is sent again in epoch 2.',
      ]);
      expect((await readRelay(scene.boston, scene.boston.fork())).epoch).toBe(2);
      await expectEach(scene);
    });
  });
});
