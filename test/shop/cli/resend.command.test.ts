/** `meridian compare`, and `meridian resend`, `meridian central rebuild` and `meridian regions add`, which repair what it finds. */
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { openRegion, writeOrders } from '../../support/regional.ts';
import { type Workspace, workspace } from '../../support/workspace.ts';

async function synced(): Promise<Workspace> {
  const all = workspace();
  await writeOrders(await openRegion(all.place, 'boston'), { id: 1 }, { id: 2 });
  await all.run(['sync']);
  return all;
}

test('what differs is named, and sent again', async () => {
  const { run, place } = await synced();
  await place.execute('central', 'update order_fact set quantity = 8 where order_id = 2');
  const wrong = await run(['compare']);
  expect(wrong.code).toBe(1);
  expect(wrong.stderr).toBe('boston: order 2: quantity is 3 in boston, 8 in central\n');
  expect(wrong.stdout).toContain(
    'boston: 1 difference, up to event 2 of epoch 1. Fix it with npx meridian resend --region boston\n',
  );
  const json = JSON.parse((await run(['compare', '--json'])).stdout);
  expect(json).toMatchObject({
    boston: {
      differences: 1,
      leftOut: 0,
      watermark: { epoch: 1, seq: 2 },
      tables: { order: { region: { rows: 2, pieces: '6', value: '15.00' }, central: { pieces: '11' } } },
    },
  });
  expect((await run(['resend', '--region', 'boston', '--from', '2', '--quiet'])).stdout).toBe('');
  expect((await run(['compare', '--quiet'])).code).toBe(0);
});

test.each([
  [['resend'], 'Error: Name a region with --region. There are boston, seattle, denver.\n'],
  [
    ['resend', '--region', 'bostn'],
    'Error: There is no region "bostn". There are boston, seattle, denver. A new one is made with npx meridian regions add bostn.\n',
  ],
  [['resend', '--region', 'boston', '--from', '0'], 'It has to be a whole number from 1 to 9007199254740991.'],
  [['resend', '--region', 'boston', '--from', '1e3'], 'It has to be a whole number from 1 to 9007199254740991.'],
  [
    ['resend', '--region', 'boston', '--from', '9'],
    'events 1 to 2 of epoch 1 have been sent, and 9 is not among them. Without --from, everything is sent again.',
  ],
])('%p is wrong usage', async (args, message) => {
  const { run } = await synced();
  const { code, stderr } = await run(args);
  expect(code).toBe(2);
  expect(stderr).toContain(message);
});

test('a central that was lost is filled again', async () => {
  const { run, cwd } = await synced();
  for (const suffix of ['', '-wal', '-shm']) {
    rmSync(join(cwd, 'databases', `central.db${suffix}`), { force: true });
  }
  const before = await run(['compare']);
  expect(before.code).toBe(1);
  expect(before.stderr).toBe('Error: There is no central database yet. Make and fill it with npx meridian sync.\n');
  expect((await run(['central', 'rebuild', '--json'])).code).toBe(0);
  expect((await run(['compare'])).code).toBe(0);
});

test('a region that has lost its database is not passed over', async () => {
  const { run, cwd } = await synced();
  for (const suffix of ['', '-wal', '-shm']) {
    rmSync(join(cwd, 'databases', `orders.boston.db${suffix}`), { force: true });
  }
  const { code, stderr } = await run(['compare']);
  expect(code).toBe(1);
  expect(stderr).toContain('Error: boston has no database, and central has events of it.');
});

test('orders that were there before the outbox are found when the region is added, later ones or not', async () => {
  const { run, place } = await synced();
  await place.execute('orders.boston', 'insert into orders (id, user_id, product_id, quantity) values (90, 1, 1, 1)');
  expect((await run(['compare'])).stderr).toBe('boston: order 90 is not in central\n');
  const added = await run(['regions', 'add', 'boston']);
  expect(added.stdout).toBe('boston: 3 orders and 0 products will be sent by the next sync.\n');
  const shown = JSON.parse((await run(['regions', '--region', 'boston', '--json'])).stdout);
  expect(shown).toMatchObject({ boston: { orders: 3, unshipped: 4, relay: 'idle' } });
  await run(['sync']);
  expect((await run(['compare'])).code).toBe(0);
  expect((await run(['regions', 'add', 'boston'])).stdout).toBe(
    'boston exists already: 3 orders, in databases/orders.boston.db.\n',
  );
});
