/**
 * `npm run docs:images`: makes the pictures of the page in docs/images, light and dark, and one of a phone, of a shop that trades.
 * It takes some two minutes, since charts begin when the page is opened.
 */
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { type Browser, chromium, type Page } from 'playwright-core';
import { projectRoot } from '../../src/shared/project.ts';
import { type PicturedShop, serveShop } from './pictures-shop.ts';
import { withPalette } from './png.ts';

const WIDTH = 1180;
const PHONE_WIDTH = 390;
const SCHEMES = ['light', 'dark'] as const;

const TRADING_SECONDS = 40;
const CUT_OFF_SECONDS = 22;

const DIRTY_USERS = [
  'Exported from the old shop',
  'id;name;email',
  '20001;;nina@example.com',
  '20002;Omar Haddad;omar@',
  'x20003;Zoë Näf;zoe@example.com',
  '20004;Jürgen Müller;juergen@example.com',
  '20005;Ana Prieto;ana.example.com',
  '',
].join('\n');

/** Opens a place in each scheme. */
type Open = (place: string, width?: number) => Promise<readonly Page[]>;

function openerOf(browser: Browser, address: string): Open {
  return (place, width = WIDTH) =>
    Promise.all(
      SCHEMES.map(async (colorScheme) => {
        const page = await browser.newPage({ colorScheme, viewport: { width, height: 900 } });
        await page.goto(`${address}/${place}`);
        return page;
      }),
    );
}

/** The pages in the order of their schemes. @param height to where the page is shown; all of it where it is left out */
async function take(pages: readonly Page[], name: string, height?: number): Promise<void> {
  for (const [index, page] of pages.entries()) {
    const width = page.viewportSize()?.width ?? WIDTH;
    const whole = (await page.evaluate('document.documentElement.scrollHeight')) as number;
    await page.setViewportSize({ width, height: Math.min(height ?? whole, whole) });
    const path = join(projectRoot, 'docs', 'images', `${name}-${SCHEMES[index]}.png`);
    writeFileSync(path, withPalette(await page.screenshot()));
    process.stdout.write(`${path}\n`);
    await page.setViewportSize({ width, height: 900 });
  }
}

/** An event that central refuses: the region has sent what it never held. */
async function deadLetter({ ask, execute }: PicturedShop): Promise<void> {
  await ask('POST', '/api/shop/regions/seattle/relay/pause');
  await ask(
    'POST',
    '/api/shop/regions/seattle/checkouts',
    { userId: 3, country: 'Japan', items: [{ productId: 2, quantity: 2 }] },
    'dead',
  );
  const payload = `replace(payload, '"quantity":', '"quantity":-')`;
  execute('seattle', `update outbox_event set payload = ${payload} where aggregate = 'order' and seq is null`);
  await ask('POST', '/api/shop/regions/seattle/relay/resume');
}

/** Central loses a row, and has other values in another. */
function damageCentral({ execute }: PicturedShop): void {
  execute(
    'central',
    `update order_fact set quantity = quantity + 5, country = 'Italy' where region = 'boston' and order_id = 1`,
  );
  execute('central', `delete from stock_fact where region = 'boston' and product_id = 5`);
}

async function make(shop: PicturedShop, browser: Browser): Promise<void> {
  const open = openerOf(browser, shop.address);
  const overviews = await open('#/');
  const phones = await open('#/', PHONE_WIDTH);
  const regions = await open('#/regions');
  await shop.trade(CUT_OFF_SECONDS);
  await shop.ask('POST', '/api/shop/regions/denver/disconnect');
  await shop.trade(TRADING_SECONDS - CUT_OFF_SECONDS, CUT_OFF_SECONDS);
  const run = await shop.load('/api/loads?table=users&name=users.csv&skipLines=1', DIRTY_USERS);
  for (const page of [...overviews, ...phones]) {
    await page.getByText('users.csv').waitFor();
  }
  await take(overviews, 'page', 890);
  await take(phones, 'page-phone', 844);
  await take(regions, 'page-regions', 1090);
  await shop.ask('POST', '/api/shop/regions/denver/reconnect');

  const pages = overviews;
  const go = async (place: string, text: string) => {
    for (const page of pages) {
      await page.goto(`${shop.address}/${place}`);
      await page.getByText(text).first().waitFor();
    }
  };
  await go('#/loads', 'users.csv');
  for (const page of pages) {
    const buffer = Buffer.from(DIRTY_USERS.replace(/.*\n/, ''));
    await page.getByLabel('Drop files here').setInputFiles([{ name: 'users.csv', mimeType: 'text/csv', buffer }]);
    await page.getByText('delimiter').first().waitFor();
  }
  await take(pages, 'page-loads', 832);
  await go(`#/loads/${run}/rejects?table=users&code=isEmail&property=email`, 'Record 2');
  await take(pages, 'page-rejects', 720);
  await go('#/data/orders.boston/order/1', 'user 1 ·');
  await take(pages, 'page-row', 690);
  await go('#/reports/sales/country', 'Japan');
  await take(pages, 'page-reports', 740);
  damageCentral(shop);
  await go('#/compare', 'Central differs from');
  await take(pages, 'page-compare', 760);
  await deadLetter(shop);
  await go('#/dead-letters', 'Central could not apply 1 event');
  for (const page of pages) {
    await page.locator('tbody a').click();
    await page.getByText('Payload').waitFor();
  }
  await take(pages, 'page-dead-letters', 860);
}

const folder = mkdtempSync(join(tmpdir(), 'meridian-pictures-'));
const shop = await serveShop(folder);
const executablePath = process.env['CHROMIUM'] ?? '/usr/bin/chromium';
const browser = await chromium.launch({ executablePath, args: ['--no-sandbox', '--disable-gpu'] });
try {
  await make(shop, browser);
} finally {
  await browser.close();
  shop.process.kill();
  await once(shop.process, 'exit');
  rmSync(folder, { recursive: true, force: true });
}
