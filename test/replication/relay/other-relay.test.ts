/** How a drain waits for a running relay: until central has all events that were written before. */
import { expect, test } from '@jest/globals';
import { beginEpoch } from '../../../src/replication/outbox/epoch.ts';
import { OtherRelay } from '../../../src/replication/relay/other-relay.ts';
import { setPaused, takeLease } from '../../../src/replication/relay/relay-row.ts';
import { CentralAwayError, type Position } from '../../../src/replication/transport/transport.ts';
import { withClocks } from '../../support/clocks.ts';
import { forEachEngineThoroughly } from '../../support/engines.ts';
import { writeOrders } from '../../support/regional.ts';
import { type SyncScene, syncScene } from '../../support/sync-scene.ts';

forEachEngineThoroughly((_, engine) => {
  const beside = ({ boston, transport }: SyncScene, position = transport.position, monotonic = () => 0) => {
    const other = new OtherRelay({ database: boston, transport: { position } }, { drainStallSeconds: 30 });
    return { look: () => withClocks({ monotonic }, () => other.look()) };
  };

  test('it does not wait for a region that has published nothing', async () => {
    expect(await beside(await syncScene(engine)).look()).toBe('arrived');
  });

  test('it does not wait for later events', async () => {
    const scene = await syncScene(engine);
    await writeOrders(scene.boston, { id: 1 });
    const other = beside(scene);
    expect(await other.look()).toBe('waiting');
    await scene.sync();
    await writeOrders(scene.boston, { id: 2 });
    expect(await other.look()).toBe('arrived');
    expect(await beside(scene).look()).toBe('waiting');
  });

  test('it does not wait for a paused relay', async () => {
    const scene = await syncScene(engine);
    await writeOrders(scene.boston, { id: 1 });
    await setPaused(scene.boston, true);
    expect(await beside(scene).look()).toBe('paused');
  });

  test('it waits for everything that is sent again', async () => {
    const scene = await syncScene(engine);
    await writeOrders(scene.boston, { id: 1 });
    await scene.sync();
    await beginEpoch(scene.boston);
    const other = beside(scene);
    expect(await other.look()).toBe('waiting');
    await scene.sync();
    expect(await other.look()).toBe('arrived');
  });

  test.each<[string, () => Promise<Position | undefined>]>([
    ['has lost everything', async () => undefined],
    ['was restored from a backup', async () => ({ epoch: 1, seq: 1, headSeq: 2, eventId: 'x' })],
    ['has heard of another epoch', async () => ({ epoch: 2, seq: 2, headSeq: 2, eventId: 'x' })],
    ['is away', () => Promise.reject(new CentralAwayError('Central does not answer.'))],
  ])('it waits for a central that %s', async (_name, position) => {
    const scene = await syncScene(engine);
    await writeOrders(scene.boston, { id: 1 }, { id: 2 });
    await scene.sync();
    expect(await beside(scene).look()).toBe('arrived');
    expect(await beside(scene, position).look()).toBe('waiting');
  });

  test('it waits while the relay makes progress; then it reports the error of the relay', async () => {
    const scene = await syncScene(engine);
    await writeOrders(scene.boston, { id: 1 }, { id: 2 }, { id: 3 });
    let time = 0;
    const other = beside(scene, scene.transport.position, () => time);
    for (let seq = 0; seq < 3; seq++) {
      await scene.place.execute('orders.boston', `update relay_state set acked_seq = ${seq}`);
      expect(await other.look()).toBe('waiting');
      time += 29_000;
    }
    // more events are no progress
    await scene.place.execute('orders.boston', 'update relay_state set next_seq = next_seq + 1');
    await takeLease(scene.boston, 3600);
    await scene.place.execute('orders.boston', "update relay_state set last_error = 'The disk is full.'");
    time += 2000;
    await expect(other.look()).rejects.toMatchObject({
      code: 'locked',
      message: expect.stringMatching(/no progress for 30 seconds\. The disk is full\. Nothing is lost\./),
    });
    const away = beside(
      scene,
      () => Promise.reject(new CentralAwayError('Central does not answer.')),
      () => time,
    );
    await scene.place.execute('orders.boston', 'update relay_state set last_error = null');
    expect(await away.look()).toBe('waiting');
    time += 31_000;
    await expect(away.look()).rejects.toThrow('no progress for 30 seconds. Central does not answer. Nothing is lost.');
  });

  test('it throws every other failure of central', async () => {
    const scene = await syncScene(engine);
    await expect(beside(scene, () => Promise.reject(new Error('out of memory'))).look()).rejects.toThrow(
      'out of memory',
    );
  });
});
