/** Loads in the page: files are dropped, seen before they are loaded, followed, and their rejects corrected. */
import { expect, test } from '@jest/globals';
import { describeInBrowser, expectAccessible, expectNoSidewaysScroll, openPage } from '../support/browser/page.ts';
import { serveShop } from '../support/served-shop.ts';

const USERS = {
  name: 'users.csv',
  mimeType: 'text/csv',
  buffer: Buffer.from('id;name;email\n11;Nina;nina@example.com\nx12;Omar;omar@example.com\n13;Paul;nobody\n'),
};

describeInBrowser('loads', () => {
  test('a file is loaded, its rejects are corrected in place, and loaded again', async () => {
    const served = await serveShop();
    const page = await openPage(served, '#/loads');
    await page.getByLabel('Drop files here').setInputFiles([USERS]);
    await page.getByText('csv, delimiter').waitFor();
    await page.getByRole('cell', { name: 'nina@example.com' }).waitFor();
    await page.getByText('How the files are read').click();
    await page.getByLabel('Delimiter').fill(',');
    await page.getByLabel('Delimiter').blur();
    await page.getByRole('columnheader', { name: 'id;name;email' }).waitFor();
    await page.getByText('--load users=users.csv --delimiter ,', { exact: false }).waitFor();
    await page.getByLabel('Delimiter').fill('');
    await page.getByLabel('Delimiter').blur();
    await page.getByRole('cell', { name: 'nina@example.com' }).waitFor();
    await page.getByText('npx meridian populate --load users=users.csv', { exact: true }).waitFor();
    await expectAccessible(page);
    await page.getByRole('button', { name: 'Start the load' }).click();
    await page.getByText('Finished: 3 records, of which 2 were rejected.').waitFor();
    await expectAccessible(page);

    await page.getByRole('link', { name: 'Look at the rejects' }).click();
    await page.getByRole('link', { name: 'isEmail' }).click();
    await page.getByText('Record 3').waitFor();
    const wrong = page.locator('[aria-invalid="true"]');
    expect(await wrong.inputValue()).toBe('nobody');
    await expectAccessible(page);
    await wrong.fill('paul@example.com');
    await page.getByRole('button', { name: 'Load 1 corrected record' }).click();
    await page.getByText('Finished: 1 record, and none was rejected.').waitFor();
    expect((await served.ask('GET', '/api/databases/users/user/13')).body).toMatchObject({ email: 'paul@example.com' });
    await page.goto(`${page.url().replace(/#.*/, '')}#/loads`);
    await page.getByRole('link', { name: '2', exact: true }).click();
    await page.getByRole('link', { name: 'isInt' }).waitFor();
    expect(await page.getByRole('link', { name: 'isEmail' }).count()).toBe(0);
  });

  test('a wide file does not widen the page, and numbers are read as the file writes them', async () => {
    const served = await serveShop();
    const page = await openPage(served, '#/loads');
    const name = 'A product with a long name '.repeat(3);
    const buffer = Buffer.from(`id;name;price\n7;${name};1.234,50\n8;${name};12,50\n`);
    await page.getByLabel('Drop files here').setInputFiles([{ ...USERS, name: 'products.csv', buffer }]);
    await page.getByRole('cell', { name: '1.234,50' }).waitFor();
    await page.setViewportSize({ width: 400, height: 900 });
    await expectNoSidewaysScroll(page);
    await page.getByRole('button', { name: 'Start the load' }).click();
    await page.getByText('--thousands is “Sign between groups of digits” under “How the files are read”.').waitFor();
    await page.locator('summary').click();
    await page.getByLabel('Decimal sign').fill(',');
    await page.getByLabel('Sign between groups of digits').fill('.');
    await page.getByRole('button', { name: 'Start the load' }).click();
    await page.getByText('Finished: 2 records, and none was rejected.').waitFor();
    expect((await served.ask('GET', '/api/databases/products/product/7')).body).toMatchObject({ price: '1234.50' });
  });

  test('a file that is dropped beside the place for files is taken as well', async () => {
    const served = await serveShop();
    const page = await openPage(served, '#/loads');
    await page.getByRole('heading', { name: 'Loads', exact: true }).waitFor();
    // a browser shows a dropped file instead of the page, unless the page prevents it
    const isPrevented = await page.evaluate(`(() => {
      const files = new DataTransfer();
      files.items.add(new File(['id,name,email\\n11,Nina,nina@example.com\\n'], 'users.csv'));
      const events = ['dragover', 'drop'].map((type) => new DragEvent(type, { dataTransfer: files, bubbles: true, cancelable: true }));
      return events.map((event) => !document.querySelector('h1').dispatchEvent(event));
    })()`);
    expect(isPrevented).toEqual([true, true]);
    await page.getByRole('cell', { name: 'nina@example.com' }).waitFor();
  });

  test('what is typed about a file stays while other loads are reported', async () => {
    const served = await serveShop();
    const page = await openPage(served, '#/loads');
    const buffer = Buffer.from('id;name;email\n11;Zo\u00eb N\u00e4f;zoe@example.com\n', 'latin1');
    await page.getByLabel('Drop files here').setInputFiles([{ ...USERS, buffer }]);
    await page.getByText('--encoding is “Encoding” under “How the files are read”.').waitFor();
    await page.locator('summary').click();
    await page.getByLabel('Encoding').fill('windows-1252');
    const headers = { 'content-type': 'text/csv' };
    await served.ask('PUT', '/api/loads?table=users&name=others.csv', { headers, body: 'id,name,email\n' });
    await page.getByRole('cell', { name: 'users: others.csv' }).waitFor();
    expect(await page.getByLabel('Encoding').inputValue()).toBe('windows-1252');
    await page.getByLabel('Encoding').blur();
    await page.getByRole('cell', { name: 'Zoë Näf' }).waitFor();
    await page.getByText('--load users=users.csv --encoding windows-1252', { exact: false }).waitFor();
  });

  test('a dry run shows what a load would do, and that nothing was written', async () => {
    const served = await serveShop();
    const page = await openPage(served, '#/loads', { colorScheme: 'dark' });
    await page.getByLabel('Drop files here').setInputFiles([USERS]);
    await page.getByText('Dry run: write nothing').click();
    expect(await page.locator('main > :last-child').getAttribute('class')).toBe('command');
    await page.getByRole('button', { name: 'Try without writing' }).click();
    await page.getByText('Nothing was written. A load would read 3 records, and reject 2.').waitFor();
    await page.getByRole('cell', { name: 'isEmail' }).waitFor();
    await page.getByText('npx meridian populate --load users=FILE --dry-run', { exact: true }).waitFor();
    await expectAccessible(page);
    expect((await served.ask('GET', '/api/databases/users/user/11')).status).toBe(404);
  });

  test('what cannot be loaded is said before and after the upload, on a phone as well', async () => {
    const page = await openPage(await serveShop(), '#/loads', { width: 380, colorScheme: 'dark' });
    const broken = { name: 'unknown.parquet', mimeType: '', buffer: Buffer.from('no parquet file') };
    await page.getByLabel('Drop files here').setInputFiles([broken]);
    expect(await page.getByRole('button', { name: 'Start the load' }).isDisabled()).toBe(true);
    await page.getByText('Choose the table that it is loaded into.').waitFor();
    await page.getByLabel('into').selectOption('users');
    await page.getByRole('alert').waitFor();
    await page.getByRole('button', { name: 'Start the load' }).click();
    await page.locator('form > .problem').waitFor();
    await expectNoSidewaysScroll(page);
    await expectAccessible(page);
  });
});
