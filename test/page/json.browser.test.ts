/** JSON values in the page: shown, changed and sent back as they are written. */
import { expect, test } from '@jest/globals';
import { Entity, PrimaryKey, Property } from '@mikro-orm/decorators/legacy';
import type { DatabaseDeclaration } from '../../src/database/declaration.ts';
import { describeInBrowser, openPage } from '../support/browser/page.ts';
import { sqlitePlace } from '../support/engines.ts';
import { makeFolder } from '../support/folder.ts';
import { makeTables, type Served, serve } from '../support/served.ts';
import { serveShop } from '../support/served-shop.ts';

@Entity({ tableName: 'devices' })
class Device {
  @PrimaryKey({ type: 'integer', autoincrement: false })
  id!: number;

  @Property({ type: 'text' })
  owner!: string;

  @Property({ type: 'json', nullable: true })
  settings!: unknown;
}

const devices: DatabaseDeclaration = { name: 'devices', entities: [{ name: 'device', entity: Device }] };

const ROW = '/api/databases/devices/device/1';

async function serveDevices(): Promise<Served> {
  const place = sqlitePlace(makeFolder());
  await makeTables(place, [devices]);
  const served = await serve(place, [devices]);
  const settings = { mode: 'eco', limits: { low: 1, high: 9 } };
  await served.ask('POST', '/api/databases/devices/device', { body: { id: 1, owner: 'a@example.com', settings } });
  return served;
}

describeInBrowser('JSON values', () => {
  test('a member that is removed is removed from the row, and null is kept', async () => {
    const served = await serveDevices();
    const page = await openPage(served, '#/data/devices/device/1');
    await page.getByLabel('settings').fill('{"limits": {"high": 1.10, "next": null}}');
    await page.getByRole('button', { name: 'Save' }).click();
    await page.getByText('Saved.').waitFor();
    expect((await served.ask('GET', ROW)).body).toMatchObject({ settings: { limits: { high: 1.1, next: null } } });
    expect(JSON.stringify((await served.ask('GET', ROW)).body)).not.toMatch(/mode|low/);
  });

  test('a text stays a text, and what is no JSON is not sent', async () => {
    const served = await serveDevices();
    const page = await openPage(served, '#/data/devices/device/1');
    await page.getByLabel('settings').fill('"{}"');
    await page.getByRole('button', { name: 'Save' }).click();
    await page.getByText('Saved.').waitFor();
    expect((await served.ask('GET', ROW)).body).toMatchObject({ settings: '{}' });
    expect(await page.getByLabel('settings').inputValue()).toBe('"{}"');
    await page.getByLabel('settings').fill('eco');
    await page.getByRole('button', { name: 'Save' }).click();
    await page.locator('.field .wrong').waitFor();
    expect((await served.ask('GET', ROW)).body).toMatchObject({ settings: '{}' });
  });

  test('a number that JavaScript does not have is refused, and never rounded', async () => {
    const served = await serveDevices();
    const page = await openPage(served, '#/data/devices/device/1');
    const text = '{"share": 0.12345678901234567891}';
    await page.getByLabel('settings').fill(text);
    await page.getByRole('button', { name: 'Save' }).click();
    await page.locator('.field .wrong').waitFor();
    expect(await page.getByLabel('settings').inputValue()).toBe(text);
    expect((await served.ask('GET', ROW)).body).toMatchObject({ settings: { mode: 'eco' } });
  });

  test('a reject is shown and loaded again with its numbers as they are written', async () => {
    const served = await serveShop();
    const record = '{"id": 7, "name": "Paul", "email": "nobody", "note": {"price": 1.5, "serial": 9007199254740993}}';
    const headers = { 'content-type': 'application/x-ndjson' };
    const { run } = (await served.ask('PUT', '/api/loads?table=users', { headers, body: `${record}\n` })).body;
    await served.ask('GET', `/api/loads/${run}/events`);
    const page = await openPage(served, `#/loads/${run}/rejects?table=users&code=isEmail&property=email`);
    const note = page.getByLabel('note');
    await note.waitFor();
    expect(await note.inputValue()).toBe('{"price":1.5,"serial":9007199254740993}');
    const sent = page.waitForRequest('**/retry');
    await page.getByLabel('email').fill('paul@example.com');
    await page.getByRole('button', { name: 'Load 1 corrected record' }).click();
    expect((await sent).postData()).toContain('"note":{"price":1.5,"serial":9007199254740993}');
  });
});
