/** Streams as another client sees them. */
import { type JetStreamManager, jetstreamManager } from '@nats-io/jetstream';
import { connect, nanos } from '@nats-io/transport-node';
import type { NatsServer } from './server.ts';

export interface StreamSeen {
  readonly name: string;
  readonly messages: number;
  readonly lastSeq: number;
  /** The member of a cluster that leads it. */
  readonly leader: string | undefined;
}

/** Looks after JetStream by hand. */
export async function withManager<T>(
  { url, user }: Pick<NatsServer, 'url'> & { readonly user?: string },
  work: (manager: JetStreamManager) => Promise<T>,
): Promise<T> {
  const login = user === undefined ? {} : { user, pass: 'secret', inboxPrefix: `_INBOX.${user}` };
  const connection = await connect({ servers: url.replace('nats://', ''), ...login });
  try {
    return await work(await jetstreamManager(connection));
  } finally {
    await connection.close();
  }
}

/** @param change for all of them, first */
export async function streamsOf(
  server: Pick<NatsServer, 'url'>,
  change: { readonly duplicateMilliseconds?: number; readonly isEmptied?: boolean } = {},
): Promise<StreamSeen[]> {
  return withManager(server, async (manager) => {
    const seen: StreamSeen[] = [];
    for await (const { config, state, cluster } of manager.streams.list()) {
      if (change.duplicateMilliseconds !== undefined) {
        await manager.streams.update(config.name, { duplicate_window: nanos(change.duplicateMilliseconds) });
      }
      if (change.isEmptied) {
        await manager.streams.purge(config.name);
      }
      seen.push({ name: config.name, messages: state.messages, lastSeq: state.last_seq, leader: cluster?.leader });
    }
    return seen;
  });
}
