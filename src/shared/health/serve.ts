/** Reports the health of a long-running process over HTTP. */
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { MeridianError, messageOf } from '../errors.ts';

/** The report, as JSON. */
export interface Health {
  /** Whether no action is needed: answers 200 if so, else 503. */
  readonly isWell: boolean;
  readonly details: object;
}

export interface HealthOptions {
  /** 0 chooses a free port. */
  readonly port: number;
  /** The address to listen on. */
  readonly host: string;
  readonly health: () => Promise<Health>;
}

export interface HealthServer {
  readonly url: string;
  close(): Promise<void>;
}

/**
 * Serves `GET /health` and `HEAD /health`; other requests get 404 or 405.
 *
 * @throws MeridianError `usage` when the port cannot be listened on
 */
export async function serveHealth({ port, host, health }: HealthOptions): Promise<HealthServer> {
  const server = createServer((request, response) => {
    const answer = (status: number, body: object, headers: Record<string, string> = {}) => {
      response.writeHead(status, { 'content-type': 'application/json', 'cache-control': 'no-store', ...headers });
      response.end(request.method === 'HEAD' ? undefined : `${JSON.stringify(body)}\n`);
    };
    if (request.url?.split('?', 1)[0] !== '/health') {
      answer(404, { error: 'There is only /health.' });
    } else if (request.method !== 'GET' && request.method !== 'HEAD') {
      answer(405, { error: 'Use GET.' }, { allow: 'GET, HEAD' });
    } else {
      void healthOf(health).then(({ isWell, details }) =>
        answer(isWell ? 200 : 503, { status: isWell ? 'ok' : 'failing', ...details }),
      );
    }
  });
  await listening(server, port, host);
  const { port: taken } = server.address() as AddressInfo;
  return {
    url: `http://${host.includes(':') ? `[${host}]` : host}:${taken}/health`,
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

/** A failing health check is reported as unhealthy. */
async function healthOf(health: () => Promise<Health>): Promise<Health> {
  try {
    return await health();
  } catch (error) {
    return { isWell: false, details: { error: messageOf(error) } };
  }
}

async function listening(server: Server, port: number, host: string): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  server.once('error', (error: NodeJS.ErrnoException) =>
    reject(
      new MeridianError(
        'usage',
        `Health cannot be served at ${host}, port ${port}: ${error.code === 'EADDRINUSE' ? 'another program uses this port' : error.message}. Name another port with --health, or another address with --health-host.`,
        { cause: error },
      ),
    ),
  );
  server.listen(port, host, resolve);
  await promise;
}
