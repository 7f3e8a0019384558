/** Every screen with something to show, on a phone and on a wide screen, in light and in dark; and one way by keyboard alone. */
import { expect, test } from '@jest/globals';
import type { Page } from 'playwright-core';
import {
  describeInBrowser,
  expectAccessible,
  expectAlignedFigures,
  expectNoSidewaysScroll,
  openPage,
} from '../../support/browser/page.ts';
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

/** Addresses that were mistyped, or are of another version, and what says so. */
const UNKNOWN = [
  ['#/?regoin=boston', 'The address has “regoin”, which this screen does not know and ignores.'],
  ['#/data/nonesuch', 'There is no database nonesuch.'],
  ['#/data/users/user?page=2', 'The address has “page”'],
  ['#/data/users/user?filter.nonesuch=1', 'nonesuch'],
  ['#/loads?table=nonesuch', 'There is no table nonesuch to load a file into.'],
  ['#/loads/nonesuch', 'nonesuch'],
  ['#/loads/:run/nonesuch', 'This screen has nothing at'],
  ['#/loads/:run/rejects?table=nonesuch', 'Nothing is rejected in nonesuch'],
  ['#/loads/:run/rejects?table=users&code=nonesuch', 'No record of users is rejected for this reason'],
  ['#/regions/boston', 'This screen has nothing at “boston”.'],
  ['#/dead-letters?region=nonesuch', 'There is no region "nonesuch"'],
  ['#/dead-letters?letter=99', 'Dead letter 99 is not among these'],
  ['#/compare?region=nonesuch', 'There is no region "nonesuch"'],
  ['#/compare?region=nonesuch', 'Nothing has been compared.'],
  ['#/reports/products?from=2026-01-01', 'The address has “from”'],
  ['#/reports/sales/region/more', 'This screen has nothing at'],
  ['#/migrations?database=users', 'The address has “database”'],
] as const;

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
      await expectAlignedFigures(page);
      expect(await page.getByText('does not know and ignores').count()).toBe(0);
    }
  });

  test('what an address has beside what its screen knows is named', async () => {
    const served = await serveShop();
    const run = await fill(served);
    const page = await openPage(served, '#/');
    const address = page.url().replace(/#.*/, '');
    for (const [place, text] of UNKNOWN) {
      await page.goto(`${address}${place.replace(':run', run)}`);
      await page.getByText(text).first().waitFor();
      await expectAccessible(page);
    }
  });

  test('a row that does not exist has none that refer to it, and figures lead to what they lack', async () => {
    const served = await serveShop();
    await fill(served);
    const page = await openPage(served, '#/data/users/user/99');
    await page.getByText('user 99 does not exist').waitFor();
    expect(await page.getByText('Referred to by').count()).toBe(0);
    await page.evaluate(`location.hash = '#/reports'`);
    await page.getByRole('link', { name: 'Look at what central could not apply' }).click();
    await page.getByText('Central could not apply 2 events').waitFor();
    await page.evaluate(`location.hash = '#/compare'`);
    await page.getByRole('link', { name: 'denver', exact: true }).click();
    await page.getByText('Central and denver are equal.').waitFor();
    expect(await page.getByRole('link', { name: 'boston' }).count()).toBe(0);
    await page.getByText('npx meridian compare --region denver').waitFor();
    await page.getByRole('link', { name: 'Show all regions' }).click();
    await page.getByText('Central differs from boston.').waitFor();
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
