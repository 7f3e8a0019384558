/** The screens of the shop: regions, dead letters, comparisons and reports. */
import { expect, test } from '@jest/globals';
import { describeInBrowser, expectAccessible, expectNoSidewaysScroll, openPage } from '../../support/browser/page.ts';
import { serveShop } from '../../support/served-shop.ts';

describeInBrowser('the screens of the shop', () => {
  test('a region is disconnected, sells, is reconnected, and central is equal', async () => {
    const served = await serveShop();
    await served.receive('boston', 1, 20);
    await served.receive('denver', 1, 20);
    const page = await openPage(served, '#/regions');
    const boston = page.getByRole('row', { name: /^boston/ });
    const shipNow = async () => {
      await page.getByRole('button', { name: 'Ship now …' }).click();
      await expectAccessible(page);
      await page.getByRole('button', { name: 'Ship now', exact: true }).click();
    };
    await boston.getByRole('button', { name: 'Disconnect boston …' }).click();
    await page.getByText('Nothing that this server ships of boston reaches central').waitFor();
    expect(await page.evaluate('document.activeElement.textContent')).toBe('Disconnect');
    await page.keyboard.press('Enter');
    await boston.getByRole('button', { name: 'Reconnect boston' }).waitFor();
    await served.checkout('boston', 2, 'order-1');
    await served.checkout('denver', 3, 'order-2');
    await boston.getByText('It is disconnected from central: 4 events').waitFor();
    await shipNow();
    await page.getByText('boston: boston is disconnected from central.').waitFor();
    await page.getByText('denver: 4 events shipped.').waitFor();
    await expectAccessible(page);
    await boston.getByRole('button', { name: 'Reconnect boston' }).click();
    await boston.getByRole('button', { name: 'Disconnect boston …' }).waitFor();
    await shipNow();
    await page.getByText('Everything has arrived in central.').waitFor();

    await boston.getByRole('button', { name: 'Pause boston …' }).click();
    await page.keyboard.press('Escape');
    expect(await page.getByText('No relay ships anything of boston').count()).toBe(0);
    expect(await page.evaluate('document.activeElement.ariaLabel')).toBe('Pause boston …');
    await page.getByLabel('Name').fill('New York');
    await page.getByRole('button', { name: 'Add', exact: true }).click();
    await page.locator('form').getByRole('alert').waitFor();
    await page
      .getByRole('img', { name: /^Events not shipped: 0 now, at most [1-9]/ })
      .first()
      .waitFor();
    await page.getByRole('button', { name: 'Keep shipping …' }).click();
    await page.getByRole('button', { name: 'Keep shipping', exact: true }).click();
    await page.getByText('This server ships whatever comes.').waitFor();
    await served.checkout('boston', 1, 'order-3');
    await boston.getByText('running').waitFor();

    await page.getByRole('link', { name: 'Compare' }).click();
    await page.getByText('Central and the regions are equal.').waitFor();
    await expectAccessible(page);
    await page.getByRole('link', { name: 'Dead letters' }).click();
    await page.getByText('There is no dead letter.').waitFor();
    await page.getByRole('link', { name: 'Reports' }).click();
    await page.getByRole('cell', { name: '4.50' }).first().waitFor();
    expect(await page.locator('.bars rect').count()).toBe(2);
    await page.getByRole('link', { name: 'Sales by product' }).click();
    await page.getByRole('cell', { name: '9.00' }).waitFor();
    await served.checkout('denver', 1, 'order-4');
    await page.getByRole('cell', { name: '10.50' }).waitFor();
    expect(page.url()).toContain('#/reports/sales/product');
    await expectAccessible(page);
    await page.evaluate(`location.hash = '#/reports/sales/region?from=2001-01-01&to=2001-01-02'`);
    await page.getByText('Central has no figures of these days.').waitFor();
    await page.getByRole('link', { name: 'all days' }).click();
    await page.getByRole('cell', { name: '4.50' }).first().waitFor();
    const addresses = await page.evaluate<number>('history.length');
    await page.getByLabel('From').focus();
    await page.keyboard.type('01022026');
    await page.waitForURL(/from=2026-01-02/);
    // no digit of the year is an address of its own
    expect(await page.evaluate('history.length')).toBe(addresses + 1);
    await page.evaluate(`location.hash = '#/reports/nonesuch'`);
    await page.getByText('There is no such report.').waitFor();
  });

  test('dead letters say what a retry and a discard would do, and differences are repaired', async () => {
    const served = await serveShop();
    await served.receive('boston', 1, 20);
    await served.checkout('boston', 2, 'order-1');
    await served.checkout('boston', 3, 'order-2');
    const payload = `replace(payload, '"quantity":', '"quantity":-')`;
    await served.execute('orders.boston', `update outbox_event set payload = ${payload} where aggregate = 'order'`);
    await served.post('/api/shop/sync', {});
    const page = await openPage(served, '#/dead-letters');
    await page.getByText('Central could not apply 2 events').waitFor();
    await page.getByRole('link', { name: 'order 1 placed' }).click();
    await page.getByText('order 1 placed is refused again: Quantity must be positive.').waitFor();
    await page.getByText('Central stays without order 1').waitFor();
    await expectAccessible(page);
    await served.execute('central', `update dead_letter set event = replace(event, ':-2', ':2')`);
    await page.getByLabel('Choose all').check();
    await page.getByRole('button', { name: 'Apply 2 events again …' }).click();
    await page.getByText('1 event will be applied, 1 will not.').waitFor();
    await page.getByText('boston: order 1 comes into central.').waitFor();
    await expectAccessible(page);
    await page.getByRole('button', { name: 'Apply 2 events again', exact: true }).click();
    await page.getByText('boston, order 1 placed: applied.').waitFor();
    await page.getByLabel('Choose all').check();
    await page.getByRole('button', { name: 'Discard 1 event …' }).click();
    await page.getByText('1 event will be deleted permanently.').waitFor();
    await page.getByRole('button', { name: 'Discard 1 event', exact: true }).click();
    await page.getByText('There is no dead letter.').waitFor();

    await page.getByRole('link', { name: 'Compare' }).click();
    await page.getByText('Central differs from boston.').waitFor();
    await page.getByRole('cell', { name: 'quantity 3' }).waitFor();
    await expectAccessible(page);
    await page.getByRole('button', { name: 'Send boston again …' }).click();
    await page.getByText('1 difference is repaired').waitFor();
    await page.getByRole('button', { name: 'Send boston again', exact: true }).click();
    await page.getByText('Central and the regions are equal.').waitFor();
  });

  test('regions without a database, and what is not known of them, are said so on a phone', async () => {
    const page = await openPage(await serveShop(), '#/regions', { width: 380, colorScheme: 'dark' });
    await page.getByText('It has no database yet.').first().waitFor();
    await expectAccessible(page);
    await expectNoSidewaysScroll(page);
    for (const title of ['Compare', 'Dead letters', 'Reports', 'Overview', 'Data']) {
      await page.getByRole('link', { name: title, exact: true }).click();
      await page.getByRole('heading', { level: 1, name: title }).waitFor();
      await expectNoSidewaysScroll(page);
      await expectAccessible(page);
    }
  });
});
