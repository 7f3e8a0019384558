/** Messages and outbox rows of other programs: none of them cuts a region off, is retried for ever or fills the memory. */
import { expect, test } from '@jest/globals';
import { type JetStreamManager, jetstreamManager, RetentionPolicy } from '@nats-io/jetstream';
import { connect, headers, type NatsConnection } from '@nats-io/transport-node';
import { MAX_PAYLOAD_BYTES } from '../../../../src/replication/events/envelope.ts';
import { positionOf } from '../../../../src/replication/inbox/cursor.ts';
import { listDeadLetters } from '../../../../src/replication/inbox/dead-letters.ts';
import { serveCentral } from '../../../../src/replication/inbox/serve-central.ts';
import { checkNats } from '../../../../src/replication/transport/nats/check.ts';
import { natsTransport } from '../../../../src/replication/transport/nats/transport.ts';
import { inboxOf } from '../../../../src/shop/central/inbox.ts';
import { forEachEngine } from '../../../support/engines.ts';
import { FOREIGN_ROWS, insertForeign } from '../../../support/foreign-rows.ts';
import { closeAfterTest, describeWithNats } from '../../../support/nats/available.ts';
import { expectEach, type NatsScene, natsScene, startRelay, untilArrived } from '../../../support/nats/scene.ts';
import { type NatsServer, startNats } from '../../../support/nats/server.ts';
import { streamsOf } from '../../../support/nats/streams.ts';
import { writeOrders } from '../../../support/regional.ts';
import { orderAt } from '../../../support/shipped.ts';
import { until } from '../../../support/until.ts';

interface Forged {
  readonly epoch?: number;
  readonly seq: number;
  readonly subject?: string;
  readonly payload?: string;
}

/** Publishes an event as a relay would. */
async function forge(nats: NatsConnection, { epoch = 1, seq, subject, payload }: Forged): Promise<string> {
  const { eventId, aggregateId, aggregateVersion, occurredAt, payload: own } = orderAt(seq);
  const of = headers();
  of.append('Nats-Msg-Id', `boston:${epoch}:${seq}`);
  of.append('Meridian-Event', `${eventId} 1 ${aggregateId} ${aggregateVersion} ${occurredAt} ${seq} 0`);
  const answer = await nats.request(subject ?? `evt.boston.${epoch}.order.placed`, payload ?? own, {
    headers: of,
    timeout: 5000,
  });
  return answer.string();
}

