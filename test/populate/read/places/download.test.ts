/** Files of a web server: broken connections are resumed, a changed file is a fault, and no secret is shown. */
import { readFileSync } from 'node:fs';
import { createServer, type IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { afterEach, expect, test } from '@jest/globals';
import { fileSource } from '../../../../src/populate/read/file.ts';
import { copyOf } from '../../../../src/populate/read/places/download.ts';
import { openHttp } from '../../../../src/populate/read/places/http.ts';
import { RemoteFault } from '../../../../src/populate/read/places/remote-part.ts';
import { makeFolder } from '../../../support/folder.ts';

const BODY = Buffer.from(`id,name\n${Array.from({ length: 100_000 }, (_, index) => `${index},Name\n`).join('')}`);
const PART = 300_000;

interface Behaviour {
  /** How many answers break off. */
  breaks: number;
  tag: string | undefined;
  /** The entity tag of all answers but the first. */
  laterTag?: string;
  status?: number;
  /** Bytes that an answer brings before it breaks off. */
  part?: number;
}

const closing: (() => void)[] = [];
afterEach(() => {
  for (const close of closing.splice(0)) {
    close();
  }
});

async function serve(behaviour: Behaviour) {
  const asked: IncomingHttpHeaders[] = [];
  const server = createServer((request, response) => {
    asked.push(request.headers);
    const { tag, status } = behaviour;
    if (status !== undefined) {
      response.writeHead(status).end();
      return;
    }
    const [, first] = /^bytes=(\d+)-$/.exec(request.headers.range ?? '') ?? [];
    const from = first !== undefined && request.headers['if-range'] === tag ? Number(first) : 0;
    const range = { 'content-range': `bytes ${from}-${BODY.length - 1}/${BODY.length}` };
    response.writeHead(from > 0 ? 206 : 200, {
      'content-length': BODY.length - from,
      ...(tag === undefined ? {} : { etag: tag }),
      ...(from > 0 ? range : {}),
    });
    behaviour.tag = behaviour.laterTag ?? tag;
    if (behaviour.breaks-- > 0) {
      const { part = PART } = behaviour;
      const destroy = () => setTimeout(() => response.destroy(), 20);
      if (part === 0) {
        response.flushHeaders();
        destroy();
      } else {
        response.write(BODY.subarray(from, from + part), destroy);
      }
    } else {
      response.end(BODY.subarray(from));
    }
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  closing.push(() => server.close());
  const { port } = server.address() as AddressInfo;
  return { url: `http://me:secret@127.0.0.1:${port}/users.csv?signature=hidden`, asked };
}

const copyFrom = async (url: string, pause = 1) => {
  const to = join(makeFolder(), 'copy');
  await copyOf((from, version) => openHttp(url, from, version), 'users.csv', to, pause);
  return readFileSync(to);
};

test('a connection that breaks is resumed where it stopped', async () => {
  const { url, asked } = await serve({ breaks: 3, tag: '"a"' });
  expect((await copyFrom(url)).equals(BODY)).toBe(true);
  // as much as has arrived, which is not all of a part where the machine is busy
  const starts = asked.map(({ range }) => (range === undefined ? 0 : Number(/^bytes=(\d+)-$/.exec(range)?.[1])));
  expect(starts).toHaveLength(4);
  expect(starts.toSorted((a, b) => a - b)).toEqual(starts);
  expect(starts.every((start, part) => start <= part * PART)).toBe(true);
  expect(starts[3]).toBeGreaterThan(0);
  expect(asked[1]).toMatchObject({ 'if-range': '"a"', authorization: `Basic ${btoa('me:secret')}` });
});

test('without an entity tag, it begins again', async () => {
  const { url, asked } = await serve({ breaks: 1, tag: undefined });
  expect((await copyFrom(url)).equals(BODY)).toBe(true);
  expect(asked.map((headers) => headers.range)).toEqual([undefined, undefined]);
});

test('a file that changes meanwhile is a fault', async () => {
  const { url } = await serve({ breaks: 1, tag: '"a"', laterTag: '"b"' });
  await expect(copyFrom(url)).rejects.toMatchObject({
    code: 'source',
    message: 'users.csv cannot be read: it was changed while it was being read; run the same command again.',
  });
});

test('no connection is left open to a file that has changed', async () => {
  let [opened, closed] = [0, 0];
  async function* bytes() {
    try {
      yield BODY.subarray(0, 10);
    } finally {
      closed++;
    }
  }
  const open = (from: number) =>
    Promise.resolve({ from, bytes: bytes(), size: BODY.length, version: `version ${++opened}` });
  await expect(copyOf(open, 'users.csv', join(makeFolder(), 'copy'), 1)).rejects.toThrow('it was changed');
  expect([opened, closed]).toEqual([2, 2]);
});

test('attempts end when none brings a byte', async () => {
  const { url, asked } = await serve({ breaks: 0, tag: '"a"', status: 503 });
  await expect(copyFrom(url)).rejects.toThrow(
    'users.csv cannot be read: the server answered 503 Service Unavailable; 5 attempts in a row brought nothing.',
  );
  expect(asked).toHaveLength(5);
});

test('connections that break before the first byte are named as that', async () => {
  const { url, asked } = await serve({ breaks: 5, tag: '"a"', part: 0 });
  await expect(copyFrom(url)).rejects.toThrow(
    'users.csv cannot be read: the connection broke (other side closed); 5 attempts in a row brought nothing.',
  );
  expect(asked).toHaveLength(5);
});

test('what another attempt would not change is reported at once, without secrets', async () => {
  const { url, asked } = await serve({ breaks: 0, tag: '"a"', status: 404 });
  const error: unknown = await fileSource(url)
    .keep?.(makeFolder())
    .catch((thrown: unknown) => thrown);
  expect((error as Error).message).toMatch(
    /^http:\/\/127\.0\.0\.1:\d+\/users\.csv cannot be read: the server answered 404 Not Found\.$/,
  );
  expect(asked).toHaveLength(1);
});

test('a server without TLS is named as that at once', async () => {
  const { url } = await serve({ breaks: 0, tag: '"a"' });
  const opened = openHttp(url.replace('http:', 'https:'), 0, undefined);
  await expect(opened).rejects.toThrow(
    'no TLS with the server (wrong version number); if it has none, the address begins with http://',
  );
  await expect(opened).rejects.toBeInstanceOf(RemoteFault);
});

test('a file of a server is a source as any other', async () => {
  const { url } = await serve({ breaks: 1, tag: '"a"' });
  const kept = await fileSource(url).keep?.(makeFolder());
  const open = await kept?.open();
  expect([kept?.name, open?.columns]).toEqual([
    expect.stringMatching(/^http:\/\/127\.0\.0\.1:\d+\/users\.csv$/),
    ['id', 'name'],
  ]);
  await open?.close();
  await kept?.release?.();
});
