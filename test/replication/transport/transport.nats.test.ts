/** The contract of a transport, kept through a real nats-server. */
import { natsTransport } from '../../../src/replication/transport/nats/transport.ts';
import type { Position } from '../../../src/replication/transport/transport.ts';
import { describeWithNats } from '../../support/nats/available.ts';
import { startNats } from '../../support/nats/server.ts';
import { describeTransport } from '../../support/transport-contract.ts';

describeWithNats('NATS', () => {
  describeTransport('NATS JetStream', async () => {
    const server = await startNats();
    const transport = await natsTransport({ settings: server.settings() });
    const positions = new Map<string, Position | undefined>();
    await transport.answer(async (region) => positions.get(region));
    return {
      transport,
      setPosition: (region, position) => positions.set(region, position),
    };
  });
});
