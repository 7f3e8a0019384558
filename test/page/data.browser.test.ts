/** The rows of entities in the page: found, followed, changed, made and deleted. */
import { expect, test } from '@jest/globals';
import { describeInBrowser, expectAccessible, expectNoSidewaysScroll, openPage } from '../support/browser/page.ts';
import { serveShop } from '../support/served-shop.ts';
import { until } from '../support/until.ts';

describeInBrowser('the rows of entities', () => {
  test('a list is filtered, sorted and searched, and its address keeps that', async () => {
    const page = await openPage(await serveShop(), '#/data');
    await page.getByRole('link', { name: 'product', exact: true }).click();
    await page.getByRole('heading', { name: 'product' }).waitFor();
    await page.getByRole('button', { name: 'Sort by id' }).click();
    await page.getByRole('button', { name: 'Sort by id, now ascending' }).click();
    await page.getByRole('button', { name: 'Sort by id, now descending' }).waitFor();
    await page.getByLabel('Comparison').selectOption('≤');
    await page.getByLabel('Value', { exact: true }).fill('2');
    await page.getByRole('button', { name: 'Filter', exact: true }).click();
    await page.getByText('2 rows').waitFor();
    expect(await page.locator('tbody tr td:nth-child(2)').allTextContents()).toEqual(['2', '1']);
    expect(page.url()).toContain('#/data/products/product?sort=-id&filter.id.lte=2');
    await page.reload();
    await page.getByText('2 rows').waitFor();
    await expectAccessible(page);
    const command = `npx meridian query 'select * from products.products where id <= 2 order by id desc limit 100'`;
    await page.getByText(command, { exact: true }).waitFor();
    await page.getByRole('button', { name: 'Remove the filter id ≤ 2' }).click();
    await page.getByText('3 rows').waitFor();
    await page.getByLabel('Search for').fill('3');
    await page.getByRole('button', { name: 'Search' }).click();
    await page.getByRole('cell', { name: 'Set' }).waitFor();
    await page.getByLabel('Search for').fill('999');
    await page.getByRole('button', { name: 'Search' }).click();
    await page.getByText('No product has “999”').waitFor();
    const list = `${page.url().replace(/#.*/, '')}#/data/products/product`;
    await page.goto(`${list}?search=3&filter.id.lte=2`);
    await page.getByText('No product that passes the filters has “3”').waitFor();
    await page.getByRole('button', { name: 'Remove the filter id ≤ 2' }).click();
    await page.getByText('1 row found', { exact: true }).waitFor();
    await page.getByRole('link', { name: '3', exact: true }).click();
    await page.getByRole('heading', { name: 'product 3' }).waitFor();
    await page.goto(`${list}?search=3&filter.id=x`);
    await page.getByText('filter.id is "x"').waitFor();
    await page.goto(`${page.url().replace(/#.*/, '')}#/data/users/user`);
    await page.getByLabel('Property').selectOption('email');
    await page.getByLabel('Comparison').selectOption('begins with');
    await page.getByLabel('Value', { exact: true }).fill('ali');
    await page.getByRole('button', { name: 'Filter', exact: true }).click();
    await page.getByRole('button', { name: 'Remove the filter email begins with ali' }).waitFor();
    await page.getByText('1 row').waitFor();
  });

  test('what is found is sorted, and the Back of the browser leads to the search before it', async () => {
    const served = await serveShop();
    for (const [id, name] of [
      [8, 'nina'],
      [9, 'nora'],
    ]) {
      await served.ask('POST', '/api/databases/users/user', { body: { id, name, email: `${name}@example.com` } });
    }
    const page = await openPage(served, '#/data/users/user?sort=-id&search=n');
    const ids = () => page.locator('tbody tr td:nth-child(2)').allTextContents();
    await page.getByText('2 rows found', { exact: true }).waitFor();
    expect(await ids()).toEqual(['9', '8']);
    await page.getByRole('button', { name: 'Sort by email', exact: true }).click();
    await page.getByRole('button', { name: 'Sort by email, now ascending' }).waitFor();
    await until('it is sorted by email', async () => (await ids()).join() === '8,9');
    await page.getByLabel('Search for').fill('none');
    await page.getByRole('button', { name: 'Search' }).click();
    await page.getByText('No user has “none” as its id or email.').waitFor();
    await page.goBack();
    await page.getByText('2 rows found', { exact: true }).waitFor();
    expect(await page.getByLabel('Search for').inputValue()).toBe('n');
  });

  test('a row is changed in the version that is shown, and what breaks a rule is said beside its property', async () => {
    const served = await serveShop();
    const page = await openPage(served, '#/data/users/user/1');
    await page.getByLabel('email').fill('nobody');
    await page.getByRole('button', { name: 'Save' }).click();
    await page.getByRole('alert').waitFor();
    expect(await page.locator('.field .wrong').textContent()).toBe('Email must be a valid address');
    await expectAccessible(page);
    await page.getByLabel('email').fill('alice@example.org');
    await page.getByRole('button', { name: 'Save' }).click();
    await page.getByText('Saved.').waitFor();
    await served.ask('PATCH', '/api/databases/users/user/1', { body: { name: 'Alicia' } });
    await page.getByLabel('email').fill('other@example.org');
    await page.getByRole('button', { name: 'Save' }).click();
    await page.getByText('Another client has changed this user since it was read, so nothing was saved.').waitFor();
    await expectAccessible(page);
    await page.getByRole('button', { name: 'Read it again' }).click();
    await until('the row is read again', async () => (await page.getByLabel('name').inputValue()) === 'Alicia');
    expect(await page.getByRole('alert').count()).toBe(0);
  });

  test('a row is made, referred to, and only deleted without references; dangling ones are marked', async () => {
    const served = await serveShop();
    await served.ask('POST', '/api/databases/users/user', { body: { id: 9, name: 'Nina', email: 'nina@example.com' } });
    const order = { id: 1, userId: 9, productId: 1, quantity: 2 };
    const csv = `${Object.keys(order).join()}\n${Object.values(order).join()}\n`;
    const { run } = (
      await served.ask('PUT', '/api/loads?table=orders', { headers: { 'content-type': 'text/csv' }, body: csv })
    ).body;
    await served.ask('GET', `/api/loads/${run}/events`);
    const page = await openPage(served, '#/data/users/user?new=1', { width: 400 });
    await page.getByLabel('id').fill('5');
    await page.getByLabel('name').fill('Eve <b>');
    await page.getByLabel('email').fill('eve@example.com');
    await expectNoSidewaysScroll(page);
    await page.getByRole('button', { name: 'Create' }).click();
    await page.getByRole('heading', { name: 'user 5' }).waitFor();
    expect((await served.ask('GET', '/api/databases/users/user/5')).body).toMatchObject({ name: 'Eve <b>' });
    await page.getByRole('button', { name: 'Delete …' }).click();
    await page.getByRole('button', { name: 'Delete', exact: true }).click();
    await page.getByRole('heading', { name: 'user', exact: true }).waitFor();
    expect((await served.ask('GET', '/api/databases/users/user/5')).status).toBe(404);

    await page.goto(`${page.url().replace(/#.*/, '')}#/data/orders/order/1`);
    await page.getByRole('link', { name: 'user 9 · Nina' }).click();
    await page.getByRole('heading', { name: 'user 9' }).waitFor();
    await page.getByRole('link', { name: 'order in orders, by userId' }).waitFor();
    await page.getByRole('button', { name: 'Delete …' }).click();
    await page.getByRole('button', { name: 'Delete', exact: true }).click();
    expect(await page.getByRole('alert').textContent()).toContain('order');

    await served.removeUser(9);
    await page.goto(`${page.url().replace(/#.*/, '')}#/data/orders/order`);
    await page.getByText('▲ dangling').waitFor();
    await page.getByRole('link', { name: '1', exact: true }).first().click();
    await page.getByText('There is no user 9 in users.').waitFor();
    await expectAccessible(page);
  });

  test('a reference that is changed leads to its new row', async () => {
    const served = await serveShop();
    const headers = { 'content-type': 'text/csv' };
    const body = 'id,userId,productId,quantity\n1,1,1,2\n';
    const { run } = (await served.ask('PUT', '/api/loads?table=orders', { headers, body })).body;
    await served.ask('GET', `/api/loads/${run}/events`);
    const page = await openPage(served, '#/data/orders/order/1');
    await page.getByRole('link', { name: 'user 1 · Alice' }).waitFor();
    await page.getByLabel('userId').fill('2');
    await page.getByRole('button', { name: 'Save' }).click();
    await page.getByText('Saved.').waitFor();
    await page.getByRole('link', { name: 'user 2 · Bob' }).waitFor();
  });

  test('several rows are changed and deleted, after the effect on each is shown', async () => {
    const served = await serveShop();
    await served.ask('POST', '/api/databases/users/user', { body: { id: 9, name: 'Nina', email: 'nina@example.com' } });
    const headers = { 'content-type': 'text/csv' };
    const body = 'id,userId,productId,quantity\n1,1,1,2\n';
    const { run } = (await served.ask('PUT', '/api/loads?table=orders', { headers, body })).body;
    await served.ask('GET', `/api/loads/${run}/events`);
    const page = await openPage(served, '#/data/users/user', { colorScheme: 'dark' });
    await page.getByLabel('Choose the first 3 rows').check();
    await page.getByRole('button', { name: 'Change 3 rows …' }).click();
    await page.getByLabel('Property to change').selectOption('name');
    await page.locator('#field-name').fill('Bob');
    await expectAccessible(page);
    await page.getByRole('button', { name: 'Show what changes' }).click();
    await page.getByText('2 rows will be changed, 1 will stay as they are.').waitFor();
    await page.getByText('user 1: name “Alice” becomes “Bob”').waitFor();
    await page.getByText('user 2: unchanged: name “Bob” already').waitFor();
    await expectAccessible(page);
    await served.ask('PATCH', '/api/databases/users/user/9', { body: { email: 'other@example.com' } });
    await page.getByRole('button', { name: 'Change 2 rows', exact: true }).click();
    await page.getByText('user 1: changed.').waitFor();
    await page.getByText('user 9: kept: it has been changed since the preview.').waitFor();
    expect(await page.locator('tbody tr td:nth-child(3)').allTextContents()).toEqual(['Bob', 'Bob', 'Nina']);

    await page.getByLabel('Choose user 1', { exact: true }).check();
    await page.getByRole('button', { name: 'Delete 1 row …' }).click();
    await page.getByRole('button', { name: 'Delete 0 rows' }).waitFor();
    await page.keyboard.press('Escape');
    await page.getByRole('button', { name: 'Delete 1 row …' }).waitFor();
    await page.getByLabel('Choose the first 3 rows').check();
    await page.getByRole('button', { name: 'Delete 3 rows …' }).click();
    await page.getByText('2 rows will be deleted permanently, 1 will stay as they are.').waitFor();
    await page.getByText('user 1: kept: order in orders, by userId, refers to it').waitFor();
    await page.getByRole('button', { name: 'Delete 2 rows', exact: true }).click();
    await page.getByText('user 2: deleted.').waitFor();
    await page.getByText('1 row', { exact: true }).waitFor();
    expect((await served.ask('GET', '/api/databases/users/user')).body.rows.map(({ id }) => id)).toEqual([1]);
  });

  test('10,000 rows are scrolled through, of which few are drawn, and filters survive the way to a row and back', async () => {
    const served = await serveShop();
    const rows = Array.from({ length: 10_000 }, (_, index) => `${index + 100},User ${index},u${index}@example.com\n`);
    const headers = { 'content-type': 'text/csv' };
    const body = `id,name,email\n${rows.join('')}`;
    const { run } = (await served.ask('PUT', '/api/loads?table=users', { headers, body })).body;
    await served.ask('GET', `/api/loads/${run}/events`);
    const page = await openPage(served, '#/data/users/user?filter.id.gte=100');
    await page.getByText('500 rows so far').waitFor();
    // whole screens, as fast as frames are drawn, until the last row is there
    await page.evaluate(`(async () => {
      const list = document.querySelector('.long');
      while (!document.querySelector('.pages').textContent.startsWith('10,000 rows') || list.scrollTop + list.clientHeight < list.scrollHeight - 1) {
        list.scrollTop += list.clientHeight;
        await new Promise(requestAnimationFrame);
      }
    })()`);
    await page.getByRole('cell', { name: 'User 9999' }).waitFor();
    expect(await page.locator('tbody tr').count()).toBeLessThan(150);
    await expectAccessible(page);
    await page.getByRole('link', { name: '10099', exact: true }).click();
    await page.getByRole('heading', { name: 'user 10099' }).waitFor();
    await page.getByRole('link', { name: 'user', exact: true }).click();
    await page.getByRole('button', { name: 'Remove the filter id ≥ 100' }).waitFor();
  });
});
