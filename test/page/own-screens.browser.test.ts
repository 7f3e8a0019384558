/** Screens of a project: scripts that its modules name, without a build step. */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { expect, test } from '@jest/globals';
import { projectRoot } from '../../src/shared/project.ts';
import { catalog } from '../../src/shop/catalog.ts';
import { describeInBrowser, expectAccessible, expectNoSidewaysScroll, openPage } from '../support/browser/page.ts';
import { sqlitePlace } from '../support/engines.ts';
import { makeFolder } from '../support/folder.ts';
import { bearer, type Served, serve } from '../support/served.ts';

/** The script that the documentation shows. */
const [, EXAMPLE = ''] =
  /```js\n(\/\/ screens\.js\n[\s\S]*?)```/.exec(readFileSync(join(projectRoot, 'docs', 'page.md'), 'utf8')) ?? [];

interface Own {
  readonly served: Served;
  readonly file: string;
}

async function serveWith(...scripts: readonly string[]): Promise<Own> {
  const folder = makeFolder();
  const files = scripts.map((script, index) => {
    const file = join(folder, `screens-${index}.js`);
    writeFileSync(file, script);
    return file;
  });
  const modules = files.map((file) => ({ screens: pathToFileURL(file) }));
  const served = await serve(sqlitePlace(folder), catalog, { modules });
  const body = `id,name,email\n${[1, 2, 3, 4, 5, 6].map((id) => `${id},Name ${id},${id}@example.com\n`).join('')}`;
  const headers = { 'content-type': 'text/csv' };
  const { run } = (await served.ask('PUT', '/api/loads?table=users', { headers, body })).body;
  await served.ask('GET', `/api/loads/${run}/events`);
  return { served, file: files[0] ?? '' };
}

describeInBrowser('screens of modules', () => {
  test('the example of the documentation is shown, and edited without a build', async () => {
    const { served, file } = await serveWith(EXAMPLE);
    const page = await openPage(served, '#/newest', { width: 390 });
    await page.getByRole('heading', { name: 'Newest users' }).waitFor();
    await page.getByRole('cell', { name: 'Name 6' }).waitFor();
    expect(await page.getByRole('cell', { name: 'Name 1' }).count()).toBe(0);
    await page.getByRole('button', { name: 'Show more' }).click();
    await page.getByRole('cell', { name: 'Name 1' }).waitFor();
    await page.getByText('npx meridian query users').waitFor();
    expect(await page.title()).toBe('Newest users · Meridian');
    await expectAccessible(page);
    await expectNoSidewaysScroll(page);
    writeFileSync(file, EXAMPLE.replace('<h1>Newest users</h1>', '<h1>Users</h1>'));
    await page.reload();
    await page.getByRole('heading', { name: 'Users', exact: true }).waitFor();
  });

  test('a state of the stream is followed', async () => {
    const script = `export default ({ html, useLive }) => ({
      states: ['services'],
      screens: [{ name: 'own', title: 'Own', Content: () => html\`<p>\${JSON.stringify(useLive('services'))}</p>\` }],
    })`;
    const { served } = await serveWith(script);
    const page = await openPage(served, '#/own');
    await page.getByText('{"value":').waitFor();
  });

  test('what cannot be shown is named, and the other screens work', async () => {
    const screens = (content: string) => `export default ({ html }) => ({ screens: [${content}] })`;
    const { served } = await serveWith(
      'export default 5',
      screens("{ name: 'data', title: 'Own', Content: () => null }"),
      screens("{ name: 'broken', title: 'Broken', Content: () => { throw new Error('not today'); } }"),
      'throw new Error("<b>unwell</b>")',
    );
    const page = await openPage(served, '#/broken');
    await page.getByText('not today').waitFor();
    await page.getByText('The screens of /screens/1.js are not shown: its default export is not a function').waitFor();
    await page.getByText('The screens of /screens/2.js are not shown: there is a screen data already').waitFor();
    await page.getByText('The screens of /screens/4.js are not shown: <b>unwell</b>').waitFor();
    await page.getByRole('link', { name: 'Data' }).click();
    await page.getByRole('heading', { name: 'Data' }).waitFor();
  });
});

test('a script is served with its tag, to those who may read', async () => {
  const { served } = await serveWith(EXAMPLE);
  const answer = await served.ask('GET', '/screens/1.js');
  expect(answer).toMatchObject({ status: 200, body: EXAMPLE });
  expect(answer.headers['content-type']).toBe('text/javascript; charset=utf-8');
  const headers = { 'if-none-match': String(answer.headers['etag']) };
  expect((await served.ask('GET', '/screens/1.js', { headers })).status).toBe(304);
  for (const path of ['/screens/2.js', '/screens/..%2f1.js']) {
    expect((await served.ask('GET', path)).status).toBe(404);
  }
  const place = sqlitePlace(makeFolder());
  const token = await (await serve(place, catalog)).token('read');
  const modules = [{ screens: pathToFileURL(import.meta.filename) }];
  const refused = await serve(place, catalog, { modules, requiresToken: true });
  expect((await refused.ask('GET', '/screens/1.js')).status).toBe(401);
  expect((await refused.ask('GET', '/screens/1.js', { headers: bearer(token) })).status).toBe(200);
});

test('a script that is not there is refused when the server starts', async () => {
  const missing = pathToFileURL(join(makeFolder(), 'none.js'));
  const modules = [{ screens: missing }];
  await expect(serve(sqlitePlace(makeFolder()), catalog, { modules })).rejects.toThrow(
    /screens of a module cannot be read/,
  );
});
