/** Requests that arrive too slowly, and uploads that a disk has no room for. */
import { type AddressInfo, connect } from 'node:net';
import { join } from 'node:path';
import process from 'node:process';
import { afterEach, expect, test } from '@jest/globals';
import { catalog } from '../../src/shop/catalog.ts';
import { sqlitePlace } from '../support/engines.ts';
import { makeFolder } from '../support/folder.ts';
import { serve } from '../support/served.ts';
import { onSmallDisk } from '../support/small-disk.ts';

const HEAD = 'POST /api/tokens HTTP/1.1\r\nhost: localhost\r\ncontent-type: application/json\r\n';

/** A client that sends one more character whenever it can, until the connection is closed. @returns what it is answered */
async function trickle(beginning: string): Promise<string> {
  const { server } = await serve(sqlitePlace(makeFolder()), catalog, { arrivalMilliseconds: 200 });
  await server.listen(0);
  const socket = connect((server.app.server.address() as AddressInfo).port, '127.0.0.1').setEncoding('utf8');
  let answer = '';
  socket.on('data', (data) => {
    answer += String(data);
  });
  socket.on('error', () => undefined);
  socket.write(beginning);
  const sending = setInterval(() => socket.writable && socket.write('x'), 20);
  await new Promise((resolve) => socket.once('close', resolve));
  clearInterval(sending);
  return answer;
}

test('a header that is sent a character at a time is refused', async () => {
  expect(await trickle(`${HEAD}x-slow: `)).toMatch(/^HTTP\/1\.1 408 .*"code":"timeout"/s);
});

test.each([
  ['of a known length', 'content-length: 100000\r\n\r\n{"a":"'],
  ['in chunks', 'transfer-encoding: chunked\r\n\r\n1\r\n{\r\nFFFFF\r\n'],
])('a body %s that is sent a character at a time is refused, or cut off', async (_, rest) => {
  // a client that still sends may find the connection reset before it has read the answer
  expect(await trickle(`${HEAD}${rest}`)).toMatch(/^(?:HTTP\/1\.1 408 .*"code":"timeout".*)?$/s);
});

const temporary = process.env['TMPDIR'];

afterEach(() => {
  if (temporary === undefined) {
    delete process.env['TMPDIR'];
  } else {
    process.env['TMPDIR'] = temporary;
  }
});

test('an upload that the disk has no room for is refused, also where its length is not known', async () => {
  const folder = join(makeFolder(), 'small');
  await onSmallDisk(folder, 256, async () => {
    const { server, ask } = await serve(sqlitePlace(makeFolder()), catalog);
    const url = await server.listen(0);
    process.env['TMPDIR'] = folder;
    const headers = { 'content-type': 'text/csv' };
    const rows = Array.from({ length: 20_000 }, (_, id) => `${id + 1},Name,n${id}@example.com\n`).join('');
    const known = await ask('PUT', '/api/loads?table=users', { headers, body: `id,name,email\n${rows}` });
    expect(known).toMatchObject({ status: 507, body: { detail: expect.stringContaining('no room for the upload') } });
    const body = new Blob([`id,name,email\n${rows}`]).stream();
    const init = { method: 'PUT', headers, body, duplex: 'half' } as RequestInit;
    expect((await fetch(`${url}/api/loads?table=users`, init)).status).toBe(507);
    expect(await ask('GET', '/api/loads')).toMatchObject({ body: { loads: [] } });
    await server.close();
  });
});
