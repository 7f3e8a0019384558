/** Three nats-servers that keep each stream three times. */
import { type NatsSettings, natsSettings } from '../../../src/replication/transport/nats/settings.ts';
import { freePort } from '../postgresql/server.ts';
import { until } from '../until.ts';
import { type NatsServer, startNats } from './server.ts';
import { streamsOf } from './streams.ts';

export interface NatsCluster {
  readonly members: ReadonlyMap<string, NatsServer>;
  /** Of Meridian's own reading: all members, three replicas. */
  readonly settings: NatsSettings;
  /** One that is running. */
  readonly anyMember: NatsServer;
  /** The one that leads the first stream. */
  leader(): Promise<NatsServer>;
}

export async function startCluster(): Promise<NatsCluster> {
  const names = ['a', 'b', 'c'];
  const routes = await Promise.all(names.map(() => freePort()));
  const listed = routes.map((port) => `"nats-route://127.0.0.1:${port}"`).join(', ');
  const started = await Promise.all(
    names.map((name, index) =>
      startNats({
        name,
        config: `cluster { name: "test", host: "127.0.0.1", port: ${routes[index]}, routes: [${listed}] }`,
      }),
    ),
  );
  const members = new Map(names.map((name, index) => [name, started[index] as NatsServer]));
  const settings = natsSettings({
    NATS_URL: started.map(({ url }) => url).join(','),
    NATS_REPLICAS: '3',
    NATS_ACK_WAIT_SECONDS: '2',
  }) as NatsSettings;
  const [anyMember] = started as [NatsServer];
  await until('the cluster has a leader', async () => {
    try {
      await streamsOf(anyMember);
      return true;
    } catch {
      return false;
    }
  });
  return {
    members,
    settings,
    anyMember,
    async leader() {
      const [stream] = await streamsOf(anyMember);
      const leader = members.get(stream?.leader ?? '');
      if (leader === undefined) {
        throw new Error('No stream has a leader');
      }
      return leader;
    },
  };
}
