/** A file of JSON lines: what is appended comes back, in order and in batches. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { LinesFile } from '../../src/populate/lines.ts';
import { makeFolder, writeIn } from '../support/folder.ts';

async function batchesOf(file: LinesFile, size: number): Promise<unknown[][]> {
  const batches: unknown[][] = [];
  for await (const batch of file.batches(size)) {
    batches.push(batch);
  }
  return batches;
}

test.each([
  [0, 3, []],
  [1, 3, [1]],
  [3, 3, [3]],
  [4, 3, [3, 1]],
  [6, 3, [3, 3]],
  [5, 1, [1, 1, 1, 1, 1]],
])('%d values in batches of %d', async (amount, size, sizes) => {
  const file = await LinesFile.create(join(makeFolder(), 'values.ndjson'));
  const values = Array.from({ length: amount }, (_, id) => ({ id }));
  await file.append(values);
  const batches = await batchesOf(file, size);
  expect(batches.map(({ length }) => length)).toEqual(sizes);
  expect(batches.flat()).toEqual(values);
  await file.close();
});

test('values are appended, one a line, also between two readings', async () => {
  const file = await LinesFile.create(join(makeFolder(), 'values.ndjson'));
  await file.append([{ id: 1 }, 'two']);
  expect(await batchesOf(file, 10)).toEqual([[{ id: 1 }, 'two']]);
  await file.append([]);
  await file.append([null]);
  expect(await batchesOf(file, 10)).toEqual([[{ id: 1 }, 'two', null]]);
  expect(readFileSync(file.path, 'utf8')).toBe('{"id":1}\n"two"\nnull\n');
  await file.close();
});

test('an older file of that name is emptied', async () => {
  const path = writeIn(makeFolder(), 'values.ndjson', '"old"\n');
  const file = await LinesFile.create(path);
  expect(await batchesOf(file, 10)).toEqual([]);
  await file.close();
});

test.each(['\u2028', '\u2029', '\u0085', '\n', '\r', '\r\n', '\0', '\ud83d', '\ufeff'])(
  'no character divides a value: %j',
  async (character) => {
    const file = await LinesFile.create(join(makeFolder(), 'values.ndjson'));
    const values = [{ [`a${character}b`]: `c${character}d` }, character];
    await file.append(values);
    expect(await batchesOf(file, 10)).toEqual([values]);
    expect(readFileSync(file.path, 'utf8').split('\n')).toHaveLength(3);
    await file.close();
  },
);

test('any values come back', async () => {
  const path = join(makeFolder(), 'values.ndjson');
  await fc.assert(
    fc.asyncProperty(fc.array(fc.jsonValue()), fc.integer({ min: 1, max: 4 }), async (values, size) => {
      const file = await LinesFile.create(path);
      await file.append(values);
      const read = (await batchesOf(file, size)).flat();
      await file.close();
      expect(JSON.stringify(read)).toBe(JSON.stringify(values));
    }),
  );
});

test('a value larger than any buffer comes back', async () => {
  const file = await LinesFile.create(join(makeFolder(), 'values.ndjson'));
  const values = ['é😀'.repeat(500_000), 'next'];
  await file.append(values);
  const [read] = await batchesOf(file, 10);
  expect(read?.[0] === values[0] && read?.[1] === values[1]).toBe(true);
  await file.close();
});

test('a removed file is gone, and may be removed again', async () => {
  const file = await LinesFile.create(join(makeFolder(), 'values.ndjson'));
  await file.append([1]);
  await file.sync();
  await file.remove();
  expect(existsSync(file.path)).toBe(false);
  await expect(file.remove()).resolves.toBeUndefined();
});

test('a file that cannot be made is told', async () => {
  const path = join(makeFolder(), 'missing', 'values.ndjson');
  await expect(LinesFile.create(path)).rejects.toMatchObject({
    code: 'directory',
    message: expect.stringMatching(/missing\/values\.ndjson cannot be written: .*ENOENT/),
  });
});

test('a file that cannot be written is told', async () => {
  const file = await LinesFile.create(join(makeFolder(), 'values.ndjson'));
  await file.close();
  await expect(file.append([1])).rejects.toMatchObject({
    code: 'directory',
    message: expect.stringMatching(/values\.ndjson cannot be written: ./),
  });
});

describe('a line that is not whole', () => {
  test('is left out at the end of the file', async () => {
    const path = writeIn(makeFolder(), 'lines', '{"a":1}\n{"a":2}\n{"a":');
    const file = await LinesFile.open(path);
    const batches = [];
    for await (const batch of file.batches(1)) {
      batches.push(batch);
    }
    await file.close();
    expect(batches).toEqual([[{ a: 1 }], [{ a: 2 }]]);
  });

  test('is damage before the end', async () => {
    const path = writeIn(makeFolder(), 'lines', '{"a":1}\n{"a":\n{"a":3}\n');
    const file = await LinesFile.open(path);
    await expect(file.batches(10).next()).rejects.toMatchObject({
      code: 'directory',
      message: `${path} is damaged: a line in it is not whole.`,
    });
    await file.close();
  });
});