describeWithNats('NATS', () => {
  async function attacker({ url }: NatsServer): Promise<{ nats: NatsConnection; manager: JetStreamManager }> {
    const nats = await connect({ servers: url.replace('nats://', '') });
    closeAfterTest(() => nats.close());
    return { nats, manager: await jetstreamManager(nats) };
  }

  async function central(scene: NatsScene, server: NatsServer) {
    const reported: string[] = [];
    const discarded: string[] = [];
    const remote = await natsTransport({
      settings: server.settings(),
      listener: {
        unexpectedStream: (sentence) => reported.push(sentence),
        discarded: (subject) => discarded.push(subject),
      },
    });
    closeAfterTest(() => remote.close());
    await serveCentral(remote, inboxOf(scene.central));
    return { reported, discarded };
  }

  forEachEngine((_, engine) => {
    test('rows that central cannot read end as one dead letter each, and block no other events', async () => {
      const [scene, server] = [await natsScene(engine), await startNats()];
      await central(scene, server);
      for (const [index, [name, row]] of FOREIGN_ROWS.entries()) {
        await insertForeign(scene.place, { event_id: `'${name}'`, ...row });
        await writeOrders(scene.boston, { id: index + 1 });
      }
      await startRelay(scene, server.settings());
      await untilArrived(scene, scene.boston);
      const letters = await listDeadLetters(scene.central);
      expect(letters.map(({ error }) => error)).toEqual(
        FOREIGN_ROWS.map(([, , reason]) => expect.stringMatching(reason)),
      );
      expect(await scene.place.execute('central', 'select count(*) as count from order_fact')).toEqual([
        { count: FOREIGN_ROWS.length },
      ]);
      expect(await scene.place.execute('orders.boston', 'select epoch from relay_state')).toEqual([{ epoch: 1 }]);
      expect(await streamsOf(server)).toHaveLength(1);
      expect(scene.notices).toEqual([]);
    });

    test('an epoch that no region can have reached is ignored, and reported once', async () => {
      const [scene, server] = [await natsScene(engine), await startNats()];
      const { reported } = await central(scene, server);
      await startRelay(scene, server.settings());
      await writeOrders(scene.boston, { id: 1 });
      await untilArrived(scene, scene.boston);
      const { nats, manager } = await attacker(server);
      const epoch = 999_999_999_999_999;
      await manager.streams.add({ name: `meridian-boston-${epoch}-abc`, subjects: [`evt.boston.${epoch}.>`] });
      await forge(nats, { epoch, seq: 1 });
      nats.publish('meridian.stream-made', '');
      await until('it is reported', () => reported.length > 0);
      await writeOrders(scene.boston, { id: 2 });
      await untilArrived(scene, scene.boston);
      expect(reported).toEqual([
        `NATS: stream meridian-boston-${epoch}-abc is of epoch ${epoch}, which boston cannot have reached, so its events are not applied. No relay of Meridian makes such a stream: find out which user made it, and remove it with nats stream rm meridian-boston-${epoch}-abc.`,
      ]);
      expect(await scene.place.execute('central', 'select epoch, seq from region_cursor')).toEqual([
        { epoch: 1, seq: 2 },
      ]);
      expect(scene.notices).toEqual([]);
      await expectEach(scene);
      const checked = await checkNats(server.settings(), [{ region: 'boston', epoch: 1 }]);
      expect(checked.streams.map((stream) => [stream.epoch, stream.differences[0]])).toEqual([
        [1, undefined],
        [epoch, { what: 'epoch', is: epoch, wanted: 1 }],
      ]);
    });

    test('events of another region, or of none, that were copied into the stream of one are discarded', async () => {
      const [scene, server] = [await natsScene(engine), await startNats()];
      const { discarded } = await central(scene, server);
      await startRelay(scene, server.settings());
      await writeOrders(scene.boston, { id: 1 });
      await untilArrived(scene, scene.boston);
      const { nats, manager } = await attacker(server);
      const [own] = await streamsOf(server);
      await manager.streams.add({ name: 'other', subjects: ['evt.seattle.7.order.>', 'evt.-boston-.1.order.>'] });
      await manager.streams.update(own?.name ?? '', { sources: [{ name: 'other' }] });
      // other numbers than its own event has, for JetStream drops what has a message id that it knows
      await forge(nats, { seq: 101, subject: 'evt.seattle.7.order.placed' });
      await forge(nats, { seq: 102, subject: 'evt.-boston-.1.order.placed' });
      await until('both are discarded', () => discarded.length > 1);
      expect(discarded.sort()).toEqual(['evt.-boston-.1.order.placed', 'evt.seattle.7.order.placed']);
      expect(await scene.place.execute('central', 'select region from region_cursor')).toEqual([{ region: 'boston' }]);
      await expectEach(scene);
    });

    test('events that are too large, or nested too deep, end as small dead letters and block no other events', async () => {
      const [scene, server] = [await natsScene(engine), await startNats()];
      const { nats, manager } = await attacker(server);
      // without the limit that a relay sets, so that whatever the server takes comes
      await manager.streams.add({
        name: 'meridian-boston-1-x',
        subjects: ['evt.boston.1.>'],
        retention: RetentionPolicy.Workqueue,
      });
      const deep = `{"id":${'['.repeat(200_000)}${']'.repeat(200_000)}}`;
      const payloads = [
        deep,
        `{"id":${'['.repeat(60_000)}${']'.repeat(60_000)}}`,
        '['.repeat(100_000),
        'x'.repeat(1_000_000),
      ];
      for (const [index, payload] of payloads.entries()) {
        await forge(nats, { seq: index + 1, payload });
      }
      await forge(nats, { seq: payloads.length + 1 });
      await central(scene, server);
      await until(
        'what comes behind is in',
        async () => (await positionOf(scene.central, 'boston'))?.seq === payloads.length + 1,
      );
      expect(await scene.place.execute('central', 'select order_id from order_fact')).toEqual([
        { order_id: payloads.length + 1 },
      ]);
      const letters = await listDeadLetters(scene.central);
      expect(letters.map(({ error }) => error)).toEqual([
        'the payload has 400,007 bytes, and can have at most 131,072',
        'the payload is nested deeper than 64 levels',
        'the payload is not a JSON object',
        'the payload has 1,000,000 bytes, and can have at most 131,072',
      ]);
      expect(Math.max(...letters.map(({ event }) => event.length))).toBeLessThan(MAX_PAYLOAD_BYTES + 1000);
    });
  });
});
