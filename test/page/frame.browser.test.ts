/** The frame of the page: logging in, where it is, and the stream of events. */
import { expect, test } from '@jest/globals';
import type { Page } from 'playwright-core';
import { catalog } from '../../src/shop/catalog.ts';
import { describeInBrowser, expectAccessible, expectNoSidewaysScroll, openPage } from '../support/browser/page.ts';
import { sqlitePlace } from '../support/engines.ts';
import { makeFolder } from '../support/folder.ts';
import { bearer, serve } from '../support/served.ts';
import { serveShop } from '../support/served-shop.ts';

/** As when another tab is shown, or this one again. */
function turn(page: Page, state: 'hidden' | 'visible'): Promise<unknown> {
  return page.evaluate(
    `Object.defineProperty(document, 'visibilityState', { value: '${state}', configurable: true }); document.dispatchEvent(new Event('visibilitychange'))`,
  );
}

describeInBrowser('the frame of the page', () => {
  test('a token opens a session, which ends when it is revoked or closed', async () => {
    const place = sqlitePlace(makeFolder());
    const first = await serve(place, catalog);
    const token = await first.token('admin');
    const served = await serve(place, catalog, { requiresToken: true });
    const page = await openPage(served, '#/data');
    await page.getByLabel('Token').fill('mrd_wrong');
    await page.getByRole('button', { name: 'Log in' }).click();
    expect(await page.getByRole('alert').textContent()).toContain('Copy it whole');
    await expectAccessible(page);
    await page.getByLabel('Token').fill(token);
    await page.getByRole('button', { name: 'Log in' }).click();
    await page.getByRole('heading', { name: 'Data' }).waitFor();
    expect(await page.evaluate('document.cookie')).toBe('');
    await page.getByRole('button', { name: 'Log out' }).click();
    await page.getByLabel('Token').waitFor();
    expect((await served.ask('GET', '/api/description')).status).toBe(401);
    expect((await served.ask('GET', '/api/description', { headers: bearer(token) })).status).toBe(200);
  });

  test('a reader sees no button that changes something, and no form', async () => {
    const place = sqlitePlace(makeFolder());
    const first = await serve(place, catalog);
    const token = await first.token('read');
    const page = await openPage(await serve(place, catalog, { requiresToken: true }), '#/loads');
    await page.getByLabel('Token').fill(token);
    await page.getByRole('button', { name: 'Log in' }).click();
    await page.getByText('Starting a load needs a token with the role operate.').waitFor();
    expect(await page.getByRole('button', { name: 'Start the load' }).count()).toBe(0);
    await page.getByText('Nothing has been loaded yet.', { exact: true }).waitFor();
    const headers = { 'content-type': 'text/csv' };
    const body = 'id,name,email\n1,Alice,alice@example.com\n';
    const { run } = (await first.ask('PUT', '/api/loads?table=users', { headers, body })).body;
    await first.ask('GET', `/api/loads/${run}/events`);
    await page.evaluate(`location.hash = '#/data/users/user?new=1'`);
    await page.reload();
    await page.getByText('Creating a row needs a token with the role operate.').waitFor();
    expect(await page.locator('main form').count()).toBe(0);
  });

  test('an address of no screen is said to be that', async () => {
    const page = await openPage(await serve(sqlitePlace(makeFolder()), catalog), '#/nonesuch/1');
    await page.getByRole('heading', { name: 'No such screen' }).waitFor();
    await page.getByText('This server has no screen “nonesuch”').waitFor();
    expect(await page.locator('nav [aria-current]').count()).toBe(0);
    await expectAccessible(page);
  });

  test('a stream that the server refuses is opened again', async () => {
    const served = await serve(sqlitePlace(makeFolder()), catalog);
    const page = await openPage(served, '#/');
    await page.getByText('live', { exact: true }).waitFor();
    await page.route('**/api/events', (route) => route.fulfill({ status: 503 }));
    await page.reload();
    await page.getByText('connection lost, trying again').waitFor();
    await page.unroute('**/api/events');
    await page.getByText('live', { exact: true }).waitFor();
  });

  test('a session that has ended leads to the login', async () => {
    const place = sqlitePlace(makeFolder());
    const token = await (await serve(place, catalog)).token('read');
    const page = await openPage(await serve(place, catalog, { requiresToken: true }), '#/');
    await page.getByLabel('Token').fill(token);
    await page.getByRole('button', { name: 'Log in' }).click();
    await page.getByText('live', { exact: true }).waitFor();
    await page.context().clearCookies();
    await turn(page, 'hidden');
    await turn(page, 'visible');
    await page.getByLabel('Token').waitFor();
  });

  test('a request that is refused because the session has ended leads to the login, and back to the same address', async () => {
    const place = sqlitePlace(makeFolder());
    const first = await serve(place, catalog);
    const token = await first.token('operate');
    const body = 'id,name,email\n1,Alice,alice@example.com\n';
    const headers = { 'content-type': 'text/csv' };
    const { run } = (await first.ask('PUT', '/api/loads?table=users', { headers, body })).body;
    await first.ask('GET', `/api/loads/${run}/events`);
    const page = await openPage(await serve(place, catalog, { requiresToken: true }), '#/data/users/user?sort=-id');
    const logIn = async () => {
      await page.getByLabel('Token').fill(token);
      await page.getByRole('button', { name: 'Log in' }).click();
    };
    await logIn();
    await page.getByText('live', { exact: true }).waitFor();
    await page.context().clearCookies();
    await page.getByRole('link', { name: '1', exact: true }).click();
    await logIn();
    await page.getByLabel('name').waitFor();
    expect(new URL(page.url()).hash).toBe('#/data/users/user/1?sort=-id');
    await page.getByText('live', { exact: true }).waitFor();
    await page.getByLabel('name').fill('Alicia');
    await page.context().clearCookies();
    await page.getByRole('button', { name: 'Save' }).click();
    await page.getByText('The session has ended.').waitFor();
    await expectAccessible(page);
    await logIn();
    await page.getByRole('alert').waitFor({ state: 'detached' });
    expect(await page.getByLabel('name').inputValue()).toBe('Alicia');
    await page.getByRole('button', { name: 'Save' }).click();
    await page.getByText('Saved.').waitFor();
  });

  test('the stream ends while the page is hidden, and goes on after it', async () => {
    const served = await serve(sqlitePlace(makeFolder()), catalog);
    const page = await openPage(served, '#/');
    await page.getByText('live', { exact: true }).waitFor();
    await turn(page, 'hidden');
    await page.getByText('paused', { exact: true }).waitFor();
    await turn(page, 'visible');
    await page.getByText('live', { exact: true }).waitFor();
  });

  test('what the server did not answer is asked again when the stream is back', async () => {
    const page = await openPage(await serveShop(), '#/data/users/user');
    await page.getByText('2 rows').waitFor();
    for (const [path, place, text] of [
      ['**/api/migrations', '#/migrations', 'Applied'],
      ['**/api/databases/**', '#/data/products/product', '3 rows'],
    ] as const) {
      await page.route(path, (route) => route.abort());
      await page.evaluate(`location.hash = '${place}'`);
      await page.getByText('The server does not answer. Is it running?').waitFor();
      await turn(page, 'hidden');
      await page.unroute(path);
      await turn(page, 'visible');
      await page.getByText(text).waitFor();
      expect(await page.getByRole('alert').count()).toBe(0);
    }
  });

  test('the overview says of each database how it is, narrow and dark as well', async () => {
    const page = await openPage(await serveShop(), '#/', { width: 380, colorScheme: 'dark' });
    await page.getByText('orders, orders.boston, orders.denver and 3 more do not exist yet.').waitFor();
    await page.getByText('users: the uploaded users').waitFor();
    await expectAccessible(page);
    await expectNoSidewaysScroll(page);
  });

  test('the keyboard reaches the content, and the address says where one is', async () => {
    const served = await serve(sqlitePlace(makeFolder()), catalog);
    const page = await openPage(served, '#/migrations');
    await page.getByRole('heading', { name: 'Migrations' }).waitFor();
    expect(await page.title()).toBe('Migrations · Meridian');
    await page.keyboard.press('Tab');
    await page.keyboard.press('Enter');
    expect(await page.evaluate('document.activeElement.id')).toBe('content');
    await page.getByText('npx meridian migrate users', { exact: true }).waitFor();
    await expectAccessible(page);
  });

  test('the page needs one module and one stylesheet before it is painted', async () => {
    const page = await openPage(await serveShop(), '#/');
    await page.getByRole('heading', { name: 'Overview' }).waitFor();
    const names = `performance.getEntriesByType('resource').map(({ name }) => new URL(name).pathname)`;
    const files = ((await page.evaluate(names)) as readonly string[]).filter((path) => !path.startsWith('/api/'));
    expect(files.toSorted()).toEqual(['/page.css', '/page.js']);
  });
});
