/** `populate --only-new` leaves out files that a finished run has loaded, by their content and by how it was read. */
import { copyFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { type Workspace, workspace } from '../support/workspace.ts';

const users = (...ids: number[]) =>
  `id,name,email\n${ids.map((id) => `${id},User ${id},user${id}@example.org\n`).join('')}`;

function write({ cwd }: Workspace, files: Readonly<Record<string, string>>): void {
  for (const [name, content] of Object.entries(files)) {
    writeFileSync(join(cwd, name), content);
  }
}

interface Result {
  readonly users?: { readonly read: number };
  readonly skipped?: Readonly<Record<string, readonly { readonly file: string; readonly run: string }[]>>;
}

async function load(place: Workspace, ...args: string[]): Promise<Result> {
  const { code, stdout } = await place.run(['populate', ...args, '--json']);
  expect(code).toBe(0);
  return JSON.parse(stdout) as Result;
}

const skippedIn = ({ skipped = {} }: Result) => (skipped['users'] ?? []).map(({ file }) => file);

test('files that a run has loaded are left out, whatever they are called now, rejects or not', async () => {
  const place = workspace();
  write(place, { 'a.csv': users(1, 1), 'b.csv': users(2) });
  await load(place, '--users', 'a.csv', '--users', 'b.csv');
  copyFileSync(join(place.cwd, 'a.csv'), join(place.cwd, 'renamed.csv'));
  write(place, { 'b.csv': users(2, 3), 'c.csv': users(4) });
  const second = await load(place, '--users', '*.csv', '--only-new');
  expect(skippedIn(second)).toEqual(['a.csv', 'renamed.csv']);
  expect(second.users).toMatchObject({ read: 3, inserted: 2, unchanged: 1 });
  const third = await place.run(['populate', '--users', '*.csv', '--only-new']);
  expect(third.code).toBe(0);
  expect(third.stdout).toMatch(/users: 4 files left out, loaded already: a\.csv \(run of 2\d{3}-.*\), b\.csv/);
  expect(third.stdout).toContain('No file is new: there is nothing to load.');
  expect((await load(place, '--users', 'a.csv')).users?.read).toBe(2);
});

test('a file that is read in another way is new: its mapping, its values, its dialect', async () => {
  const place = workspace();
  write(place, { 'a.csv': users(1) });
  await load(place, '--users', 'a.csv');
  expect(skippedIn(await load(place, '--users', 'a.csv', '--only-new'))).toEqual(['a.csv']);
  expect(skippedIn(await load(place, '--users', 'a.csv', '--only-new', '--on-conflict', 'update'))).toEqual(['a.csv']);
  for (const other of [
    ['--map', 'users.name=name'],
    ['--null', 'NA'],
    ['--trim', 'none'],
  ]) {
    expect(await load(place, '--users', 'a.csv', '--only-new', ...other)).toMatchObject({ users: { unchanged: 1 } });
  }
});

test('a table with new files is loaded beside one without', async () => {
  const place = workspace();
  write(place, { 'users.csv': users(1), 'products.csv': 'id,sku,name,price\n1,S1,One,1.00\n' });
  await load(place, '--users', 'users.csv');
  const result = await load(place, '--users', 'users.csv', '--products', 'products.csv', '--only-new');
  expect(skippedIn(result)).toEqual(['users.csv']);
  expect(result).toMatchObject({ products: { inserted: 1 } });
  expect(result.users).toBeUndefined();
});

test('a file of a run that failed, and of a dry run, is new', async () => {
  const place = workspace();
  write(place, { 'a.json': '[{"id":1,"name":"A","email":"a@example.org"},{"id":' });
  expect((await place.run(['populate', '--users', 'a.json'])).code).toBe(1);
  const again = await place.run(['populate', '--users', 'a.json', '--only-new', '--json']);
  expect(again.code).toBe(1);
  expect(again.stdout).not.toContain('skipped');
  write(place, { 'b.csv': users(7) });
  await load(place, '--users', 'b.csv', '--dry-run');
  expect(skippedIn(await load(place, '--users', 'b.csv', '--only-new', '--dry-run'))).toEqual([]);
});

test.each([
  [['--users', 'a.csv', '--only-new', '--sample', '3'], '--only-new compares whole files, and --sample reads only'],
  [['--generate', '5', '--only-new'], '--only-new is for files'],
])('populate %j is refused', async (args, message) => {
  const place = workspace();
  write(place, { 'a.csv': users(1) });
  const { code, stderr } = await place.run(['populate', ...args]);
  expect({ code, stderr }).toEqual({ code: 2, stderr: expect.stringContaining(message) });
});
