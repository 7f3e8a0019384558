/** The whole shop as one process: `meridian serve --run sync`, asked over HTTP and stopped with a signal. */
import type { ChildProcess } from 'node:child_process';
import { expect, test } from '@jest/globals';
import { meridian } from '../../support/command.ts';
import { makeFolder } from '../../support/folder.ts';
import { until } from '../../support/until.ts';

const CSV = { 'content-type': 'text/csv' };
const RECORDS = 400_000;

interface Serving {
  readonly url: string;
  readonly child: ChildProcess;
}

/** Serves a folder as long as the work lasts, and stops with SIGTERM. @returns the seconds that stopping took */
async function serving(cwd: string, args: readonly string[], work: (serving: Serving) => Promise<void>) {
  let failure: unknown;
  const { code, stderr } = await meridian(['serve', '--port', '0', '--json', ...args], {
    cwd,
    during: (child) => {
      let output = '';
      child.stdout?.on('data', (data) => {
        output += String(data);
      });
      const run = async () => {
        await until('it listens', () => output.includes('\n'));
        await work({ url: JSON.parse(output.split('\n')[0] ?? '').url, child });
      };
      void run()
        .catch((error: unknown) => {
          failure = error;
        })
        .finally(() => {
          child.kill('SIGTERM');
        });
    },
  });
  if (failure !== undefined) {
    throw failure;
  }
  return { code, stderr };
}

async function json(url: string, method = 'GET', body?: unknown, headers: Record<string, string> = {}) {
  const isText = typeof body === 'string';
  const answer = await fetch(url, {
    method,
    headers: { ...(isText || body === undefined ? {} : { 'content-type': 'application/json' }), ...headers },
    ...(body === undefined ? {} : { body: isText ? body : JSON.stringify(body) }),
  });
  return { status: answer.status, body: await answer.json() };
}

async function load(url: string, table: string, csv: string): Promise<void> {
  const { status, body } = await json(`${url}/api/loads?table=${table}`, 'PUT', csv, CSV);
  expect(status).toBe(202);
  await (await fetch(`${url}${body.events}`)).text();
}

test('an order arrives in reports and documents by itself, and SIGTERM ends a running load after its batch', async () => {
  const cwd = makeFolder();
  let run = '';
  const stopped = await serving(cwd, ['--run', 'sync'], async ({ url }) => {
    await load(url, 'users', 'id,name,email\n1,Alice,alice@example.com\n');
    await load(url, 'products', 'id,name,price\n1,Pen,1.50\n');
    expect(await json(`${url}/api/shop/regions`, 'POST', { name: 'boston' })).toMatchObject({ status: 201 });
    const region = `${url}/api/shop/regions/boston`;
    const key = (name: string) => ({ 'idempotency-key': name });
    await json(`${region}/deliveries`, 'POST', { productId: 1, quantity: 1000 }, key('delivery'));
    const orders = Array.from({ length: 50 }, (_, index) =>
      json(`${region}/checkouts`, 'POST', { userId: 1, items: [{ productId: 1, quantity: 1 }] }, key(`order-${index}`)),
    );
    expect(new Set((await Promise.all(orders)).map(({ status }) => status))).toEqual(new Set([201]));
    await until('the report has the orders', async () => {
      const { body } = await json(`${url}/api/shop/reports/sales?by=region`);
      return body.rows?.[0]?.orders === 50 && body.incomplete.length === 0;
    });
    await until('the documents have the orders', async () => {
      const { body } = await json(`${url}/api/shop/documents/status`);
      return body.store?.documents === 50;
    });
    // a sync that is asked for meanwhile waits for the relay of the service
    expect(await json(`${url}/api/shop/sync`, 'POST')).toMatchObject({ status: 200, body: { isComplete: true } });
    expect(await json(`${url}/api/shop/compare`)).toMatchObject({ body: { isEqual: true } });
    const rows = Array.from({ length: RECORDS }, (_, index) => `${index + 2},Name,n${index}@example.com\n`);
    const begun = await json(`${url}/api/loads?table=users`, 'PUT', `id,name,email\n${rows.join('')}`, CSV);
    run = begun.body.run;
  });
  expect(stopped).toMatchObject({ code: 0 });
  const runs = await meridian(['runs', '--json'], { cwd });
  expect(
    (Object.values(JSON.parse(runs.stdout)).flat() as { id: string }[]).find(({ id }) => id === run),
  ).toMatchObject({ state: 'stopped' });
});

test('a service that no module has is refused', async () => {
  expect(await meridian(['serve', '--run', 'ship'], { cwd: makeFolder() })).toMatchObject({
    code: 2,
    stderr: 'Error: There is no service "ship" to run. Those of the modules are sync.\n',
  });
});
