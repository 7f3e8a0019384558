/** Text that is a script or an element of HTML stays text, on whatever screen it is shown. */
import { expect, test } from '@jest/globals';
import { describeInBrowser, openPage } from '../../support/browser/page.ts';
import { REGIONS, type ServedShop, serveShop } from '../../support/served-shop.ts';

const ATTACK = '"<img src=x onerror=attacked=1>';

/** In a field of CSV. */
const QUOTED = `"${ATTACK.replaceAll('"', '""')}"`;

/** Puts the text wherever a text can be stored. @returns a load with rejects */
async function fill(served: ServedShop): Promise<string> {
  await served.ask('PATCH', '/api/databases/users/user/1', { body: { name: ATTACK } });
  await served.ask('PATCH', '/api/databases/products/product/1', { body: { name: ATTACK } });
  await served.receive('boston', 1, 20);
  const order = { userId: 1, items: [{ productId: 1, quantity: 2 }], country: ATTACK, details: { [ATTACK]: ATTACK } };
  expect(await served.post(`${REGIONS}/boston/checkouts`, order, 'attack')).toMatchObject({ status: 201 });
  await served.post('/api/shop/sync', {});
  await served.checkout('boston', 1, 'order-2');
  await served.execute(
    'orders.boston',
    `update outbox_event set payload = '{"x":${JSON.stringify(ATTACK).replaceAll("'", "''")}}' where seq is null`,
  );
  await served.post('/api/shop/sync', {});
  const headers = { 'content-type': 'text/csv' };
  const body = `id,name,email\n21,${QUOTED},${QUOTED}\n${QUOTED},x,x\n`;
  const { run } = (await served.ask('PUT', '/api/loads?table=users', { headers, body })).body;
  await served.ask('GET', `/api/loads/${run}/events`);
  return run;
}

/** The place of each screen that shows such a text, and what is shown beside it. */
function placesOf(run: string): readonly (readonly [place: string, text: string])[] {
  return [
    ['#/data/users/user', 'onerror'],
    ['#/data/users/user/1', 'Referred to by'],
    ['#/data/products/product', 'onerror'],
    [`#/data/users/user?filter.email=${encodeURIComponent(ATTACK)}`, 'onerror'],
    [`#/loads/${run}`, 'of which 2 were rejected'],
    [`#/loads/${run}/rejects?table=users&code=isEmail&property=email`, 'Record 1'],
    ['#/dead-letters', 'Central could not apply'],
    ['#/compare', 'boston'],
    ['#/reports/sales/country', 'onerror'],
    ['#/regions', 'denver'],
    [`#/${encodeURIComponent(ATTACK)}`, 'Overview'],
  ];
}

describeInBrowser('texts that are scripts', () => {
  test('are shown as they are, and never run', async () => {
    const served = await serveShop();
    const run = await fill(served);
    const page = await openPage(served, '#/');
    const address = page.url().replace(/#.*/, '');
    const dialogs: string[] = [];
    page.on('dialog', (dialog) => dialogs.push(dialog.message()));
    for (const [place, text] of placesOf(run)) {
      await page.goto(`${address}${place}`);
      await page.getByText(text).first().waitFor();
      expect([
        place,
        await page.evaluate('globalThis.attacked'),
        await page.locator('img, main script').count(),
      ]).toEqual([place, undefined, 0]);
    }
    expect(dialogs).toEqual([]);
  });
});
