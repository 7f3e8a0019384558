/** A connection pooler such as PgBouncer: its clients log in to the server, and then share, or keep, the sessions that this made. */
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';
import { afterEach } from '@jest/globals';

export interface PoolerOptions {
  /** Whether a client keeps its session, or gets one for each transaction. */
  readonly mode: 'session' | 'transaction';
  /** Which of the idle sessions a transaction gets. */
  readonly next?: 'newest' | 'oldest';
}

interface PooledClient {
  readonly socket: Socket;
  session: Session | undefined;
  /** What waits for a session. */
  waiting: Buffer[];
}

interface Session {
  readonly socket: Socket;
  client: PooledClient | undefined;
}

const TERMINATE = 'X'.charCodeAt(0);
const BACKEND_KEY = 'K'.charCodeAt(0);
const READY = 'Z'.charCodeAt(0);
const IDLE = 'I'.charCodeAt(0);
const HEADER_BYTES = 5;

const closing: (() => void)[] = [];

afterEach(() => {
  for (const close of closing.splice(0)) {
    close();
  }
});

/** Lasts as long as the test. @returns the URL of a database by this way */
export async function startPooler(serverUrl: string, options: PoolerOptions): Promise<(url: string) => string> {
  const { hostname, port } = new URL(serverUrl);
  const pool = new Pool(options);
  const server = createServer((socket) => pool.add(socket, connect(Number(port), hostname)));
  closing.push(() => {
    server.close();
    pool.close();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const own = String((server.address() as AddressInfo).port);
  return (url) => {
    const through = new URL(url);
    through.port = own;
    return through.href;
  };
}

class Pool {
  readonly #options: PoolerOptions;
  readonly #sockets = new Set<Socket>();
  readonly #idle: Session[] = [];
  readonly #waiting: PooledClient[] = [];

  constructor(options: PoolerOptions) {
    this.#options = options;
  }

  add(ofClient: Socket, ofServer: Socket): void {
    const client: PooledClient = { socket: ofClient, session: undefined, waiting: [] };
    const session: Session = { socket: ofServer, client };
    client.session = session;
    for (const socket of [ofClient, ofServer]) {
      this.#sockets.add(socket);
      socket.on('error', () => socket.destroy());
    }
    ofClient.on('data', (data) => this.#fromClient(client, data));
    // a session that is idle stays
    ofClient.on('close', () => client.session?.socket.destroy());
    let rest = Buffer.alloc(0);
    ofServer.on('data', (data) => {
      rest = this.#fromServer(session, Buffer.concat([rest, data]));
    });
    ofServer.on('close', () => session.client?.socket.destroy());
  }

  close(): void {
    for (const socket of this.#sockets) {
      socket.destroy();
    }
  }

  #fromClient(client: PooledClient, data: Buffer): void {
    if (client.session !== undefined) {
      client.session.socket.write(data);
    } else if (data[0] === TERMINATE) {
      client.socket.end();
    } else {
      client.waiting.push(data);
      this.#waiting.push(client);
      this.#assign();
    }
  }

  /** @returns what is no whole message yet */
  #fromServer(session: Session, data: Buffer): Buffer<ArrayBuffer> {
    let from = 0;
    while (data.length >= from + HEADER_BYTES) {
      const end = from + 1 + data.readUInt32BE(from + 1);
      if (data.length < end) {
        break;
      }
      this.#forward(session, data.subarray(from, end));
      from = end;
    }
    return Buffer.from(data.subarray(from));
  }

  #forward(session: Session, message: Buffer): void {
    if (message[0] === BACKEND_KEY) {
      // a pooler has keys of its own
      message.writeInt32BE(message.readInt32BE(HEADER_BYTES) + 1_000_000, HEADER_BYTES);
    }
    session.client?.socket.write(message);
    const isOver = message[0] === READY && message[HEADER_BYTES] === IDLE;
    if (isOver && this.#options.mode === 'transaction' && session.client !== undefined) {
      session.client.session = undefined;
      session.client = undefined;
      this.#idle.push(session);
      this.#assign();
    }
  }

  #assign(): void {
    while (this.#idle.length > 0 && this.#waiting.length > 0) {
      const client = this.#waiting.shift() as PooledClient;
      const session = (this.#options.next === 'oldest' ? this.#idle.shift() : this.#idle.pop()) as Session;
      client.session = session;
      session.client = client;
      for (const data of client.waiting.splice(0)) {
        session.socket.write(data);
      }
    }
  }
}
