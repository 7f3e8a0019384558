/** A relay and central that run in the test's own process with a real nats-server in between: what each reports, and how it ends. */
import process from 'node:process';
import { expect, test } from '@jest/globals';
import { AckPolicy, RetentionPolicy } from '@nats-io/jetstream';
import type { Database } from '../../../src/database/database.ts';
import { urlVariable } from '../../../src/database/location.ts';
import { CentralHealth } from '../../../src/replication/inbox/central-health.ts';
import { type CentralRunOptions, runCentral } from '../../../src/replication/inbox/run-central.ts';
import { beginEpoch } from '../../../src/replication/outbox/epoch.ts';
import { writeEvents } from '../../../src/replication/outbox/write.ts';
import { RelayHealth } from '../../../src/replication/relay/relay-health.ts';
import { type RelayRunOptions, runRelay } from '../../../src/replication/relay/run-relay.ts';
import { checkRemote, isRemote } from '../../../src/replication/transport/configured.ts';
import { natsTransport } from '../../../src/replication/transport/nats/transport.ts';
import { central as declaration } from '../../../src/shop/catalog.ts';
import { centralProjection, type ProjectedContent } from '../../../src/shop/central/projection.ts';
import { regionDatabase } from '../../../src/shop/regions/databases.ts';
import { syncOnce } from '../../../src/shop/sync/sync.ts';
import { orderEvent } from '../../../src/shop/trading/events/order-event.ts';
import { regionSnapshots } from '../../../src/shop/trading/snapshot.ts';
import { type EngineName, forEachEngine, type Place } from '../../support/engines.ts';
import { replaceEnvironment } from '../../support/environment.ts';
import { closeAfterTest, describeWithNats } from '../../support/nats/available.ts';
import { type NatsServer, startNats } from '../../support/nats/server.ts';
import { withManager } from '../../support/nats/streams.ts';
import { OCCURRED_AT } from '../../support/occurred.ts';
import { openCentral, openRegion, regionalPlace, SWIFT, writeOrders } from '../../support/regional.ts';
import { until } from '../../support/until.ts';

