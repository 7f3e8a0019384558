/** What a relay ships, in which order, and under which lease. */
import { describe, expect, test } from '@jest/globals';
import type { Database } from '../../../src/database/database.ts';
import { beginEpoch } from '../../../src/replication/outbox/epoch.ts';
import { wakeRelay } from '../../../src/replication/outbox/wake.ts';
import { OtherRelay } from '../../../src/replication/relay/other-relay.ts';
import { readRelay, setPaused, takeLease } from '../../../src/replication/relay/relay-row.ts';
import { type Batch, CentralAwayError } from '../../../src/replication/transport/transport.ts';
import { applyBatch } from '../../../src/shop/central/apply.ts';
import { compare } from '../../../src/shop/compare/compare.ts';
import { regionStatus } from '../../../src/shop/regions/status.ts';
import { backUpStandby } from '../../support/backup.ts';
import { forEachEngineThoroughly, type Place } from '../../support/engines.ts';
import {
  drain,
  endLease,
  openCentral,
  openRegion,
  regionalPlace,
  relayOf,
  transportTo,
  writeOrders,
} from '../../support/regional.ts';
import { until } from '../../support/until.ts';

forEachEngineThoroughly((_, engine) => {
  interface Scene {
    readonly place: Place;
    readonly boston: Database;
    readonly central: Database;
    readonly batches: Batch[];
    readonly transport: Awaited<ReturnType<typeof transportTo>>;
  }

  async function scene(): Promise<Scene> {
    const place = await regionalPlace(engine);
    const [boston, central] = [await openRegion(place), await openCentral(place)];
    const batches: Batch[] = [];
    const transport = await transportTo(central, async (batch) => {
      batches.push(batch);
      await applyBatch(central, batch);
    });
    return { place, boston, central, batches, transport };
  }

  const facts = ({ place }: Scene) =>
    place.execute('central', 'select order_id, version, status from order_fact order by order_id');
  const seqsOf = (batches: readonly Batch[]) => batches.map(({ events }) => events.map(({ seq }) => seq));

  describe('a drain', () => {
    test('ships events in the order in which they were written, in batches without gaps', async () => {
      const { boston, batches, transport, ...rest } = await scene();
      await writeOrders(boston, { id: 5 }, { id: 3 }, { id: 4 });
      await writeOrders(boston, { id: 3, version: 2, status: 'cancelled' });
      expect(await drain(boston, transport, { settings: { batchEvents: 3 } })).toEqual({ paused: false });
      expect(seqsOf(batches)).toEqual([[1, 2, 3], [4]]);
      expect(batches.flatMap(({ events }) => events.map((one) => [one.aggregateId, one.aggregateVersion]))).toEqual([
        [5, 1],
        [3, 1],
        [4, 1],
        [3, 2],
      ]);
      expect(batches[0]).toMatchObject({ region: 'boston', epoch: 1, headSeq: 3 });
      expect(await facts({ boston, batches, transport, ...rest })).toEqual([
        { order_id: 3, version: 2, status: 'cancelled' },
        { order_id: 4, version: 1, status: 'confirmed' },
        { order_id: 5, version: 1, status: 'confirmed' },
      ]);
      expect(await readRelay(boston, boston.fork())).toMatchObject({ nextSeq: 5, ackedSeq: 4, leaseUntil: null });
    });

    test('publishes nothing when there is nothing to ship, and releases the lease', async () => {
      const { boston, batches, transport } = await scene();
      await drain(boston, transport);
      await drain(boston, transport);
      expect(batches).toEqual([]);
      expect(await readRelay(boston, boston.fork())).toMatchObject({ nextSeq: 1, ackedSeq: 0, leaseUntil: null });
    });

    test('withholds the events of a load until its references are checked', async () => {
      const { place, boston, batches, transport } = await scene();
      const begun = `insert into meridian_runs_orders (id, entity, source, settings, databases, state, read, inserted, updated, unchanged, rejected, reasons, seconds, started_at, updated_at)
        values ('run', 'order', 'a.csv', '{}', '[]', 'loading', 0, 0, 0, 0, 0, '[]', 0, '', '')`;
      await place.execute('orders.boston', begun);
      await writeOrders(boston, { id: 1 }, { id: 2 });
      await place.execute('orders.boston', "update outbox_event set run = 'run' where aggregate_id = 1");
      await drain(boston, transport);
      expect(batches.flatMap(({ events }) => events.map((one) => one.aggregateId))).toEqual([2]);
      expect(await regionStatus(boston)).toMatchObject({ held: 1, unshipped: 0, lagSeconds: 0 });
      await place.execute('orders.boston', "update meridian_runs_orders set state = 'checked'");
      expect(await regionStatus(boston)).toMatchObject({ held: 0, unshipped: 1 });
      await drain(boston, transport);
      expect(batches.flatMap(({ events }) => events.map((one) => one.aggregateId))).toEqual([2, 1]);
    });

    test('records a failure in the row of the relay, retries, and clears it', async () => {
      const { boston, batches, central } = await scene();
      const failures: string[] = [];
      let isDown = true;
      const transport = await transportTo(central, async (batch) => {
        if (isDown) {
          isDown = failures.length < 2;
          throw new Error('the line is dead');
        }
        batches.push(batch);
        await applyBatch(central, batch);
      });
      await writeOrders(boston, { id: 1 });
      await drain(boston, transport, {
        listener: { failed: (error) => failures.push(error.message) },
      });
      expect(failures).toEqual(['the line is dead', 'the line is dead', 'the line is dead']);
      expect(seqsOf(batches)).toEqual([[1]]);
      expect(await readRelay(boston, boston.fork())).toMatchObject({ ackedSeq: 1, attempts: 0, lastError: null });
    });

    test('gives up after some failures, and the row holds the reason', async () => {
      const { boston, central } = await scene();
      const transport = await transportTo(central, () => Promise.reject(new Error('the line is dead')));
      await writeOrders(boston, { id: 1 });
      await expect(drain(boston, transport, { settings: { drainAttempts: 3 } })).rejects.toThrow('the line is dead');
      const row = await readRelay(boston, boston.fork());
      expect(row).toMatchObject({
        ackedSeq: 0,
        nextSeq: 2,
        attempts: 3,
        lastError: 'the line is dead',
        leaseUntil: null,
      });
      expect(Date.parse(row.nextAttemptAt ?? '')).toBeGreaterThan(0);
      expect(await regionStatus(boston)).toMatchObject({
        relay: 'failing',
        unshipped: 1,
        lastError: 'the line is dead',
      });
    });

    test('does not count events as arrived that could not be published', async () => {
      const { boston, central, batches, transport } = await scene();
      // of what is only stored on the way, central is not expected to have all
      const stored = { acknowledgesApplied: false };
      const dead = await transportTo(central, () => Promise.reject(new Error('the line is dead')));
      await writeOrders(boston, { id: 1 }, { id: 2 });
      await expect(drain(boston, { ...dead, ...stored }, { settings: { drainAttempts: 2 } })).rejects.toThrow('dead');
      await drain(boston, { ...transport, ...stored });
      expect(seqsOf(batches)).toEqual([[1, 2]]);
    });

    test('keeps the sequence numbers of events whose arrival was not confirmed', async () => {
      const { boston, central, batches, transport } = await scene();
      const unconfirmed = { acknowledgesApplied: false, position: async () => undefined };
      const lossy = await transportTo(central, async (batch) => {
        await applyBatch(central, batch);
        throw new Error('the answer got lost');
      });
      await writeOrders(boston, { id: 1 }, { id: 2 });
      await expect(drain(boston, { ...lossy, ...unconfirmed }, { settings: { drainAttempts: 1 } })).rejects.toThrow(
        'lost',
      );
      await writeOrders(boston, { id: 3 });
      await drain(boston, { ...transport, ...unconfirmed }, { settings: { batchEvents: 2 } });
      expect(seqsOf(batches)).toEqual([[1, 2], [3]]);
    });

    test('does not publish events again that had arrived although the answer got lost', async () => {
      const { boston, central, batches, transport } = await scene();
      const lossy = await transportTo(central, async (batch) => {
        await applyBatch(central, batch);
        throw new Error('the answer got lost');
      });
      await writeOrders(boston, { id: 1 }, { id: 2 });
      await expect(drain(boston, lossy, { settings: { drainAttempts: 1 } })).rejects.toThrow('lost');
      await drain(boston, transport);
      expect(batches).toEqual([]);
      expect(await readRelay(boston, boston.fork())).toMatchObject({ ackedSeq: 2 });
    });

    test('asks central after a failure, before it publishes anything again', async () => {
      const { boston, central } = await scene();
      let published = 0;
      const lossy = await transportTo(central, async (batch) => {
        published++;
        await applyBatch(central, batch);
        throw new Error('the answer got lost');
      });
      await writeOrders(boston, { id: 1 });
      await drain(boston, lossy);
      expect(published).toBe(1);
    });

    test('ships nothing while it is paused, and everything when it is resumed', async () => {
      const { boston, batches, transport } = await scene();
      await writeOrders(boston, { id: 1 });
      await setPaused(boston, true);
      expect(await drain(boston, transport)).toEqual({ paused: true });
      expect(batches).toEqual([]);
      expect(await regionStatus(boston)).toMatchObject({ relay: 'paused', unshipped: 1 });
      await setPaused(boston, false);
      expect(await drain(boston, transport)).toEqual({ paused: false });
      expect(seqsOf(batches)).toEqual([[1]]);
    });
  });

  describe('the lease', () => {
    test('belongs to one relay at a time, and to another one once it has ended', async () => {
      const { boston } = await scene();
      const first = await takeLease(boston, 3600);
      expect(first).toBeDefined();
      expect(await takeLease(boston, 3600)).toBeUndefined();
      expect(await regionStatus(boston)).toMatchObject({ relay: 'running' });
      await endLease(boston);
      expect(await regionStatus(boston)).toMatchObject({ relay: 'idle' });
      const second = await takeLease(boston, 3600);
      expect(second).toBeDefined();
      expect(second?.fencingToken).not.toBe(first?.fencingToken);
    });

    test('a relay that has lost it assigns no sequence numbers and records no arrivals', async () => {
      const { boston, central, batches, transport } = await scene();
      await writeOrders(boston, { id: 1 });
      // while the first relay publishes, its lease runs out and another one ships everything
      const published: Batch[] = [];
      const overtaken = await transportTo(central, async (batch) => {
        published.push(batch);
        if (published.length === 1) {
          await endLease(boston);
          await drain(boston, transport);
          await writeOrders(boston, { id: 2 });
        }
        await applyBatch(central, batch);
      });
      await drain(boston, overtaken);
      expect(seqsOf(batches)).toEqual([[1]]);
      // it has started again where the other one was
      expect(seqsOf(published)).toEqual([[1], [2]]);
      expect(await readRelay(boston, boston.fork())).toMatchObject({ nextSeq: 3, ackedSeq: 2 });
    });
  });

  describe('a relay that has lost it to a new epoch, while central is away', () => {
    test('publishes all of that epoch, whatever it had published before', async () => {
      const { boston, transport } = await scene();
      const published: Batch[] = [];
      const stored = {
        ...transport,
        acknowledgesApplied: false,
        publish: async (batch: Batch) => {
          published.push(batch);
        },
        // central has taken them, and has not confirmed it yet
        stored: async () => 'empty' as const,
        position: () => Promise.reject(new CentralAwayError('Central does not answer.')),
      };
      await writeOrders(boston, { id: 1 }, { id: 2 }, { id: 3 });
      const relay = relayOf(boston, stored);
      expect(await relay.round()).toBe('worked');
      await beginEpoch(boston, { fromSeq: 1 });
      // another relay assigns the numbers of that epoch, and can publish nothing
      const dead = { ...stored, publish: () => Promise.reject(new Error('the line is dead')) };
      await expect(drain(boston, dead, { settings: { drainAttempts: 1 } })).rejects.toThrow('dead');
      // the lease is lost, and then acquired again
      expect(await relay.round()).toBe('worked');
      expect(await relay.round()).toBe('worked');
      expect(published.map(({ epoch, events }) => [epoch, events.map(({ seq }) => seq)])).toEqual([
        [1, [1, 2, 3]],
        [2, [1, 2, 3]],
      ]);
    });
  });

  describe('a stale standby that takes over under a relay', () => {
    const ids = (from: number, to: number, rest: object = {}) =>
      Array.from({ length: to - from + 1 }, (_one, index) => ({ id: from + index, ...rest }));

    test.each([0, 3, 12, 40])(
      'is found out before anything more is published, with %i orders after it',
      async (count) => {
        const { place, boston, central } = await scene();
        await writeOrders(boston, ...ids(1, 10));
        const notices: string[] = [];
        let takeOver: () => Promise<void> = async () => undefined;
        const transport = await transportTo(central, async (batch) => {
          await applyBatch(central, batch);
          if (batch.epoch === 1 && batch.headSeq === 10) {
            // with the lease that the relay holds now
            takeOver = await backUpStandby(place, boston);
            await writeOrders(boston, ...ids(11, 15, { userId: 2 }));
          } else if (batch.epoch === 1 && batch.headSeq === 15) {
            await takeOver();
            await writeOrders(boston, ...ids(11, 10 + count, { userId: 3 }));
          }
        });
        const published: Batch[] = [];
        const publish = async (batch: Batch) => {
          published.push(batch);
          await transport.publish(batch);
        };
        await drain(
          boston,
          { ...transport, publish },
          {
            settings: { batchEvents: 10 },
            listener: { info: (sentence) => notices.push(sentence) },
          },
        );
        expect(notices).toEqual([
          'orders.boston: central knows event 15 and this database ends at event 10, so it was restored from a backup; everything is sent again in epoch 2.',
        ]);
        expect(seqsOf(published.filter(({ epoch }) => epoch === 1)).flat()).toHaveLength(15);
        expect(await compare(central, boston)).toMatchObject({ differences: 0, leftOut: 0 });
        expect(await place.execute('central', 'select count(*) as orders from order_fact where user_id = 2')).toEqual([
          { orders: 0 },
        ]);
        expect(await place.execute('central', 'select error from dead_letter')).toEqual([]);
      },
    );

    test('does not count as arrived for a drain that waits for another relay', async () => {
      const { boston, transport, ...rest } = await scene();
      await writeOrders(boston, { id: 1 }, { id: 2 });
      await drain(boston, transport);
      await rest.place.execute('orders.boston', 'delete from outbox_event where seq = 2');
      await rest.place.execute('orders.boston', 'update relay_state set next_seq = 2, acked_seq = 1');
      const other = new OtherRelay({ database: boston, transport }, { drainStallSeconds: 30 });
      expect(await other.look()).toBe('waiting');
    });
  });

  describe('a running relay', () => {
    test('ships at once what is written in the same process, and ends when it is stopped', async () => {
      const { boston, batches, transport } = await scene();
      const stop = new AbortController();
      const running = relayOf(boston, transport, {
        signal: stop.signal,
        settings: { pollMilliseconds: 600_000 },
      }).run();
      try {
        await until('the relay is running', async () => (await regionStatus(boston)).relay === 'running');
        await writeOrders(boston, { id: 1 });
        wakeRelay(boston);
        await until('the first has arrived', () => batches.length === 1);
        await writeOrders(boston, { id: 2 });
        wakeRelay(boston);
        await until('the second has arrived', () => batches.length === 2);
      } finally {
        stop.abort();
        await running;
      }
      expect(await readRelay(boston, boston.fork())).toMatchObject({ ackedSeq: 2, leaseUntil: null });
    });

    test('finds what another process writes', async () => {
      const { boston, batches, transport } = await scene();
      const stop = new AbortController();
      const running = relayOf(boston, transport, { signal: stop.signal }).run();
      try {
        await until('the relay is running', async () => (await regionStatus(boston)).relay === 'running');
        await writeOrders(boston, { id: 1 });
        await until('it has arrived', () => batches.length === 1);
      } finally {
        stop.abort();
        await running;
      }
    });
  });
});
