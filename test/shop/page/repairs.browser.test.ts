/** What the screens of central say of rows and events that a region does not have, does not send, or has lost. */
import { expect, test } from '@jest/globals';
import { describeInBrowser, openPage } from '../../support/browser/page.ts';
import { serveShop } from '../../support/served-shop.ts';

describeInBrowser('repairs of central', () => {
  test('a region that cannot be sent again says why, and a row that it lacks is no link', async () => {
    const served = await serveShop();
    await served.receive('boston', 1, 20);
    await served.checkout('boston', 2, 'order-1');
    await served.checkout('boston', 3, 'order-2');
    await served.post('/api/shop/sync', {});
    await served.execute('orders.boston', 'delete from orders where id = 2');
    await served.execute('central', 'update order_fact set quantity = 7 where order_id = 1');
    await served.ask('POST', '/api/shop/regions/boston/disconnect');
    const page = await openPage(served, '#/compare');
    await page.getByRole('link', { name: 'order 1', exact: true }).waitFor();
    await page.getByRole('rowheader', { name: 'order 2' }).waitFor();
    expect(await page.getByRole('link', { name: 'order 2', exact: true }).count()).toBe(0);
    await page.getByRole('button', { name: 'Send boston again …' }).click();
    await page.getByRole('button', { name: 'Send boston again', exact: true }).click();
    await page.getByText('boston: boston is disconnected from central.').waitFor();
    await served.ask('POST', '/api/shop/regions/boston/reconnect');
    await page.getByRole('button', { name: 'Send boston again …' }).click();
    await page.getByRole('button', { name: 'Send boston again', exact: true }).click();
    await page.getByText('Central and the regions are equal.').waitFor();
    await page.getByText('Everything has arrived in central.').waitFor();
  });

  test('a discarded event is not said to be applied, nor those of other regions', async () => {
    const served = await serveShop();
    for (const region of ['boston', 'denver']) {
      await served.receive(region, 1, 20);
      await served.checkout(region, 2, `order-${region}`);
      const payload = `replace(payload, '"quantity":', '"quantity":-')`;
      await served.execute(
        `orders.${region}`,
        `update outbox_event set payload = ${payload} where aggregate = 'order'`,
      );
    }
    await served.post('/api/shop/sync', {});
    const page = await openPage(served, '#/dead-letters?region=boston');
    await page.getByText('Central could not apply 1 event of boston, and lacks what it says.').waitFor();
    await page.getByLabel('Choose all').check();
    await page.getByRole('button', { name: 'Discard 1 event …' }).click();
    await page.getByRole('button', { name: 'Discard 1 event', exact: true }).click();
    await page.getByText('There is no dead letter of boston.').waitFor();
    await page.getByRole('link', { name: 'Show all regions' }).click();
    await page.getByText('Central could not apply 1 event, and lacks what it says.').waitFor();
  });
});
