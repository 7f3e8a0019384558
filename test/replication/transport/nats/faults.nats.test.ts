/** What happens to a real nats-server while orders are placed and shipped: afterwards all are in central, each once. */
import { expect, test } from '@jest/globals';
import { positionOf } from '../../../../src/replication/inbox/cursor.ts';
import { readRelay } from '../../../../src/replication/relay/relay-row.ts';
import { applyBatch } from '../../../../src/shop/central/apply.ts';
import { regionStatus } from '../../../../src/shop/regions/status.ts';
import { forEachEngine } from '../../../support/engines.ts';
import { describeWithNats } from '../../../support/nats/available.ts';
import { expectEach, natsScene, startCentral, startRelay, trade, untilArrived } from '../../../support/nats/scene.ts';
import { startNats } from '../../../support/nats/server.ts';
import { streamsOf } from '../../../support/nats/streams.ts';
import { writeOrders } from '../../../support/regional.ts';
import { until } from '../../../support/until.ts';

describeWithNats('NATS', () => {
  forEachEngine((_, engine) => {
    test('the server is killed in mid-stream and started again, three times', async () => {
      const server = await startNats();
      const scene = await natsScene(engine);
      await startCentral(scene, server.settings());
      await startRelay(scene, server.settings());
      const orders = trade(scene.boston);
      for (let kill = 1; kill <= 3; kill++) {
        const before = scene.got.length;
        await until('batches get through', () => scene.got.length > before + 2);
        await server.kill();
        await orders.goOn(10);
        await server.start();
      }
      await orders.goOn(10);
      await orders.stop();
      await untilArrived(scene, scene.boston);
      await expectEach(scene);
      expect((await readRelay(scene.boston, scene.boston.fork())).epoch).toBe(1);
    });

    test('its data is wiped while central is away: missing events come again, in a stream of another name', async () => {
      const server = await startNats();
      const scene = await natsScene(engine);
      const central = await startCentral(scene, server.settings());
      const relay = await startRelay(scene, server.settings());
      await writeOrders(scene.boston, { id: 1 }, { id: 2 });
      await untilArrived(scene, scene.boston);
      await central.stop();
      await writeOrders(scene.boston, { id: 3 }, { id: 4 });
      await until('they are on their way', async () => (await relay.transport.stored('boston', 1)) !== 'empty');
      expect(await regionStatus(scene.boston)).toMatchObject({ unshipped: 2 });
      const before = await streamsOf(server);
      await server.kill();
      server.wipe();
      await server.start();
      await writeOrders(scene.boston, { id: 5 });
      await until('the relay has reported it', () => scene.notices.length > 0);
      await startCentral(scene, server.settings());
      await untilArrived(scene, scene.boston);
      await expectEach(scene);
      expect(scene.notices).toEqual([
        'orders.boston: events were on their way and have been lost there; events from 3 on are sent again.',
      ]);
      const after = await streamsOf(server);
      expect(after).toHaveLength(1);
      expect(after[0]?.name).not.toBe(before[0]?.name);
    });

    test('its data is wiped while no relay is running', async () => {
      const server = await startNats();
      const scene = await natsScene(engine);
      const relay = await startRelay(scene, server.settings());
      await writeOrders(scene.boston, { id: 1 }, { id: 2 });
      await until('they are on their way', async () => (await streamsOf(server))[0]?.messages === 2);
      await relay.stop();
      await server.kill();
      server.wipe();
      await server.start();
      await startCentral(scene, server.settings());
      await writeOrders(scene.boston, { id: 3 });
      await startRelay(scene, server.settings());
      await untilArrived(scene, scene.boston);
      await expectEach(scene);
    });

    test('its data is wiped when nothing is on its way, while orders go on', async () => {
      const server = await startNats();
      const scene = await natsScene(engine);
      await startCentral(scene, server.settings());
      await startRelay(scene, server.settings());
      const orders = trade(scene.boston);
      await orders.goOn(20);
      for (let wipe = 1; wipe <= 2; wipe++) {
        await server.kill();
        server.wipe();
        await server.start();
        await orders.goOn(20);
      }
      await orders.stop();
      await untilArrived(scene, scene.boston);
      await expectEach(scene);
    });

    test('a stream that another program empties while central is running is found out', async () => {
      const server = await startNats();
      const scene = await natsScene(engine);
      const gate = Promise.withResolvers<void>();
      await startCentral(scene, server.settings(), async (batch) => {
        await gate.promise;
        await applyBatch(scene.central, batch);
      });
      await startRelay(scene, server.settings());
      await writeOrders(scene.boston, { id: 1 }, { id: 2 });
      await until('they are on their way', async () => (await streamsOf(server))[0]?.messages === 2);
      await writeOrders(scene.boston, { id: 3 });
      await until('so is the third', async () => (await streamsOf(server))[0]?.lastSeq === 3);
      await streamsOf(server, { isEmptied: true });
      await until('the relay has reported it', () => scene.notices.length > 0);
      expect(scene.notices[0]).toBe(
        'orders.boston: events were on their way and have been lost there; events from 1 on are sent again in epoch 2.',
      );
      gate.resolve();
      await untilArrived(scene, scene.boston);
      await expectEach(scene);
    });

    test('a restored central gets the events that it has lost, although they were acknowledged', async () => {
      const server = await startNats();
      const scene = await natsScene(engine);
      const central = await startCentral(scene, server.settings());
      await startRelay(scene, server.settings());
      await writeOrders(scene.boston, { id: 1 });
      await untilArrived(scene, scene.boston);
      await writeOrders(scene.boston, { id: 2 }, { id: 3 });
      await untilArrived(scene, scene.boston);
      await central.stop();
      for (const statement of [
        'delete from order_fact where order_id > 1',
        'delete from inbox_event where seq > 1',
        'update region_cursor set seq = 1, head_seq = 1',
        'delete from effects where id > 1',
      ]) {
        await scene.place.execute('central', statement);
      }
      await startCentral(scene, server.settings());
      await until('the relay has reported it', () => scene.notices.length > 0);
      await untilArrived(scene, scene.boston);
      await expectEach(scene);
      expect(scene.notices[0]).toBe(
        'orders.boston: central ends at event 1, so it was restored from a backup; events from 2 on are sent again in epoch 2.',
      );
    });

    test('a stream that is full keeps the events in the region, while orders go on, and runs empty later', async () => {
      const server = await startNats();
      const settings = server.settings({ NATS_MAX_EVENTS: '10' });
      const scene = await natsScene(engine);
      await startRelay(scene, settings, {});
      await writeOrders(scene.boston, ...Array.from({ length: 25 }, (_one, index) => ({ id: index + 1 })));
      await until('the failure is reported', () => scene.failures.length > 2);
      expect(scene.failures.at(-1)).toMatch(
        /^NATS: event 11 of boston was not stored: there is no room \(maximum messages exceeded\)\. Publishing continues automatically/,
      );
      expect((await streamsOf(server))[0]).toMatchObject({ messages: 10 });
      const orders = trade(scene.boston, 26);
      await orders.goOn(10);
      expect(await regionStatus(scene.boston)).toMatchObject({ relay: 'failing' });
      await startCentral(scene, settings);
      await orders.goOn(10);
      await orders.stop();
      await untilArrived(scene, scene.boston);
      await expectEach(scene);
      const seqs = scene.got.flatMap(({ events }) => events.map(({ seq }) => seq));
      expect(seqs).toEqual([...seqs].sort((a, b) => a - b));
    });

    test('a region that was restored from a backup is found out by what is still on its way, though central is away', async () => {
      const server = await startNats();
      const scene = await natsScene(engine);
      const relay = await startRelay(scene, server.settings());
      await writeOrders(scene.boston, { id: 1 }, { id: 2 });
      await until('they are on their way', async () => (await streamsOf(server))[0]?.messages === 2);
      await relay.stop();
      await scene.place.execute('orders.boston', 'delete from outbox_event where seq = 2');
      await scene.place.execute('orders.boston', 'delete from orders where id = 2');
      await scene.place.execute('orders.boston', 'update relay_state set next_seq = 2');
      await startRelay(scene, server.settings());
      await writeOrders(scene.boston, { id: 9 });
      await until('the relay has reported it', () => scene.notices.length > 0);
      expect(scene.notices[0]).toBe(
        'orders.boston: event 2 is on its way and this database ends at event 1, so it was restored from a backup; everything is sent again in epoch 2.',
      );
      await startCentral(scene, server.settings());
      await untilArrived(scene, scene.boston);
      await expectEach(scene);
    });

    test('duplicates and redeliveries count once', async () => {
      const server = await startNats();
      const settings = server.settings({ NATS_ACK_WAIT_SECONDS: '1' });
      const scene = await natsScene(engine);
      // each batch is committed, and the first time its acknowledgement gets lost
      const seen = new Set<number>();
      await startCentral(scene, settings, async (batch) => {
        await applyBatch(scene.central, batch);
        const [first] = batch.events;
        if (first && !seen.has(first.seq)) {
          seen.add(first.seq);
          throw new Error('the acknowledgement got lost');
        }
      });
      const relay = await startRelay(scene, settings);
      await writeOrders(scene.boston, { id: 1 }, { id: 2 }, { id: 3 });
      await writeOrders(scene.boston, { id: 2, version: 2, quantity: 9 });
      await untilArrived(scene, scene.boston);
      await until('they have come twice', () => scene.got.length > 1);
      const [batch] = scene.got;
      // and all comes once more, when JetStream has forgotten that it knows it
      await streamsOf(server, { duplicateMilliseconds: 100 });
      const last = (await streamsOf(server))[0]?.lastSeq ?? 0;
      await until('it is stored again', async () => {
        await relay.transport.publish(batch as never);
        return ((await streamsOf(server))[0]?.lastSeq ?? 0) > last;
      });
      await until('it has been taken again', async () => (await streamsOf(server))[0]?.messages === 0);
      expect(await positionOf(scene.central, 'boston')).toMatchObject({ epoch: 1, seq: 4 });
      await expectEach(scene);
    });
  });
});
