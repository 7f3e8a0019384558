/** A line between two servers that can be cut and healed. */
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';
import { closeAfterTest } from './available.ts';

export interface Link {
  /** Where it begins; it ends at the port that it was given. */
  readonly port: number;
  /** Ends what goes over it, and takes nothing new. */
  cut(): void;
  heal(): void;
}

/** Lasts as long as the test. */
export async function startLink(to: number): Promise<Link> {
  const sockets = new Set<Socket>();
  let isCut = false;
  const server = createServer((client) => {
    if (isCut) {
      client.destroy();
      return;
    }
    const upstream = connect(to, '127.0.0.1');
    for (const [one, other] of [
      [client, upstream],
      [upstream, client],
    ] as const) {
      sockets.add(one);
      one.on('error', () => other.destroy());
      one.on('close', () => {
        sockets.delete(one);
        other.destroy();
      });
      one.pipe(other);
    }
  });
  const cut = () => {
    isCut = true;
    for (const socket of sockets) {
      socket.destroy();
    }
  };
  closeAfterTest(() => {
    server.close();
    cut();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    port: (server.address() as AddressInfo).port,
    cut,
    heal() {
      isCut = false;
    },
  };
}
