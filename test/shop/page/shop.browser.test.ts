/** The screens of the shop: regions, dead letters, comparisons and reports. */
import { expect, test } from '@jest/globals';
import { describeInBrowser, expectAccessible, expectNoSidewaysScroll, openPage } from '../../support/browser/page.ts';
import { serveShop } from '../../support/served-shop.ts';

describeInBrowser('the screens of the shop', () => {
  test('a region is cut off, sells, is connected again, and central is equal', async () => {
    const served = await serveShop();
    await served.receive('boston', 1, 20);
    await served.receive('denver', 1, 20);
    const page = await openPage(served, '#/regions');
    const boston = page.getByRole('row', { name: /^boston/ });
    await boston.getByRole('button', { name: 'Pause …' }).click();
    await expectAccessible(page);
    await boston.getByRole('button', { name: 'Pause', exact: true }).click();
    await boston.getByRole('button', { name: 'Resume boston' }).waitFor();
    await served.checkout('boston', 2, 'order-1');
    await served.checkout('denver', 3, 'order-2');
    await boston.getByText('Its relay is paused').waitFor();
    await page.getByRole('button', { name: 'Ship everything now' }).click();
    await page.getByText('denver: ').first().waitFor();
    await boston.getByRole('button', { name: 'Resume boston' }).click();
    await boston.getByRole('button', { name: 'Pause …' }).waitFor();
    await page.getByRole('button', { name: 'Ship everything now' }).click();
    await page.getByText('Everything has arrived in central.').waitFor();

    await page.getByRole('link', { name: 'Compare' }).click();
    await page.getByText('Central and the regions are equal.').waitFor();
    await expectAccessible(page);
    await page.getByRole('link', { name: 'Dead letters' }).click();
    await page.getByText('There is none').waitFor();
    await page.getByRole('link', { name: 'Reports' }).click();
    await page.getByRole('cell', { name: '4.50' }).waitFor();
    expect(await page.locator('svg.bars rect').count()).toBe(2);
    await page.getByRole('link', { name: 'Sales by product' }).click();
    await page.getByRole('cell', { name: '7.50' }).waitFor();
    expect(page.url()).toContain('#/reports/sales/product');
    await expectAccessible(page);
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
    }
  });
});
