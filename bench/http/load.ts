/** Sends requests over many connections at once, each of which waits for its answer before it sends the next one. */
import autocannon from 'autocannon';
import { quantile } from '../figures.ts';
import type { Server } from './server.ts';

export const CONNECTIONS = 64;

export interface Sent {
  readonly method: 'GET' | 'POST';
  readonly path: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
}

export interface LoadTurn {
  readonly requestsPerSecond: number;
  readonly p50Milliseconds: number;
  readonly p99Milliseconds: number;
  /** Of the server's processor for a request; undefined where it cannot be seen. */
  readonly cpuMicroseconds: number | undefined;
}

/**
 * @param next the next request
 * @param status of every answer
 * @throws Error for any other answer, or none
 */
export async function sendFor(server: Server, seconds: number, next: () => Sent, status: number): Promise<LoadTurn> {
  const milliseconds: number[] = [];
  const others = new Map<number, number>();
  const cpu = server.cpuSeconds();
  const result = await new Promise<autocannon.Result>((resolve, reject) => {
    const instance = autocannon(
      {
        url: server.url,
        connections: CONNECTIONS,
        duration: seconds,
        requests: [{ setupRequest: (request) => ({ ...request, ...next() }) }],
      },
      (error, found) => (error ? reject(error) : resolve(found)),
    );
    instance.on('response', (_, code, __, time) => {
      milliseconds.push(time);
      if (code !== status) {
        others.set(code, (others.get(code) ?? 0) + 1);
      }
    });
  });
  if (result.errors > 0 || others.size > 0) {
    throw new Error(`${server.url}: ${result.errors} requests failed; answers: ${JSON.stringify([...others])}`);
  }
  const spent = server.cpuSeconds();
  return {
    requestsPerSecond: milliseconds.length / result.duration,
    p50Milliseconds: quantile(milliseconds, 0.5),
    p99Milliseconds: quantile(milliseconds, 0.99),
    cpuMicroseconds: cpu === undefined || spent === undefined ? undefined : (1e6 * (spent - cpu)) / milliseconds.length,
  };
}
