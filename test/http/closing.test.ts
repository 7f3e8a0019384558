/** A server that stops: uploads and loads that have not begun are refused, what runs ends, and databases are closed last. */
import { once } from 'node:events';
import { readdirSync } from 'node:fs';
import { type ClientRequest, type IncomingMessage, request } from 'node:http';
import { tmpdir } from 'node:os';
import { text } from 'node:stream/consumers';
import { expect, test } from '@jest/globals';
import type { Module } from '../../src/config/module.ts';
import type { ServedDatabases } from '../../src/config/route.ts';
import { Loads } from '../../src/http/loads/loads.ts';
import type { Source } from '../../src/populate/read/source.ts';
import { wait } from '../../src/shared/async/wait.ts';
import { nextTurn } from '../../src/shared/environment.ts';
import { catalog } from '../../src/shop/catalog.ts';
import { sqlitePlace } from '../support/engines.ts';
import { makeFolder } from '../support/folder.ts';
import { serve } from '../support/served.ts';
import { useOwnTemporaryFolder } from '../support/temporary.ts';
import { until } from '../support/until.ts';

useOwnTemporaryFolder();

const uploads = () => readdirSync(tmpdir()).filter((name) => name.startsWith('meridian-upload-'));

/** An upload that never ends by itself. */
function upload(url: string, path: string, type: string, beginning: string): ClientRequest {
  const sent = request(`${url}${path}`, { method: 'PUT', headers: { 'content-type': type } });
  sent.on('error', () => undefined);
  sent.write(beginning);
  return sent;
}

const UPLOADS = [
  ['a file', '/api/loads?table=users', 'text/csv', 'id,name,email\n1,Ali'],
  [
    'a form',
    '/api/loads',
    'multipart/form-data; boundary=cut',
    '--cut\r\ncontent-disposition: form-data; name="users"; filename="u.csv"\r\n\r\nid,name,email\n1,Ali',
  ],
] as const;

test.each(UPLOADS)(
  '%s that is still received is refused, and leaves nothing behind',
  async (_, path, type, beginning) => {
    const { server } = await serve(sqlitePlace(makeFolder()), catalog);
    const url = await server.listen(0);
    const sent = upload(url, path, type, beginning);
    const answered = once(sent, 'response') as Promise<[IncomingMessage]>;
    await until('the upload is received', () => uploads().length === 1);
    const closed = server.close();
    const [answer] = await answered;
    expect([answer.statusCode, JSON.parse(await text(answer)).detail]).toEqual([
      503,
      expect.stringContaining('The server is stopping'),
    ]);
    sent.destroy();
    await closed;
    expect(uploads()).toEqual([]);
  },
);

test.each(UPLOADS)('%s whose client goes away leaves nothing behind', async (_, path, type, beginning) => {
  const { server, ask } = await serve(sqlitePlace(makeFolder()), catalog);
  const url = await server.listen(0);
  const sent = upload(url, path, type, beginning);
  await until('the upload is received', () => uploads().length === 1);
  sent.destroy();
  await until('its files are removed', () => uploads().length === 0);
  const outcome = async () => (await ask('GET', '/api/audit')).body.records[0]?.['status'];
  await until('it is recorded', async () => (await outcome()) !== null);
  expect(await outcome()).toBe(400);
});

test('a load that has not begun is refused, and one that is given later as well', async () => {
  const place = sqlitePlace(makeFolder());
  const opening = Promise.withResolvers<void>();
  const opened = Promise.withResolvers<void>();
  const held = {
    name: 'held.csv',
    async open() {
      opened.resolve();
      await opening.promise;
      return { columns: ['id', 'name', 'email'], records: async function* () {}, close: async () => undefined };
    },
  } as unknown as Source;
  const released: string[] = [];
  const options = (name: string) => ({
    catalog: catalog.map((one) => ({ ...one, ...place.options(one.name) })),
    sources: { users: { ...held, name } as Source },
  });
  const loads = new Loads();
  const early = loads.start(options('early'), async () => void released.push('early'));
  early.catch(() => undefined);
  await opened.promise;
  const stopped = loads.stop().then(() => released.push('stopped'));
  const late = loads.start(options('late'), async () => void released.push('late'));
  await expect(late).rejects.toMatchObject({ status: 503, message: expect.stringContaining('stopping') });
  opening.resolve();
  await expect(early).rejects.toMatchObject({ status: 503 });
  await stopped;
  expect(released).toEqual(['late', 'early', 'stopped']);
});

test('databases stay open until services have finished', async () => {
  let databases: ServedDatabases | undefined;
  const seen: unknown[] = [];
  const started = Promise.withResolvers<void>();
  const module: Module = {
    async routes(server) {
      server.offer({
        name: 'count',
        async run(signal) {
          started.resolve();
          await wait(60_000, signal);
          // what is under way is finished after the requests have ended
          for (let turn = 0; turn < 20; turn++) {
            await nextTurn();
          }
          const users = await databases?.open('users');
          seen.push(await users?.fork().execute('select count(*) as count from users'));
        },
      });
      server.onClose(async () => void seen.push('closed'));
      return [
        {
          id: 'take',
          method: 'GET',
          path: '/api/take',
          role: 'read',
          summary: 'Takes the databases',
          tag: 'Tests',
          answers: { 200: { description: 'Taken' } },
          async handle(call) {
            databases = call.databases;
            await databases.open('users');
            return {};
          },
        },
      ];
    },
  };
  const place = sqlitePlace(makeFolder());
  const { server, ask } = await serve(place, catalog, { modules: [module], services: ['count'] });
  const headers = { 'content-type': 'text/csv' };
  const { run } = (await ask('PUT', '/api/loads?table=users', { headers, body: 'id,name,email\n1,Al,a@example.com\n' }))
    .body;
  await ask('GET', `/api/loads/${run}/events`);
  await ask('GET', '/api/take');
  await server.listen(0);
  await started.promise;
  await server.close();
  expect(seen).toEqual([[{ count: 1 }], 'closed']);
});
