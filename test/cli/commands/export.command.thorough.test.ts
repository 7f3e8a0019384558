/** `meridian export` */
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { meridian, meridianProcess } from '../../support/command.ts';
import { forEachEngineMigrated } from '../../support/engines.ts';
import { makeFolder, writeIn } from '../../support/folder.ts';
import { workspace } from '../../support/workspace.ts';

/** What is used of hyparquet, an optional package as its writer is. */
interface ParquetReader {
  asyncBufferFromFile(path: string): Promise<unknown>;
  parquetReadObjects(options: { readonly file: unknown }): Promise<Record<string, unknown>[]>;
}

async function readParquet(path: string): Promise<Record<string, unknown>[]> {
  const name = 'hyparquet';
  const { asyncBufferFromFile, parquetReadObjects } = (await import(name)) as ParquetReader;
  return parquetReadObjects({ file: await asyncBufferFromFile(path) });
}

async function shop() {
  const space = workspace();
  await space.run(['populate', '--quiet']);
  return space;
}

test('CSV on standard output, NDJSON by the name of the file, and a file that is replaced as a whole', async () => {
  const { run, cwd } = await shop();
  const csv = await run(['export', 'users']);
  expect(csv.code).toBe(0);
  const [header, first, ...others] = csv.stdout.trimEnd().split('\n');
  expect([header, first]).toEqual(['id,name,email', '1,Alice,alice@example.com']);
  expect(csv.stderr).toBe(`users: ${others.length + 1} rows\n`);
  writeFileSync(join(cwd, 'users.ndjson'), 'what was there before');
  const { code, stdout } = await run(['export', 'users', '--out', 'users.ndjson', '--json']);
  expect(code).toBe(0);
  expect(JSON.parse(stdout)).toEqual({
    users: {
      file: 'users.ndjson',
      rows: others.length + 1,
      digest: expect.stringMatching(/^[0-9a-f]{64}$/),
      trimmed: [],
      cut: [],
    },
  });
  const lines = readFileSync(join(cwd, 'users.ndjson'), 'utf8').trimEnd().split('\n');
  expect(JSON.parse(lines[0] ?? '')).toEqual({ id: 1, name: 'Alice', email: 'alice@example.com' });
  expect(readdirSync(cwd).filter((name) => name.endsWith('.part'))).toEqual([]);
});

test('a folder gets a file for each table; populate loads them back', async () => {
  const { run, cwd } = await shop();
  mkdirSync(join(cwd, 'out'));
  for (const name of ['users', 'products', 'orders']) {
    expect((await run(['export', name, '--out', 'out', '--format', 'ndjson'])).code).toBe(0);
  }
  expect(readdirSync(join(cwd, 'out')).sort()).toEqual(['orders.ndjson', 'products.ndjson', 'users.ndjson']);
  const files = ['users', 'products', 'orders'].flatMap((name) => [`--${name}`, `out/${name}.ndjson`]);
  const { stdout } = await run(['populate', '--json', '--quiet', ...files]);
  for (const { read, unchanged } of Object.values(JSON.parse(stdout)) as { read: number; unchanged: number }[]) {
    expect(unchanged).toBe(read);
  }
});

test('Parquet has the types of the columns', async () => {
  const { run, cwd } = await shop();
  await run(['export', 'products', '--out', 'products.parquet']);
  const rows = await readParquet(join(cwd, 'products.parquet'));
  expect(rows[0]).toEqual({ id: 1n, sku: null, name: 'Laptop', price: '1000.00' });
  const piped = await meridianProcess(['export', 'products', '--format', 'parquet'], { cwd });
  expect(piped.stdout.slice(0, 4)).toBe('PAR1');
});

test('more rows than one group of Parquet and one page hold, and a reader that goes', async () => {
  const { run, cwd } = workspace();
  const lines = Array.from({ length: 12_345 }, (_, index) => `${index + 1},User ${index},u${index}@example.com`);
  writeIn(cwd, 'users.csv', `id,name,email\n${lines.join('\n')}\n`);
  await run(['populate', '--quiet', '--users', 'users.csv']);
  await run(['export', 'users', '--out', 'users.parquet']);
  const rows = await readParquet(join(cwd, 'users.parquet'));
  expect(rows).toHaveLength(12_345);
  expect(rows.at(-1)).toEqual({ id: 12_345n, name: 'User 12344', email: 'u12344@example.com' });
  const all = await run(['export', 'users']);
  expect(all.stdout).toBe(readFileSync(join(cwd, 'users.csv'), 'utf8'));
  const head = await meridianProcess(['export', 'users'], {
    cwd,
    during: (child) => child.stdout?.once('data', () => child.stdout?.destroy()),
  });
  expect(head.code).toBe(0);
});

test.each([
  [['export', 'people'], 2, 'There is no table "people". There are users, '],
  [['export', 'users', '--json'], 2, '--json needs standard output for itself.'],
  [['export', 'users', '--format', 'xml'], 2, "argument 'xml' is invalid"],
  [['export', 'orders.boston'], 1, 'databases/orders.boston.db does not exist. There is nothing to export.'],
  [['export', 'users', '--out', 'nowhere/users.csv'], 1, 'nowhere/users.csv cannot be written'],
])('%j is refused', async (args, code, sentence) => {
  const { run } = await shop();
  const result = await run(args);
  expect(result).toMatchObject({ code, stderr: expect.stringContaining(sentence) });
});

test('text that populate would trim is named', async () => {
  const { run, place } = await shop();
  await place.execute('users', "update users set name = ' Alice' where id = 1");
  const { stderr } = await run(['export', 'users', '--out', 'users.csv']);
  expect(stderr).toContain('users: name: some values are empty, or have white space at an end.');
});

forEachEngineMigrated('catalog', (makePlace) => {
  test('the rows of a table in the order of its key', async () => {
    const place = await makePlace();
    const cwd = makeFolder();
    const env = place.environment('users', 'products', 'orders');
    await meridian(['populate', '--quiet'], { cwd, env });
    const { code, stdout } = await meridian(['export', 'orders', '--format', 'ndjson'], { cwd, env });
    expect(code).toBe(0);
    const ids = stdout
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line).id);
    expect(ids).toEqual([...ids].sort((one, other) => one - other));
    expect(ids.length).toBe((await place.rowsOf('orders')).length);
  });
});
