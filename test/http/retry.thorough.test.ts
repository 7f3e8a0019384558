/** A retry over HTTP that is stopped, and continued by the same request, for either of the two runs. */
import { expect, test } from '@jest/globals';
import { catalog } from '../../src/shop/catalog.ts';
import { sqlitePlace } from '../support/engines.ts';
import { makeFolder } from '../support/folder.ts';
import { serve } from '../support/served.ts';

const RECORDS = 20_000;

test('a retry that was stopped goes on, and no reject is lost', async () => {
  const served = await serve(sqlitePlace(makeFolder()), catalog);
  const { server } = served;
  const rows = Array.from({ length: RECORDS }, (_, index) => `${index + 1},,n${index}@example.com\n`).join('');
  const { body } = await served.ask('PUT', '/api/loads?table=users&name=u.csv', {
    headers: { 'content-type': 'text/csv' },
    body: `id,name,email\n${rows}`,
  });
  await served.ask('GET', `/api/loads/${body.run}/events`);
  const retry = (run: string) => served.ask('POST', `/api/loads/${run}/retry`);
  const stopped = await retry(body.run);
  expect(await served.ask('POST', `/api/loads/${stopped.body.run}/cancel`)).toMatchObject({ status: 202 });
  await served.ask('GET', `/api/loads/${stopped.body.run}/events`);
  expect(await served.ask('GET', `/api/loads/${stopped.body.run}`)).toMatchObject({
    body: { tables: { users: { state: 'stopped' } } },
  });
  const goesOn = await retry(stopped.body.run);
  expect(goesOn).toMatchObject({ status: 202, body: { run: stopped.body.run } });
  await served.ask('GET', `/api/loads/${stopped.body.run}/events`);
  expect(await served.ask('GET', `/api/loads/${stopped.body.run}`)).toMatchObject({
    body: { tables: { users: { state: 'finished', read: RECORDS, rejected: RECORDS } } },
  });
  expect(String((await served.ask('GET', `/api/loads/${body.run}/rejects`)).body)).toBe('');
  expect(String((await served.ask('GET', `/api/loads/${stopped.body.run}/rejects`)).body).split('\n')).toHaveLength(
    RECORDS + 1,
  );
  await server.close();
});
