/** The health of a process, as it is served over HTTP. */
import { once } from 'node:events';
import { type IncomingMessage, request } from 'node:http';
import { expect, test } from '@jest/globals';
import { serveHealth } from '../../../src/shared/health/serve.ts';

const HOST = '127.0.0.1';

/** Sends a path as it is. @returns the status */
async function rawly(url: string, path: string): Promise<number | undefined> {
  const sent = request({ host: HOST, port: new URL(url).port, path }).end();
  const [response] = (await once(sent, 'response')) as [IncomingMessage];
  response.resume();
  return response.statusCode;
}

test('answers 200 or 503 with the details, and says when the health cannot be determined', async () => {
  let health = async () => ({ isWell: true, details: { role: 'relay' } });
  const server = await serveHealth({ port: 0, host: HOST, health: () => health() });
  try {
    const asked = async (method = 'GET', path = '') => {
      const response = await fetch(`${server.url}${path}`, { method });
      return [response.status, await response.text()];
    };
    expect(server.url).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/health$/);
    expect(await asked()).toEqual([200, '{"status":"ok","role":"relay"}\n']);
    expect(await asked('HEAD')).toEqual([200, '']);
    expect(await asked('GET', '?x=1')).toEqual([200, '{"status":"ok","role":"relay"}\n']);
    health = async () => ({ isWell: false, details: { role: 'relay' } });
    expect(await asked()).toEqual([503, '{"status":"failing","role":"relay"}\n']);
    health = () => Promise.reject(new Error('the database is gone'));
    expect(await asked()).toEqual([503, '{"status":"failing","error":"the database is gone"}\n']);
    expect(await asked('POST')).toEqual([405, '{"error":"Use GET."}\n']);
    // what no browser sends, but an attacker does
    for (const path of ['//', 'http://[', '*', '/health/../x']) {
      expect(await rawly(server.url, path)).toBe(404);
    }
    expect(await asked('GET', '/more')).toEqual([404, '{"error":"There is only /health."}\n']);
  } finally {
    await server.close();
  }
  await expect(fetch(server.url)).rejects.toThrow();
});

test('a port that is taken and an address of another machine are reported', async () => {
  const health = async () => ({ isWell: true, details: {} });
  const server = await serveHealth({ port: 0, host: HOST, health });
  const port = Number(new URL(server.url).port);
  await expect(serveHealth({ port, host: HOST, health })).rejects.toMatchObject({
    code: 'usage',
    message: `Health cannot be served at 127.0.0.1, port ${port}: another program uses this port. Name another port with --health, or another address with --health-host.`,
  });
  await server.close();
  await expect(serveHealth({ port: 0, host: '192.0.2.1', health })).rejects.toThrow(
    /Health cannot be served at 192\.0\.2\.1/,
  );
});
