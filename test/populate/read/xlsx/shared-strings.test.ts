/** The texts of a workbook, of which few are in memory. */
import { globSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { SharedStrings } from '../../../../src/populate/read/xlsx/shared-strings.ts';
import { useOwnTemporaryFolder } from '../../../support/temporary.ts';

const COUNT = 200_000;
const textOf = (index: number) => `text ${index} of many`;

useOwnTemporaryFolder();

async function* table(count: number): AsyncGenerator<Buffer> {
  yield Buffer.from('<sst>');
  for (let from = 0; from < count; from += 1000) {
    const some = Array.from({ length: 1000 }, (_, index) => `<si><t>${textOf(from + index)}</t></si>`);
    yield Buffer.from(some.join(''));
  }
  yield Buffer.from('</sst>');
}

async function* inOneChunk(chunks: readonly Buffer[]): AsyncGenerator<Buffer> {
  yield Buffer.concat(chunks);
}

test('most of many texts are in a file, and each is found in any order', async () => {
  const folder = tmpdir();
  const strings = new SharedStrings(table(COUNT));
  for (let number = 0; number < COUNT; number += 250) {
    await strings.reach(number);
    // the last one, and ones that were read just before and long before
    for (const one of [number, number - 200, number - 1500, number - 5000, number % 777, Math.floor(number / 3)]) {
      expect(one < 0 ? '' : strings.at(one)).toBe(one < 0 ? '' : textOf(one));
    }
  }
  await strings.reach(COUNT - 1);
  const all = Array.from({ length: COUNT }, (_, index) => JSON.stringify(textOf(index)).length).reduce((a, b) => a + b);
  const [file = ''] = globSync('meridian-texts-*/texts', { cwd: folder });
  expect(statSync(join(folder, file)).size).toBeGreaterThan(all - 1_200_000);
  await strings.close();
  expect(globSync('meridian-texts-*', { cwd: folder })).toEqual([]);
});

test('texts are read as far as they are needed', async () => {
  const chunks: Buffer[] = [];
  for await (const chunk of table(50_000)) {
    chunks.push(chunk);
  }
  const strings = new SharedStrings(inOneChunk(chunks));
  await strings.reach(0);
  expect(strings.at(0)).toBe(textOf(0));
  expect(strings.at(2000)).toBe('');
  await expect(strings.reach(50_000)).rejects.toThrow('the shared text 50000, and there are 50000');
  await strings.close();
});
