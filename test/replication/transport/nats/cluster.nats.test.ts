/** Three servers keep each stream three times: any one of them may be lost in mid-stream. */
import { expect, test } from '@jest/globals';
import { describeWithNats } from '../../../support/nats/available.ts';
import { startCluster } from '../../../support/nats/cluster.ts';
import { expectEach, natsScene, startCentral, startRelay, trade, untilArrived } from '../../../support/nats/scene.ts';
import { streamsOf } from '../../../support/nats/streams.ts';
import { until } from '../../../support/until.ts';

describeWithNats('NATS', () => {
  test('the leader is lost in mid-stream, and comes back', async () => {
    const cluster = await startCluster();
    const scene = await natsScene('sqlite');
    await startCentral(scene, cluster.settings);
    await startRelay(scene, cluster.settings);
    const orders = trade(scene.boston);
    await until('batches get through', () => scene.got.length > 5);
    const lost = await cluster.leader();
    await lost.kill();
    const before = scene.got.length;
    await until('batches get through to those who are left', () => scene.got.length > before + 10);
    await lost.start();
    await orders.goOn(20);
    await orders.stop();
    await untilArrived(scene, scene.boston, 'boston');
    await expectEach(scene);
    expect(await streamsOf(lost)).toHaveLength(1);
  });
});
