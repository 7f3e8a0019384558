/** Every command refuses a database that is another's, and changes nothing in it. */
import { expect, test } from '@jest/globals';
import { meridian } from '../support/command.ts';
import { forEachEngineThoroughly, type Place } from '../support/engines.ts';
import { regionalPlace } from '../support/regional.ts';

const ROLES = ['users', 'products', 'orders', 'central', 'documents', 'orders.boston', 'orders.seattle'];

/** Commands that open the database of seattle, whichever others they open. */
const OF_SEATTLE = [
  'order place --region seattle --user 1 --item 1x1 --key k',
  'order list --region seattle',
  'order cancel --region seattle --order 1',
  'stock receive --region seattle --product 1 --quantity 1 --price 1.00',
  'stock list --region seattle',
  'sync',
  'sync --region seattle',
  'compare',
  'compare --region seattle',
  'regions',
  'regions add seattle',
  'relay pause --region seattle',
  'relay resume --region seattle',
  'relay purge --region seattle',
  'resend --region seattle',
  'central rebuild',
  'documents rebuild',
  'verify',
  'verify --repair',
  'populate --region seattle --generate 3',
  'populate --region seattle --generate 3 --dry-run',
  'report sales',
  'report lag',
  'migrate',
  'migrate --dry-run',
  'migrate:down orders.seattle',
  'migrate:status',
  'migrate:check',
  'runs',
];

/** A shop with stock in boston. */
async function shop(engine: Place['engine']) {
  const place = await regionalPlace(engine);
  const env = { REGIONS: 'boston,seattle', ...place.environment(...ROLES) };
  const run = (command: string, changed: NodeJS.ProcessEnv = {}) =>
    meridian(command.split(' '), { cwd: place.folder, env: { ...env, ...changed } });
  expect(await run('populate --quiet')).toMatchObject({ code: 0 });
  expect(await run('stock receive --region boston --product 1 --quantity 5 --price 1.00')).toMatchObject({ code: 0 });
  expect(await run('sync')).toMatchObject({ code: 0 });
  return { place, run };
}

forEachEngineThoroughly((_, engine) => {
  test('two regions with one URL: every command that opens the second says so', async () => {
    const { place, run } = await shop(engine);
    const wrong = { ORDERS_DATABASE_URL_SEATTLE: place.url('orders.boston') };
    const contents = async () => {
      const tables = [
        'orders',
        'stock',
        'outbox_event',
        'meridian_runs_orders',
        'relay_state',
        'meridian_identity_orders',
      ];
      return Promise.all(tables.map((table) => place.execute('orders.boston', `select * from ${table}`)));
    };
    const before = await contents();
    for (const command of OF_SEATTLE) {
      const { code, stderr } = await run(command, wrong);
      expect({ command, code, stderr }).toEqual({
        command,
        code: 1,
        stderr: expect.stringMatching(
          /^Error: orders\.seattle: .* is the database of orders\.boston\. Say where the database of orders\.seattle is with ORDERS_DATABASE_URL_SEATTLE, /m,
        ),
      });
    }
    // rebuilding central sends boston's rows again, in an epoch of its own
    const isSteady = (table: unknown, index: number) => index !== 2 && index !== 4 && table;
    expect((await contents()).map(isSteady)).toEqual(before.map(isSteady));
    expect(await place.execute('central', 'select distinct region from stock_fact')).toEqual([{ region: 'boston' }]);
  });
});

// on a server, roles may share a place
test.each([
  ['users', 'order place --region boston --user 1 --item 1x1 --key k'],
  ['users', 'verify --repair'],
  ['central', 'sync'],
  ['central', 'report sales'],
  ['central', 'dead-letters list'],
  ['central', 'documents status'],
  ['documents', 'sync'],
  ['documents', 'documents status'],
  ['documents', 'documents find --user 1'],
  ['documents', 'components set --product 1 --component 2x1'],
])('the file of products in place of that of %s: %s', async (name, command) => {
  const { place, run } = await shop('sqlite');
  expect(await run('order place --region boston --user 1 --item 1x1 --key first')).toMatchObject({ code: 0 });
  const said = await run(command, { [`${name.toUpperCase()}_DATABASE_URL`]: place.url('products') });
  expect(said).toMatchObject({
    code: 1,
    stderr: expect.stringMatching(
      new RegExp(
        `^Error: ${name}: products\\.db is the database of products\\. Say where .*${name.toUpperCase()}_`,
        'm',
      ),
    ),
  });
  // it is not taken for one that is out of reach, which would leave the order pending
  expect(await place.rowsOf('orders', 'orders.boston')).toHaveLength(1);
});
