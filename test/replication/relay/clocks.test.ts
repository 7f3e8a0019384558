/** Wall clocks that are wrong, or are set while a relay runs, decide nothing. */
import { expect, test } from '@jest/globals';
import { readRelay, takeLease } from '../../../src/replication/relay/relay-row.ts';
import type { Confirmation } from '../../../src/replication/relay/settings.ts';
import { applyBatch } from '../../../src/shop/central/apply.ts';
import { regionStatus } from '../../../src/shop/regions/status.ts';
import { withClocks } from '../../support/clocks.ts';
import { forEachEngineThoroughly } from '../../support/engines.ts';
import { drain, relayOf, transportTo, writeOrders } from '../../support/regional.ts';
import { expectEqual, syncScene } from '../../support/sync-scene.ts';
import { until } from '../../support/until.ts';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;

const wrongBy = (milliseconds: number) => () => Date.now() + milliseconds;

forEachEngineThoroughly((_, engine) => {
  test.each([
    ['a day ahead', DAY],
    ['a day behind', -DAY],
  ])('a relay whose clock is %s holds its lease for as long as any other', async (_name, shift) => {
    const scene = await syncScene(engine);
    await writeOrders(scene.boston, { id: 1 });
    const stop = new AbortController();
    const running = withClocks({ now: wrongBy(shift) }, () =>
      relayOf(scene.boston, scene.transport, { signal: stop.signal }).run(),
    );
    await until('it has shipped', () => scene.batches.length > 0);
    const { leaseUntil } = await readRelay(scene.boston, scene.boston.fork());
    const seconds = (Date.parse(leaseUntil ?? '') - Date.now()) / 1000;
    expect(seconds).toBeGreaterThan(0);
    expect(seconds).toBeLessThanOrEqual(11);
    // another one, whose clock is right or wrong, does not take it for ended
    for (const now of [wrongBy(0), wrongBy(DAY), wrongBy(-DAY)]) {
      expect(await regionStatus(scene.boston, new Date(now()))).toMatchObject({ relay: 'running' });
      expect(await withClocks({ now }, () => scene.sync())).toEqual({ paused: false });
    }
    expect(await takeLease(scene.boston, 10)).toBeUndefined();
    stop.abort();
    await running;
  });

  test('a lease that is a day ahead keeps no relay away for longer than a lease lasts', async () => {
    const scene = await syncScene(engine);
    await writeOrders(scene.boston, { id: 1 });
    // of a relay of an earlier version whose clock was ahead, or of before the clock was set back
    await scene.place.execute(
      'orders.boston',
      "update relay_state set fence = 5, lease_until = '2999-01-01T00:00:00.000Z'",
    );
    let time = 0;
    const stop = new AbortController();
    let looks = 0;
    const position = (region: string) => {
      looks++;
      return scene.transport.position(region);
    };
    const transport = { ...scene.transport, position };
    const draining = withClocks({ monotonic: () => time }, () =>
      drain(scene.boston, transport, { signal: stop.signal }),
    );
    await until('it waits', () => looks > 2);
    time = 9999;
    const before = looks;
    await until('it has looked again', () => looks > before + 2);
    expect(scene.batches).toEqual([]);
    time = 10_000;
    await draining;
    await expectEqual(scene);
    const { fencingToken, leaseUntil } = await readRelay(scene.boston, scene.boston.fork());
    expect(fencingToken).not.toBe(5);
    expect(leaseUntil).toBeNull();
  });

  test('a lease that is renewed stays with its relay, however long another relay watches it', async () => {
    const scene = await syncScene(engine);
    await writeOrders(scene.boston, { id: 1 });
    let time = 0;
    let renewals = 0;
    const renew = async (region: string) => {
      renewals++;
      time += 6000;
      const until = `2999-01-01T00:00:00.${String(renewals).padStart(3, '0')}Z`;
      await scene.place.execute('orders.boston', `update relay_state set fence = 5, lease_until = '${until}'`);
      return scene.transport.position(region);
    };
    await renew('boston');
    const transport = { ...scene.transport, position: renew };
    const draining = withClocks({ monotonic: () => time }, () => drain(scene.boston, transport));
    // it gives up because nothing gets further
    await expect(draining).rejects.toMatchObject({
      code: 'locked',
      message: expect.stringContaining('no progress for'),
    });
    expect(renewals).toBeGreaterThan(4);
    expect(scene.batches).toEqual([]);
  });

  test('a relay keeps its lease while the wall clock is put forward and back', async () => {
    const scene = await syncScene(engine);
    let shift = 0;
    const stop = new AbortController();
    const running = withClocks({ now: () => wrongBy(shift)() }, () =>
      relayOf(scene.boston, scene.transport, { signal: stop.signal }).run(),
    );
    const fencingTokens = new Set<number>();
    for (const [index, next] of [DAY, -DAY, HOUR, 0].entries()) {
      shift = next;
      await writeOrders(scene.boston, { id: index + 1 });
      await until('it has shipped', () => scene.batches.length > index);
      fencingTokens.add((await readRelay(scene.boston, scene.boston.fork())).fencingToken);
    }
    stop.abort();
    await running;
    expect(fencingTokens.size).toBe(1);
    expect(await readRelay(scene.boston, scene.boston.fork())).toMatchObject({ ackedSeq: 4 });
  });

  test('events on their way are confirmed after the clock was set back by an hour', async () => {
    const scene = await syncScene(engine);
    // stored on the way, and taken by central a little later
    let applied = 0;
    const stored = await transportTo(scene.central, () => Promise.resolve());
    const transport = {
      ...scene.transport,
      acknowledgesApplied: false,
      stored: async () => ({ firstSeq: 1, lastSeq: applied }),
      publish: async (batch: Parameters<typeof stored.publish>[0]) => {
        await stored.publish(batch);
        applied = batch.headSeq;
        await applyBatch(scene.central, batch);
      },
    };
    let shift = 0;
    let time = 0;
    const stop = new AbortController();
    const acked: number[] = [];
    const listener = { confirmed: ({ ackedSeq }: Confirmation) => acked.push(ackedSeq) };
    const running = withClocks({ now: () => wrongBy(shift)(), monotonic: () => time }, () =>
      relayOf(scene.boston, transport, { signal: stop.signal, listener }).run(),
    );
    await until('it has asked once', () => acked.length === 1);
    shift = -HOUR;
    await writeOrders(scene.boston, { id: 1 });
    await until('it has published', () => applied === 1);
    time += 1000;
    await until('it has asked again', () => acked.at(-1) === 1);
    stop.abort();
    await running;
  });
});
