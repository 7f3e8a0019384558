/** Each region has a server of its own, a leaf node of central's: it stores what is published while the line is cut. */
import { expect, test } from '@jest/globals';
import { positionOf } from '../../../../src/replication/inbox/cursor.ts';
import { compare } from '../../../../src/shop/compare/compare.ts';
import { describeWithNats } from '../../../support/nats/available.ts';
import { startLink } from '../../../support/nats/link.ts';
import { expectEach, natsScene, startCentral, startRelay, trade, untilArrived } from '../../../support/nats/scene.ts';
import { type NatsServer, startNats } from '../../../support/nats/server.ts';
import { streamsOf } from '../../../support/nats/streams.ts';
import { freePort } from '../../../support/postgresql/server.ts';
import { openRegion } from '../../../support/regional.ts';
import { until } from '../../../support/until.ts';

describeWithNats('NATS', () => {
  test('regions on leaf nodes are cut off, go on, and are healed', async () => {
    const leafPort = await freePort();
    const link = await startLink(leafPort);
    const hub = await startNats({
      name: 'hub',
      domain: 'hub',
      // leaf nodes do not learn of a way past the line
      config: `leafnodes { host: "127.0.0.1", port: ${leafPort}, advertise: "127.0.0.1:${link.port}" }`,
    });
    const leafOf = (region: string): Promise<NatsServer> =>
      startNats({
        name: region,
        domain: region,
        config: `leafnodes { reconnect: 1, remotes: [{ url: "nats-leaf://127.0.0.1:${link.port}" }] }`,
      });
    const [bostonLeaf, denverLeaf] = [await leafOf('boston'), await leafOf('denver')];
    const scene = await natsScene('sqlite');
    const denver = await openRegion(scene.place, 'denver');
    await startCentral(scene, hub.settings({ NATS_ACK_WAIT_SECONDS: '2' }));
    await startRelay(scene, bostonLeaf.settings());
    await startRelay(scene, denverLeaf.settings(), { database: denver });
    const [inBoston, inDenver] = [trade(scene.boston), trade(denver)];
    for (let cut = 1; cut <= 2; cut++) {
      const seqOf = async (region: string) => (await positionOf(scene.central, region))?.seq ?? 0;
      const [boston, denverSeq] = [await seqOf('boston'), await seqOf('denver')];
      await until(
        'both get through',
        async () => (await seqOf('boston')) > boston && (await seqOf('denver')) > denverSeq,
      );
      link.cut();
      await inBoston.goOn(20);
      await inDenver.goOn(20);
      await until('it is stored at the leaf', async () => ((await streamsOf(bostonLeaf))[0]?.messages ?? 0) > 10);
      link.heal();
    }
    await inBoston.stop();
    await inDenver.stop();
    await untilArrived(scene, scene.boston, 'boston');
    await untilArrived(scene, denver, 'denver');
    await expectEach(scene);
    expect(await compare(scene.central, denver)).toMatchObject({ differences: 0, leftOut: 0, examples: [] });
    // each stream is where its region is
    expect((await streamsOf(hub)).length).toBe(0);
    expect((await streamsOf(denverLeaf)).map(({ name }) => name)).toEqual([
      expect.stringMatching(/^meridian-denver-1-/),
    ]);
  });
});
