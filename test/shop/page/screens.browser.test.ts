/** Every screen with something to show, on a phone and on a wide screen, in light and in dark; and one way by keyboard alone. */
import { expect, test } from '@jest/globals';
import type { Page } from 'playwright-core';
import { describeInBrowser, expectAccessible, expectNoSidewaysScroll, openPage } from '../../support/browser/page.ts';
import { type ServedShop, serveShop } from '../../support/served-shop.ts';

const USERS = 'id,name,email\n11,Nina,nina@example.com\nx12,Omar,omar@example.com\n13,Paul,nobody\n';

/** A load with rejects, orders that are shipped, and an event that central cannot apply. @returns the load */
async function fill(served: ServedShop): Promise<string> {
  await served.receive('boston', 1, 20);
  await served.receive('denver', 2, 5);
  await served.checkout('boston', 2, 'order-1');
  await served.checkout('boston', 3, 'order-2');
  const payload = `replace(payload, '"quantity":', '"quantity":-')`;
  await served.execute(
    'orders.boston',
    `update outbox_event set payload = ${payload} where aggregate = 'order' and seq is null`,
  );
  await served.post('/api/shop/sync', {});
  const headers = { 'content-type': 'text/csv' };
  const { run } = (await served.ask('PUT', '/api/loads?table=users', { headers, body: USERS })).body;
  await served.ask('GET', `/api/loads/${run}/events`);
  return run;
}

/** The place of each screen, and what it shows when it is complete. */
function placesOf(run: string): readonly (readonly [place: string, text: string])[] {
  return [
    ['#/', 'users: the uploaded users'],
    ['#/data', 'products'],
    ['#/data/users/user', 'alice@example.com'],
    ['#/data/users/user/1', 'Referred to by'],
    ['#/data/users/user?new=1', 'Cancel'],
    ['#/loads', 'History'],
    [`#/loads/${run}`, 'Finished: 3 records, of which 2 were rejected.'],
    [`#/loads/${run}/rejects?table=users&code=isEmail&property=email`, 'Record 3'],
    ['#/regions', 'denver'],
    ['#/dead-letters', 'Central could not apply'],
    ['#/compare', 'Central differs from boston.'],
    ['#/reports', 'CSV'],
    ['#/migrations', 'Show the SQL'],
  ];
}

describeInBrowser('every screen', () => {
  test.each([
    ['light', 390],
    ['dark', 1280],
  ] as const)('in %s, %i pixels wide', async (colorScheme, width) => {
    const served = await serveShop();
    const run = await fill(served);
    const page = await openPage(served, '#/', { width, colorScheme });
    const address = page.url().replace(/#.*/, '');
    for (const [place, text] of placesOf(run)) {
      await page.goto(`${address}${place}`);
      await page.getByText(text).first().waitFor();
      await expectAccessible(page);
      await expectNoSidewaysScroll(page);
    }
  });

  test('a row is found, changed and saved with the keyboard alone', async () => {
    const served = await serveShop();
    const page = await openPage(served, '#/data');
    await page.getByRole('link', { name: 'user', exact: true }).waitFor();
    await tabTo(page, 'user');
    await page.keyboard.press('Enter');
    await page.getByRole('link', { name: '2', exact: true }).waitFor();
    await tabTo(page, '2');
    await page.keyboard.press('Enter');
    await page.getByLabel('name').waitFor();
    await tabTo(page, 'name');
    await page.keyboard.press('ControlOrMeta+a');
    await page.keyboard.type('Robert');
    await tabTo(page, 'Save');
    await page.keyboard.press('Enter');
    await page.getByText('Saved.').waitFor();
    expect((await served.ask('GET', '/api/databases/users/user/2')).body).toMatchObject({ name: 'Robert' });
  });
});

/** Most that has to be passed on a way by keyboard. */
const MAX_TABS = 60;

/** Presses Tab until what has the focus, or its label, has this text. */
async function tabTo(page: Page, text: string): Promise<void> {
  const focused = `(({ labels, textContent }) => (labels?.[0] ?? { textContent }).textContent.trim())(document.activeElement)`;
  for (let tabs = 0; tabs < MAX_TABS; tabs++) {
    await page.keyboard.press('Tab');
    if (String(await page.evaluate(focused)).replace(/ required$/, '') === text) {
      return;
    }
  }
  throw new Error(`The keyboard does not reach "${text}".`);
}
