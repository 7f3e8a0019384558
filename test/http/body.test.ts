/** Bodies as sockets bring them: in pieces, too large, too slow, broken off. */
import { once } from 'node:events';
import { type AddressInfo, connect, type Socket } from 'node:net';
import { afterEach, expect, test } from '@jest/globals';
import fastify, { type FastifyInstance } from 'fastify';
import { addBodyReading } from '../../src/http/route/body.ts';

const HEAD = 'POST / HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\ncontent-type: application/json\r\n';
const CHUNKED = `${HEAD}transfer-encoding: chunked\r\n\r\n`;
const BODY = { maxBytes: 20, schema: {} };

const open: { destroy(): void }[] = [];
const apps: FastifyInstance[] = [];

afterEach(async () => {
  for (const socket of open.splice(0)) {
    socket.destroy();
  }
  await Promise.all(apps.splice(0).map((app) => app.close()));
});

interface Answering {
  readonly app: FastifyInstance;
  /** The first error of a request. */
  readonly failed: Promise<Error>;
  connect(): Socket;
}

/** Answers each body that it could read with that body. */
async function echo(milliseconds?: number, before = async (): Promise<void> => undefined): Promise<Answering> {
  const failed = Promise.withResolvers<Error>();
  const app = fastify();
  app.decorateRequest('route', null);
  app.addHook('onRequest', async (request) => {
    request.route = { body: BODY } as never;
    await before();
  });
  addBodyReading(app, milliseconds);
  app.setErrorHandler((error: Error & { status?: number }, _, reply) => {
    failed.resolve(error);
    return reply.code(error.status ?? 500).send(error.message);
  });
  app.post('/', { config: { route: { body: BODY } as never } }, ({ body }) => ({ body }));
  await app.listen({ port: 0, host: '127.0.0.1' });
  apps.push(app);
  return {
    app,
    failed: failed.promise,
    connect() {
      const socket = connect((app.server.address() as AddressInfo).port, '127.0.0.1');
      socket.on('error', () => undefined);
      open.push(socket);
      return socket;
    },
  };
}

/** Sends one piece after the other, each once the one before is written. @returns what is answered */
async function send(socket: Socket, pieces: readonly (string | Buffer)[]): Promise<string> {
  let answer = '';
  socket.on('data', (data) => {
    answer += String(data);
  });
  const closed = once(socket, 'close');
  for (const piece of pieces) {
    await new Promise((resolve) => socket.write(piece, resolve));
  }
  await closed;
  return answer;
}

test('a character that two chunks share is read', async () => {
  const [first, second] = [...Buffer.from('é')].map((byte) => Buffer.from([byte])) as [Buffer, Buffer];
  const pieces = [`${CHUNKED}2\r\n"`, first, '\r\n', '2\r\n', second, '"\r\n0\r\n\r\n'];
  expect(await send((await echo()).connect(), pieces)).toMatch(/^HTTP\/1\.1 200 .*\{"body":"é"\}/s);
});

test('bytes that are not UTF-8 are refused', async () => {
  const pieces = [`${CHUNKED}1\r\n`, Buffer.from([0xff]), '\r\n0\r\n\r\n'];
  expect(await send((await echo()).connect(), pieces)).toMatch(/^HTTP\/1\.1 400 .*not UTF-8/s);
});

test('a body in chunks that exceeds the limit is refused, and one of its size is not', async () => {
  const body = `"${'x'.repeat(18)}"`;
  const exact = `${CHUNKED}14\r\n${body}\r\n0\r\n\r\n`;
  expect(await send((await echo()).connect(), [exact])).toMatch(/^HTTP\/1\.1 200 /);
  const large = [`${CHUNKED}14\r\n${body}\r\n`, '1\r\n \r\n'];
  expect(await send((await echo()).connect(), large)).toMatch(/^HTTP\/1\.1 413 .*more than 20 bytes/s);
});

test('a body that stops before its length is refused once its time is over', async () => {
  const pieces = [`${HEAD}content-length: 10\r\n\r\n"x`];
  expect(await send((await echo(50)).connect(), pieces)).toMatch(/^HTTP\/1\.1 408 .*too long/s);
});

test('a request whose connection ends within its body fails at once', async () => {
  const { app, failed, connect: socket } = await echo();
  const arrived = once(app.server, 'request');
  const client = socket();
  client.write(`${HEAD}content-length: 10\r\n\r\n"x`);
  await arrived;
  client.destroy();
  expect(await failed).toMatchObject({ code: 'ECONNRESET' });
});

test('a request whose connection ended before its body is read fails at once', async () => {
  const isGone = Promise.withResolvers<void>();
  const { app, failed, connect: socket } = await echo(undefined, () => isGone.promise);
  const arrived = once(app.server, 'request');
  const client = socket();
  client.write(`${HEAD}content-length: 10\r\n\r\n"x`);
  const [request] = (await arrived) as [NodeJS.ReadableStream];
  client.destroy();
  // without a listener of errors, as in a server
  await new Promise((resolve) => request.once('close', resolve));
  isGone.resolve();
  expect(await failed).toMatchObject({ code: 'ECONNRESET' });
});
