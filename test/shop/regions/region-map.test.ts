/** Files that say which region a value stands for, good and bad. */
import { expect, test } from '@jest/globals';
import { readRegionMap } from '../../../src/shop/regions/region-map.ts';
import { makeFolder, writeIn } from '../../support/folder.ts';

const map = async (name: string, text: string) => {
  const path = writeIn(makeFolder(), name, text);
  return Object.fromEntries(await readRegionMap(path));
};

test.each([
  ['map.csv', 'value,region\nUnited Kingdom,uk\n"Channel Islands, The",uk\n 日本 , japan \n'],
  ['map.tsv', 'Region\tVALUE\nuk\tUnited Kingdom\nuk\tChannel Islands, The\njapan\t日本\n'],
  ['map.json', '{"United Kingdom":"uk","Channel Islands, The":"uk"," 日本":"japan"}'],
  [
    'map.ndjson',
    '{"value":"United Kingdom","region":"uk"}\n{"value":"Channel Islands, The","region":"uk"}\n{"value":"日本","region":"japan"}\n',
  ],
])('%s', async (name, text) => {
  expect(await map(name, text)).toEqual({ 'United Kingdom': 'uk', 'Channel Islands, The': 'uk', 日本: 'japan' });
});

test('a value may be named twice for the same region', async () => {
  expect(await map('map.csv', 'value,region\nA,a\nA,a\n')).toEqual({ A: 'a' });
});

test.each([
  ['map.csv', 'value,region\nA,a\nA,b\n', /map\.csv, line 3: "A" stands for a already, and cannot stand for b as well/],
  [
    'map.csv',
    'value,region\n\nA,New York\n',
    /map\.csv, line 3: "New York" cannot be the name of a region; write new-york\./,
  ],
  [
    'map.csv',
    'value,region\nA,???\n',
    /map\.csv, line 2: "\?\?\?" cannot be the name of a region; names are such as new-york/,
  ],
  ['map.csv', 'value,region\n,a\n', /map\.csv, line 2: there is no value/],
  ['map.csv', 'value,region\nA\n', /map\.csv, line 2: The row has 1 field where/],
  ['map.csv', 'country,region\nA,a\n', /map\.csv: no column for value\. Columns found: country, region/],
  ['map.csv', '', /map\.csv is empty/],
  ['map.dat', 'value,region\nA,a\n', /map\.dat has the unknown extension/],
  [
    'map.json',
    '{"A":"a",\n"B":"Up North"}',
    /map\.json, line 2: "Up North" cannot be the name of a region; write up-north/,
  ],
  ['map.json', '{"A":"a",\n"B":7}', /map\.json, line 2: the region of "B" is not text/],
  ['map.json', '{"A":"a"\n"B":"b"}', /map\.json, line 2: this is not valid JSON/],
  ['map.json', '{"A":"a",\n', /map\.json, line \d: this is not valid JSON/],
  ['map.json', '[{"value":"A","region":"a"}]', /map\.json: it has to hold one JSON object/],
  ['map.json', '{"A":"a","A":"b"}', /map\.json: The key "A" occurs twice in one object/],
  ['map.json', '', /map\.json is empty/],
  ['map.ndjson', '{"value":"A","region":7}\n', /map\.ndjson, line 1: value and region have to be text/],
])('%s with %p is refused', async (name, text, message) => {
  await expect(map(name, text)).rejects.toMatchObject({ code: 'usage', message: expect.stringMatching(message) });
  await expect(map(name, text)).rejects.toThrow(/^--region-map: /);
});

test('one object in an encoding that is not certain is refused', async () => {
  const path = writeIn(makeFolder(), 'map.json', Buffer.from([0x7b, 0x22, 0xd6, 0x22, 0x3a, 0x22, 0x61, 0x22, 0x7d]));
  await expect(readRegionMap(path)).rejects.toMatchObject({
    code: 'usage',
    message: expect.stringMatching(/map\.json is not in UTF-8/),
  });
});

test('one object in UTF-16 is read', async () => {
  const path = writeIn(makeFolder(), 'map.json', Buffer.from('{"A":"a"}', 'utf16le'));
  expect(await readRegionMap(path)).toEqual(new Map([['A', 'a']]));
});

test('a missing file is refused', async () => {
  for (const name of ['none.json', 'none.csv']) {
    await expect(readRegionMap(name)).rejects.toMatchObject({
      code: 'usage',
      message: expect.stringMatching(/^--region-map: none\.(json|csv) does not exist\./),
    });
  }
});
