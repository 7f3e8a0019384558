/** The page to try the API: it describes the API to those who may call it. */
import { expect, test } from '@jest/globals';
import { catalog } from '../../src/shop/catalog.ts';
import { describeInBrowser, openPage } from '../support/browser/page.ts';
import { sqlitePlace } from '../support/engines.ts';
import { makeFolder } from '../support/folder.ts';
import { serve } from '../support/served.ts';

describeInBrowser('the page to try the API', () => {
  test('asks for a token where one is needed, and sends requests with it', async () => {
    const place = sqlitePlace(makeFolder());
    const token = await (await serve(place, catalog)).token('read');
    const page = await openPage(await serve(place, catalog, { requiresToken: true }), 'api');
    await page.getByText('Enter a token to read the description.').waitFor();
    await page.getByLabel('Token').fill(token);
    await page.getByLabel('Token').blur();
    await page.getByLabel('Find').fill('who the request is');
    await page.getByText('GET /api/session').click();
    await page.getByRole('button', { name: 'Send' }).click();
    await page.getByText('"role": "read"').waitFor();
  });

  test('needs none on this machine', async () => {
    const page = await openPage(await serve(sqlitePlace(makeFolder()), catalog), 'api');
    await page.getByText('GET /livez').waitFor();
    expect(await page.getByText('Enter a token').count()).toBe(0);
  });
});