describeWithNats('NATS', () => {
  forEachEngine((_, engine) => {
    interface Scene {
      readonly server: NatsServer;
      readonly place: Place;
      readonly boston: Database;
    }

    async function sceneOf(name: EngineName): Promise<Scene> {
      const [server, place] = [await startNats(), await regionalPlace(name)];
      closeAfterTest(replaceEnvironment({ ...process.env }));
      process.env['NATS_URL'] = server.url;
      process.env['NATS_ACK_WAIT_SECONDS'] = '1';
      for (const database of ['products', 'central', 'documents', 'orders.boston', 'orders.denver']) {
        process.env[urlVariable(database)] = place.url(database);
      }
      return { server, place, boston: await openRegion(place) };
    }

    /** Runs until it is stopped, at the latest when the test is over. The test fails if the run does, unless it awaits `ended`. */
    function running(run: (signal: AbortSignal) => Promise<void>) {
      const end = new AbortController();
      const ended = run(end.signal);
      ended.catch(() => undefined);
      let mayFail = false;
      const stop = async () => {
        end.abort();
        await ended;
      };
      closeAfterTest(() => (mayFail ? stop().catch(() => undefined) : stop()));
      return {
        stop,
        get ended() {
          mayFail = true;
          return ended;
        },
      };
    }

    const relayRun = (options: Partial<RelayRunOptions> = {}) =>
      running((signal) =>
        runRelay({
          declaration: regionDatabase('boston'),
          snapshots: regionSnapshots,
          signal,
          settings: { ...SWIFT, confirmSeconds: 0.05 },
          ...options,
        }),
      );
    const centralRun = (options: Partial<CentralRunOptions<ProjectedContent>> = {}) =>
      running((signal) => runCentral({ declaration, projection: centralProjection, signal, ...options }));

    test('both report their health, from the start to the end', async () => {
      const { boston, place } = await sceneOf(engine);
      const [relayHealth, centralHealth] = [new RelayHealth('boston', regionSnapshots), new CentralHealth()];
      expect(await relayHealth.health()).toMatchObject({
        isWell: false,
        details: { connected: false, central: 'unknown' },
      });
      expect(await centralHealth.health()).toMatchObject({
        isWell: false,
        details: { state: 'starting', regions: {} },
      });
      const relay = relayRun({ listener: relayHealth.listener });
      await writeOrders(boston, { id: 1 });
      await until('it is on its way', async () =>
        JSON.stringify(await relayHealth.health()).includes('"publishedSeq":1'),
      );
      expect(await relayHealth.health()).toMatchObject({
        isWell: true,
        details: { central: 'away', unshipped: 1, publishedSeq: 1, ackedSeq: 0, shipped: 1, lastError: null },
      });
      const said: string[] = [];
      const companions = [
        async (_central: Database, signal: AbortSignal) => {
          said.push('beside');
          await new Promise<void>((resolve) => signal.addEventListener('abort', () => resolve()));
          said.push('ended');
        },
      ];
      const central = centralRun({ listener: centralHealth.listener, companions });
      await until('it has arrived', async () => JSON.stringify(await relayHealth.health()).includes('"ackedSeq":1'));
      expect(await centralHealth.health()).toMatchObject({
        isWell: true,
        details: { state: 'working', taken: 1, regions: { boston: { epoch: 1, seq: 1, behind: 0, lastError: null } } },
      });
      const spareHealth = new CentralHealth();
      const spare = centralRun({ listener: spareHealth.listener });
      await until('the second waits', async () => JSON.stringify(await spareHealth.health()).includes('"waiting"'));
      await spare.stop();

      expect(
        await checkRemote([
          { region: 'boston', epoch: 1 },
          { region: 'denver', epoch: 1 },
        ]),
      ).toMatchObject({
        isCentralThere: true,
        isAsWanted: false,
        streams: [
          { region: 'boston', isCurrent: true, hasConsumer: true, differences: [] },
          { region: 'denver', stream: undefined, differences: [{ what: 'stream', is: 'missing' }] },
        ],
      });
      process.env['NATS_ACK_WAIT_SECONDS'] = '3';
      process.env['NATS_MAX_EVENTS'] = '77';
      const differing = await checkRemote([{ region: 'boston', epoch: 1 }]);
      expect(differing.streams[0]?.differences.map(({ what }) => what)).toEqual(['max_msgs', 'consumer ack_wait']);
      expect((await checkRemote([{ region: 'boston', epoch: 2 }])).streams).toMatchObject([
        { epoch: 1, isCurrent: false, differences: [{ what: 'consumer ack_wait' }] },
        { epoch: 2, isCurrent: true, differences: [{ what: 'stream' }] },
      ]);
      await relay.stop();
      await central.stop();
      expect(said).toEqual(['beside', 'ended']);
      // the next start repairs what differs
      const prepared: string[] = [];
      const again = relayRun({ listener: { prepared: (sentence) => prepared.push(sentence) } });
      const centralAgain = centralRun();
      await until('all is as wanted', async () => (await checkRemote([{ region: 'boston', epoch: 1 }])).isAsWanted);
      expect(prepared).toEqual([expect.stringMatching(/^NATS: changed max_msgs of stream meridian-boston-1-/)]);
      await again.stop();
      await centralAgain.stop();
      expect(await place.execute('central', 'select order_id from order_fact')).toEqual([{ order_id: 1 }]);
    });

    test('a batch that central cannot apply blocks its region, and health reports it', async () => {
      const { boston, place } = await sceneOf(engine);
      const health = new CentralHealth();
      await openCentral(place);
      const central = centralRun({ listener: health.listener });
      await writeOrders(boston, { id: 1 });
      await place.execute('central', 'alter table order_fact rename to gone');
      const relay = relayRun();
      await until('the fault is reported', async () => {
        const { isWell, details } = await health.health();
        return !isWell && JSON.stringify(details).includes('order_fact');
      });
      await place.execute('central', 'alter table gone rename to order_fact');
      await until('it is well again', async () => (await health.health()).isWell);
      expect(await place.execute('central', 'select order_id from order_fact')).toEqual([{ order_id: 1 }]);
      expect(await place.rowsOf('dead_letter', 'central')).toEqual([]);
      await relay.stop();
      await central.stop();
    });

    test('while NATS is down, health reports since when; a waiting central keeps waiting, and takes over later', async () => {
      const { boston, server, place } = await sceneOf(engine);
      const [health, spareHealth, relayHealth] = [
        new CentralHealth(),
        new CentralHealth(),
        new RelayHealth('boston', regionSnapshots),
      ];
      const central = centralRun({ listener: health.listener });
      await until('it is running', async () => (await health.health()).isWell);
      const spare = centralRun({ listener: spareHealth.listener });
      const relay = relayRun({ listener: relayHealth.listener });
      await until('the second waits', async () => JSON.stringify(await spareHealth.health()).includes('"waiting"'));
      await until('the relay is well', async () => (await relayHealth.health()).isWell);
      await server.kill();
      for (const one of [health, spareHealth, relayHealth]) {
        await until('it is reported', async () => !(await one.health()).isWell);
        expect(await one.health()).toMatchObject({
          details: { connected: false, lastError: { message: expect.stringMatching(/lost/), at: expect.any(String) } },
        });
      }
      await server.start();
      for (const one of [health, spareHealth, relayHealth]) {
        await until('it is well again', async () => (await one.health()).isWell);
      }
      expect(await spareHealth.health()).toMatchObject({ details: { state: 'waiting', lastError: null } });
      await central.stop();
      await until('the second takes over', async () =>
        JSON.stringify(await spareHealth.health()).includes('"working"'),
      );
      await writeOrders(boston, { id: 1 });
      await until(
        'it has arrived',
        async () => (await place.execute('central', 'select order_id from order_fact')).length === 1,
      );
      await relay.stop();
      await spare.stop();
    });

    test('NATS is lost while a relay and a central start: both go on once it is back', async () => {
      const { boston, server, place } = await sceneOf(engine);
      let opened = 0;
      // from here on nothing that they request is answered
      const suspended = { opened: () => (++opened === 2 ? server.suspend() : undefined) };
      const [relay, central] = [relayRun({ listener: suspended }), centralRun({ listener: suspended })];
      await until('both are connected', () => opened === 2);
      await server.kill();
      await server.start();
      await writeOrders(boston, { id: 1 });
      await until(
        'it has arrived',
        async () => (await place.execute('central', 'select order_id from order_fact')).length === 1,
      );
      await relay.stop();
      await central.stop();
    });

    test('a stream that cannot be read is reported until it is gone', async () => {
      const { server } = await sceneOf(engine);
      const health = new CentralHealth();
      const central = centralRun({ listener: health.listener });
      await until('it is running', async () => (await health.health()).isWell);
      await withManager(server, async ({ streams, consumers }) => {
        await streams.add({ name: 'odd', subjects: ['evt.denver.7.>'], retention: RetentionPolicy.Limits });
        await consumers.add('odd', { durable_name: 'central', ack_policy: AckPolicy.All });
      });
      await until('it is reported', async () => !(await health.health()).isWell);
      expect(await health.health()).toMatchObject({
        details: {
          lastError: { message: expect.stringMatching(/^NATS: could not take events out of odd: .*ack policy/) },
        },
      });
      await withManager(server, ({ streams }) => streams.delete('odd'));
      await until('it is well again', async () => (await health.health()).isWell);
      await central.stop();
    });

    test('a sync waits for a running relay', async () => {
      const { boston, place } = await sceneOf(engine);
      const central = centralRun();
      const relayHealth = new RelayHealth('boston', regionSnapshots);
      const relay = relayRun({ listener: relayHealth.listener });
      await until('the relay is well', async () => (await relayHealth.health()).isWell);
      await writeOrders(boston, { id: 1 }, { id: 2 });
      const sync = () => syncOnce({ regions: () => ['boston'], signal: new AbortController().signal, settings: SWIFT });
      expect((await sync()).regions.get('boston')).toMatchObject({ shipped: 0, paused: false, failure: undefined });
      expect(await place.execute('central', 'select order_id from order_fact')).toHaveLength(2);
      // events that are sent again as well, by either of the two
      await place.execute('central', 'delete from order_fact');
      await beginEpoch(boston);
      expect((await sync()).regions.get('boston')).toMatchObject({ paused: false, failure: undefined });
      expect(await place.execute('central', 'select order_id from order_fact')).toHaveLength(2);
      // what central cannot read is reported, though central is elsewhere
      const event = { ...orderEvent({ id: 3 }, 'placed', OCCURRED_AT), payload: '{}' };
      await boston.fork().transactional((em) => writeEvents(boston, em, [event]));
      await until('it is dead-lettered', async () => {
        const { deadLetters } = (await sync()).regions.get('boston') ?? {};
        return deadLetters?.count === 1;
      });
      await relay.stop();
      await central.stop();
    });

    test('a companion that fails ends the run', async () => {
      await sceneOf(engine);
      const failing = centralRun({ companions: [() => Promise.reject(new Error('the feeder is broken'))] });
      await expect(failing.ended).rejects.toThrow('the feeder is broken');
    });

    test('a region without a database is reported', async () => {
      await sceneOf(engine);
      await expect(relayRun({ declaration: regionDatabase('denver') }).ended).rejects.toMatchObject({
        code: 'database',
        message: 'denver has no database yet. Make it with npx meridian regions add denver.',
      });
    });

    test('a sync ends when central has all, and gives up when it takes nothing', async () => {
      const { boston, server } = await sceneOf(engine);
      expect(isRemote()).toBe(true);
      const reported: string[] = [];
      const sync = (settings = {}) =>
        syncOnce({
          regions: () => ['boston', 'denver'],
          signal: new AbortController().signal,
          settings: { ...SWIFT, ...settings },
          listener: {
            info: (sentence) => reported.push(sentence),
            failed: (region, error) => reported.push(`${region}: ${error.message}`),
          },
        });
      await writeOrders(boston, { id: 1 }, { id: 2 });
      expect((await sync()).regions.get('boston')).toMatchObject({ shipped: 2, paused: false, failure: undefined });
      expect(reported[0]).toMatch(/^NATS: made stream meridian-boston-1-.*\.$/);
      // a central that answers and takes nothing
      const idle = await natsTransport({ settings: server.settings() });
      closeAfterTest(() => idle.close());
      await idle.answer(async () => ({ epoch: 1, seq: 2, headSeq: 2, eventId: null }));
      await boston.fork().execute('delete from outbox_event where seq is not null');
      await writeOrders(boston, { id: 3 });
      expect((await sync({ drainStallSeconds: 0.3 })).regions.get('boston')?.failure).toMatchObject({
        code: 'transport',
        message:
          'orders.boston: central has applied 2 of 3 events, and no more for 0.3 seconds. Nothing is lost: the rest is on its way. Check that npx meridian central run is running, and what it reports.',
      });
    });
  });
});
