/** Relays of one region beside each other, and after one of them has died. */
import { expect, test } from '@jest/globals';
import {
  LeaseLostError,
  type RelayRow,
  readRelay,
  renewLease,
  setPaused,
  takeLease,
} from '../../../src/replication/relay/relay-row.ts';
import type { Batch } from '../../../src/replication/transport/transport.ts';
import { applyBatch } from '../../../src/shop/central/apply.ts';
import { withClocks } from '../../support/clocks.ts';
import { forEachEngine } from '../../support/engines.ts';
import { drain, endLease, openRegion, relayOf, transportTo, writeOrders } from '../../support/regional.ts';
import { expectEqual, type SyncScene, syncScene } from '../../support/sync-scene.ts';
import { until } from '../../support/until.ts';

const relayRow = ({ boston }: SyncScene) => readRelay(boston, boston.fork());

forEachEngine((_, engine) => {
  test.each([
    ['before it has published', false],
    ['between publishing and noting it', true],
  ])('another relay finishes the work of one that died %s, once its lease has ended', async (_name, arrives) => {
    const scene = await syncScene(engine);
    await writeOrders(scene.boston, { id: 1 }, { id: 2 });
    let hasBegun = false;
    const neverReturns = await transportTo(scene.central, async (batch) => {
      if (arrives) {
        await applyBatch(scene.central, batch);
      }
      hasBegun = true;
      await new Promise(() => undefined);
    });
    void drain(scene.boston, neverReturns);
    await until('the first relay is publishing', () => hasBegun);
    await writeOrders(scene.boston, { id: 3 });
    await writeOrders(scene.boston, { id: 1, version: 2 });
    const before = await relayRow(scene);
    expect(before).toMatchObject({ nextSeq: 3, ackedSeq: 0, leaseUntil: expect.any(String) });
    await endLease(scene.boston);
    await scene.sync();
    expect(scene.batches.flatMap(({ events }) => events.map(({ seq }) => seq))).toEqual(
      arrives ? [3, 4] : [1, 2, 3, 4],
    );
    const after = await relayRow(scene);
    expect(after).toMatchObject({ nextSeq: 5, ackedSeq: 4 });
    expect(after.fencingToken).not.toBe(before.fencingToken);
    expect(await scene.place.execute('central', 'select seq from inbox_event')).toHaveLength(4);
    await expectEqual(scene);
  });

  test('a relay that waits for the lease does not wait for transactions that write', async () => {
    const scene = await syncScene(engine);
    const held = (await takeLease(scene.boston, 3600)) as RelayRow;
    const waiting = relayOf(await openRegion(scene.place), scene.transport);
    const round = await scene.boston.transaction(async (em) => {
      await renewLease(scene.boston, em, held, 0, 3600);
      return waiting.round();
    });
    expect(round).toBeInstanceOf(LeaseLostError);
  });

  test('a relay whose lease another one takes over while it asks central begins no epoch', async () => {
    const scene = await syncScene(engine);
    await writeOrders(scene.boston, { id: 1 });
    await scene.sync();
    let isAsked = false;
    const position = async (region: string) => {
      if (!isAsked) {
        isAsked = true;
        await endLease(scene.boston);
        await writeOrders(scene.boston, { id: 2 });
        await scene.sync();
      }
      return scene.transport.position(region);
    };
    await scene.sync({ transport: { ...scene.transport, position } });
    expect(isAsked).toBe(true);
    expect(await relayRow(scene)).toMatchObject({ epoch: 1, nextSeq: 3, ackedSeq: 2 });
    expect(scene.notices).toEqual([]);
    await expectEqual(scene);
  });

  test('a drain gives up when the other relay makes no progress, and reports it', async () => {
    const scene = await syncScene(engine);
    await writeOrders(scene.boston, { id: 1 });
    const held = await takeLease(scene.boston, 3600);
    // a second passes whenever it looks at the clock, and the other relay renews its lease
    let time = 0;
    const monotonic = () => {
      time += 1000;
      return time;
    };
    const position = async (region: string) => {
      await scene.boston.transaction((em) => renewLease(scene.boston, em, held as RelayRow, 0, 3600));
      return scene.transport.position(region);
    };
    const draining = withClocks({ monotonic }, () => scene.sync({ transport: { ...scene.transport, position } }));
    await expect(draining).rejects.toMatchObject({
      code: 'locked',
      message:
        'orders.boston: another relay ships its events, and has made no progress for 30 seconds. It reports no error. ' +
        'Nothing is lost. Check what that relay and central report, or stop that relay and run the same command again.',
    });
    expect(scene.batches).toEqual([]);
    expect(scene.notices).toEqual(['orders.boston: another relay ships its events. Waiting for it.']);
  });

  test('a drain waits for a running relay to ship what was written before', async () => {
    const scene = await syncScene(engine);
    const end = new AbortController();
    let isHeld = true;
    const publish = async (batch: Batch) => {
      await until('it may be published', () => !isHeld);
      await scene.transport.publish(batch);
    };
    const running = relayOf(scene.boston, { ...scene.transport, publish }, { signal: end.signal }).run();
    await writeOrders(scene.boston, { id: 1 }, { id: 2 });
    await until('the first relay has begun', async () => (await relayRow(scene)).nextSeq === 3);
    const draining = scene.sync();
    await until('the second waits', () => scene.notices.length > 0);
    isHeld = false;
    expect(await draining).toEqual({ paused: false });
    await expectEqual(scene);
    expect(await relayRow(scene)).toMatchObject({ ackedSeq: 2, leaseUntil: expect.any(String) });
    // nothing more is to be waited for
    expect(await scene.sync()).toEqual({ paused: false });
    expect(scene.notices).toHaveLength(1);
    end.abort();
    await running;
  });

  test('a drain that is paused meanwhile reports it', async () => {
    const scene = await syncScene(engine);
    await writeOrders(scene.boston, { id: 1 }, { id: 2 });
    const publish = async (batch: (typeof scene.batches)[number]) => {
      await scene.transport.publish(batch);
      await setPaused(scene.boston, true);
    };
    expect(await scene.sync({ transport: { ...scene.transport, publish }, settings: { batchEvents: 1 } })).toEqual({
      paused: true,
    });
    expect(await relayRow(scene)).toMatchObject({ ackedSeq: 1, leaseUntil: null });
  });
});
