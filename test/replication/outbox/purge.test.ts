/** Which events are removed from an outbox, and which are kept. */
import { expect, test } from '@jest/globals';
import { positionOf } from '../../../src/replication/inbox/cursor.ts';
import { beginEpoch } from '../../../src/replication/outbox/epoch.ts';
import { purge } from '../../../src/replication/outbox/purge.ts';
import { forEachEngineThoroughly } from '../../support/engines.ts';
import { OCCURRED_AT } from '../../support/occurred.ts';
import { writeOrders } from '../../support/regional.ts';
import { expectEqual, type SyncScene, syncScene } from '../../support/sync-scene.ts';

const DAY_MILLISECONDS = 24 * 60 * 60 * 1000;

forEachEngineThoroughly((_, engine) => {
  const seqs = async ({ place }: SyncScene) =>
    (await place.execute('orders.boston', 'select seq from outbox_event order by id')).map(({ seq }) => seq);
  const occurredAfter = (milliseconds: number) => new Date(Date.parse(OCCURRED_AT) + milliseconds);
  const now = occurredAfter(2 * DAY_MILLISECONDS);
  const purgeNow = async ({ boston, central }: SyncScene, keepDays: number) =>
    purge(boston, await positionOf(central, 'boston'), { keepDays, now });

  test('follows the contiguous cursor of central, not the acknowledgements', async () => {
    const scene = await syncScene(engine);
    await writeOrders(scene.boston, ...[1, 2, 3, 4, 5].map((id) => ({ id })));
    await scene.sync();
    await writeOrders(scene.boston, { id: 6 });
    await scene.place.execute('central', 'update region_cursor set seq = 3');
    expect(await purgeNow(scene, 1)).toBe(3);
    expect(await seqs(scene)).toEqual([4, 5, null]);
    await scene.place.execute('central', 'delete from region_cursor');
    expect(await purgeNow(scene, 1)).toBe(0);
  });

  test('keeps young events, to the millisecond', async () => {
    const scene = await syncScene(engine);
    await writeOrders(scene.boston, { id: 1 }, { id: 2 });
    await scene.sync();
    expect(await purgeNow(scene, 2.001)).toBe(0);
    await scene.place.execute(
      'orders.boston',
      `update outbox_event set occurred_at = '${occurredAfter(1).toISOString()}' where seq = 2`,
    );
    expect(await purgeNow(scene, 2)).toBe(1);
    expect(await seqs(scene)).toEqual([2]);
  });

  test('leaves no gap where a later event says an earlier time', async () => {
    const scene = await syncScene(engine);
    await writeOrders(scene.boston, { id: 1 }, { id: 2 }, { id: 3 });
    await scene.sync();
    await scene.place.execute(
      'orders.boston',
      `update outbox_event set occurred_at = '${occurredAfter(1.9 * DAY_MILLISECONDS).toISOString()}' where seq = 2`,
    );
    expect(await purgeNow(scene, 1)).toBe(1);
    expect(await seqs(scene)).toEqual([2, 3]);
  });

  test('removes more than fit into one transaction', async () => {
    const scene = await syncScene(engine);
    await writeOrders(scene.boston, ...Array.from({ length: 10_001 }, (_one, index) => ({ id: index + 1 })));
    await scene.sync();
    expect(await purgeNow(scene, 1)).toBe(10_001);
    expect(await seqs(scene)).toEqual([]);
    // what comes next goes on counting
    await writeOrders(scene.boston, { id: 20_000 });
    await scene.sync();
    expect(await seqs(scene)).toEqual([10_002]);
    await expectEqual(scene);
  });

  test('removes events of earlier epochs once central has the current one, and not before', async () => {
    const scene = await syncScene(engine);
    await writeOrders(scene.boston, { id: 1 }, { id: 2 }, { id: 3 });
    await scene.sync();
    await beginEpoch(scene.boston, { fromSeq: 3 });
    expect(await purgeNow(scene, 0)).toBe(0);
    await scene.sync();
    expect(await purgeNow(scene, 0)).toBe(3);
    await expectEqual(scene);
  });
});
