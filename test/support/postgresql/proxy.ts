/** A proxy to the server that can lose the answer to a commit that was made. */
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';
import { afterEach } from '@jest/globals';

export interface Proxy {
  /** The URL of a database by this way. */
  urlOf(url: string): string;
  /** Cuts the next connection whose commit the server confirms, before the confirmation gets through. */
  loseNextCommit(): void;
}

const COMMITTED = Buffer.from('COMMIT\0');
const closing: (() => void)[] = [];

afterEach(() => {
  for (const close of closing.splice(0)) {
    close();
  }
});

/** Lasts as long as the test. */
export async function startProxy(serverUrl: string): Promise<Proxy> {
  const { hostname, port } = new URL(serverUrl);
  const sockets = new Set<Socket>();
  let isArmed = false;
  const server = createServer((client) => {
    const upstream = connect(Number(port), hostname);
    for (const [one, other] of [
      [client, upstream],
      [upstream, client],
    ] as const) {
      sockets.add(one);
      one.on('error', () => other.destroy());
      one.on('close', () => other.destroy());
    }
    client.on('data', (data) => upstream.write(data));
    upstream.on('data', (data) => {
      if (isArmed && data.includes(COMMITTED)) {
        isArmed = false;
        client.destroy();
      } else {
        client.write(data);
      }
    });
  });
  closing.push(() => {
    server.close();
    for (const socket of sockets) {
      socket.destroy();
    }
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const own = String((server.address() as AddressInfo).port);
  return {
    urlOf(url) {
      const through = new URL(url);
      through.port = own;
      return through.href;
    },
    loseNextCommit() {
      isArmed = true;
    },
  };
}
