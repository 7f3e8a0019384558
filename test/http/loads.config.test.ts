/** Loads over HTTP under a config: its columns, limits and files, as populate has them. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import type { Project } from '../../src/config/module.ts';
import { catalog } from '../../src/shop/catalog.ts';
import { sqlitePlace } from '../support/engines.ts';
import { makeFolder } from '../support/folder.ts';
import { type Asked, type Served, serve } from '../support/served.ts';

const CSV = { 'content-type': 'text/csv' };
const USERS = 'id,name,email\n1,Alice,alice@example.com\n';

function serveWith(given: Omit<Project, 'databases' | 'modules'>): Promise<Served> {
  const place = sqlitePlace(makeFolder());
  const databases = catalog.map((one) => {
    const { location } = place.options(one.name);
    return { ...one, ...(location === undefined ? {} : { location }) };
  });
  return serve(place, catalog, { project: { databases, modules: [], ...given } });
}

/** What the run did, when it has ended. */
async function ended(served: Served, method: string, query: string, asked: Asked = {}) {
  const { status, body } = await served.ask(method, `/api/loads${query}`, asked);
  expect([status, body.detail]).toEqual([202, undefined]);
  await served.ask('GET', `/api/loads/${body.run}/events`);
  return (await served.ask('GET', `/api/loads/${body.run}`)).body as unknown as Record<string, unknown>;
}

test('an upload has the columns and the action of the config, and the request says otherwise', async () => {
  const served = await serveWith({ maps: { users: { name: 'Who' } }, defaults: { onConflict: 'update' } });
  const upload = (query: string, body: string) =>
    ended(served, 'PUT', `?table=users&name=u.csv${query}`, { headers: CSV, body });
  await upload('', 'id,Who,email\n1,Alice,alice@example.com\n');
  expect(await upload('', 'id,Who,email\n1,Alicia,alice@example.com\n')).toMatchObject({
    tables: { users: { updated: 1 } },
  });
  expect(await upload('&onConflict=reject&map=name%3DName', 'id,Name,email\n1,Ann,alice@example.com\n')).toMatchObject({
    tables: { users: { rejected: 1, updated: 0 } },
  });
});

test('a file that a run has loaded is left out where the config says so', async () => {
  const served = await serveWith({ defaults: { onlyNew: true } });
  const first = await ended(served, 'PUT', '?table=users&name=u.csv', { headers: CSV, body: USERS });
  const again = { headers: CSV, body: USERS };
  expect(await served.ask('PUT', '/api/loads?table=users&name=v.csv', again)).toMatchObject({
    status: 200,
    body: { run: null, skipped: { users: [{ file: 'v.csv', run: first['run'] }] } },
  });
  expect(await ended(served, 'PUT', '?table=users&onlyNew=false', again)).toMatchObject({
    tables: { users: { unchanged: 1 } },
  });
});

test('a rejected record is a failure where the config or the request says so', async () => {
  const served = await serveWith({ defaults: { strict: true } });
  const dirty = { headers: CSV, body: `${USERS}2,,b@example.com\n` };
  expect(await ended(served, 'PUT', '?table=users', dirty)).toMatchObject({ report: { succeeded: false } });
  expect(await ended(served, 'PUT', '?table=users&strict=false', dirty)).toMatchObject({ report: { succeeded: true } });
});

test('the files that the config names are loaded without an upload', async () => {
  const folder = makeFolder();
  const path = join(folder, 'u1.csv');
  writeFileSync(path, USERS);
  writeFileSync(join(folder, 'u2.csv'), 'id;name;email\n2;Bob;bob@example.com\n');
  const served = await serveWith({
    loads: { users: [join(folder, 'u*.csv')] },
    config: join(folder, 'meridian.config.ts'),
    files: { users: [{ match: 'u2.csv', delimiter: ';' }] },
  });
  expect(await ended(served, 'POST', '')).toMatchObject({ tables: { users: { inserted: 2 } } });
  expect(await served.ask('POST', '/api/loads?table=orders')).toMatchObject({
    status: 404,
    body: { detail: 'The config names no file of "orders".' },
  });
});

test('a retry is not stopped by the limits of the config, and keeps all digits of a corrected record', async () => {
  const served = await serveWith({ defaults: { maxRejects: 3, allOrNothing: false } });
  const dirty = 'id,name,price\n1,,1.00\n2,,2.00\n3,,3.00\n';
  const { run } = await ended(served, 'PUT', '?table=products', { headers: CSV, body: dirty });
  await served.ask('GET', `/api/loads/${run}/rejects`);
  const strictly = await ended(served, 'POST', `/${run}/retry`, {
    headers: { 'content-type': 'application/json' },
    body: `{"table":"products","records":[{"number":1,"record":{"id":9007199254740993,"name":"Pen","price":1.00}}]}`,
  });
  const rejects = await served.ask('GET', `/api/loads/${strictly['run']}/rejects`);
  expect(String(rejects.body)).toContain('"id":9007199254740993');
  expect(await ended(served, 'POST', `/${run}/retry`)).toMatchObject({
    tables: { products: { rejected: 2, state: 'finished' } },
    report: { succeeded: true },
  });
});

test('an option that some of the files are read with is for those', async () => {
  const served = await serveWith({});
  const part = (table: string, name: string, text: string) =>
    `--cut\r\ncontent-disposition: form-data; name="${table}"; filename="${name}"\r\n\r\n${text}\r\n`;
  const json = '[{"id":1,"name":"Pen","price":"1.00"}]';
  const body = `${part('users', 'u.csv', 'id;name;email\n1;A;a@example.com')}${part('products', 'p.json', json)}--cut--\r\n`;
  const form = { headers: { 'content-type': 'multipart/form-data; boundary=cut' }, body };
  expect(await ended(served, 'PUT', '?delimiter=%3B', form)).toMatchObject({
    tables: { users: { inserted: 1 }, products: { inserted: 1 } },
  });
});
