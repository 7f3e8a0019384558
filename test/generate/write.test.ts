/** Generated files: whole or not there, and never in the place of another one unless that is wanted. */
import { createReadStream, existsSync, readdirSync, readFileSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { createGunzip } from 'node:zlib';
import { expect, test } from '@jest/globals';
import { type WriteOptions, writeGenerated } from '../../src/generate/write.ts';
import { MeridianError } from '../../src/shared/errors.ts';
import { generators } from '../../src/shop/generators.ts';
import { digestsOf } from '../support/files.ts';
import { makeFolder, writeIn } from '../support/folder.ts';

const write = (directory: string, options: Partial<WriteOptions> = {}) =>
  writeGenerated({
    generators,
    databases: ['users', 'orders'],
    spec: { count: 20, seed: 1, invalid: 0 },
    directory,
    format: 'csv',
    ...options,
  });

test('a file for each database, in a directory that is made', async () => {
  const directory = join(makeFolder(), 'new', 'data');
  const written: string[] = [];
  const files = await write(directory, { onWritten: (database, file) => written.push(`${database} ${file}`) });
  expect(files).toEqual({ users: join(directory, 'users.csv'), orders: join(directory, 'orders.csv') });
  expect(written).toEqual(Object.entries(files).map((entry) => entry.join(' ')));
  expect(readdirSync(directory).sort()).toEqual(['orders.csv', 'users.csv']);
  const lines = readFileSync(files['users'] as string, 'utf8').split('\n');
  expect([lines[0], lines.length, lines.at(-1)]).toEqual(['id,name,email', 22, '']);
});

test('packed, it holds the same', async () => {
  const directory = makeFolder();
  await write(directory);
  const files = await write(directory, { gzip: true });
  expect(files['orders']).toBe(join(directory, 'orders.csv.gz'));
  const unpacked = await text(createReadStream(files['orders'] as string).pipe(createGunzip()));
  expect(unpacked).toBe(readFileSync(join(directory, 'orders.csv'), 'utf8'));
});

test('nothing is written when one of the files is there, unless it may be replaced', async () => {
  const directory = makeFolder();
  const mine = writeIn(directory, 'orders.csv', 'mine');
  const refused = write(directory);
  await expect(refused).rejects.toBeInstanceOf(MeridianError);
  await expect(refused).rejects.toMatchObject({
    code: 'directory',
    message: `${mine} already exists. Name another directory with --out, or replace with --force.`,
  });
  expect(readdirSync(directory)).toEqual(['orders.csv']);
  expect(readFileSync(mine, 'utf8')).toBe('mine');

  await write(directory, { force: true });
  expect(readFileSync(mine, 'utf8')).toMatch(/^id,userId,productId,quantity,unitPrice,placedAt,country\n1,/);
});

test('links in place of files are something that is there; with force they are replaced, and what they lead to stays', async () => {
  const directory = makeFolder();
  const victim = writeIn(directory, 'victim', 'precious');
  for (const name of ['users.csv', 'orders.csv', 'orders.csv.partial']) {
    symlinkSync(name === 'users.csv' ? 'nowhere' : 'victim', join(directory, name));
  }
  await expect(write(directory)).rejects.toThrow(/users\.csv, .*orders\.csv already exist\./);
  await write(directory, { force: true });
  expect(readFileSync(victim, 'utf8')).toBe('precious');
  expect(readdirSync(directory).sort()).toEqual(['orders.csv', 'users.csv', 'victim']);
});

test('a file that appears while another is written is not replaced', async () => {
  const directory = makeFolder();
  const writing = write(directory, { onWritten: () => writeIn(directory, 'orders.csv', 'mine') });
  await expect(writing).rejects.toMatchObject({
    code: 'directory',
    message: expect.stringContaining('already exists'),
  });
  expect(readFileSync(join(directory, 'orders.csv'), 'utf8')).toBe('mine');
  expect(readdirSync(directory).sort()).toEqual(['orders.csv', 'users.csv']);
});

test('an interrupted file is removed, and one that it was to replace stays', async () => {
  const directory = makeFolder();
  writeIn(directory, 'orders.csv', 'mine');
  const before = digestsOf(directory);
  const interruption = new AbortController();
  const writing = write(directory, {
    databases: ['orders', 'users'],
    spec: { count: 2_000_000_000, seed: 1, invalid: 0 },
    force: true,
    signal: interruption.signal,
  });
  const partial = join(directory, 'orders.csv.partial');
  const waiting = setInterval(() => existsSync(partial) && interruption.abort(), 5);
  await expect(writing).rejects.toMatchObject({ name: 'AbortError' });
  clearInterval(waiting);
  expect(digestsOf(directory)).toEqual(before);
});

test('a place that cannot be written to is named', async () => {
  const folder = makeFolder();
  const file = writeIn(folder, 'file', '');
  await expect(write(file)).rejects.toMatchObject({ code: 'directory', message: expect.stringContaining(file) });
  writeIn(folder, 'data/users.csv/in-the-way', '');
  const inTheWay = write(join(folder, 'data'), { force: true });
  await expect(inTheWay).rejects.toMatchObject({ code: 'directory', message: expect.stringContaining('users.csv') });
  expect(readdirSync(join(folder, 'data'))).toEqual(['users.csv']);
});

test('a database without a generator, and numbers out of range, are rejected before anything is written', async () => {
  const directory = join(makeFolder(), 'data');
  await expect(write(directory, { databases: ['users', 'reviews'] })).rejects.toMatchObject({ code: 'usage' });
  await expect(write(directory, { spec: { count: 0, seed: 1, invalid: 0 } })).rejects.toMatchObject({ code: 'usage' });
  expect(existsSync(directory)).toBe(false);
});
