/** Workbooks, Parquet files, archives and sets of files, made by the programs that people have: openpyxl, pyarrow, zip. */
import { copyFileSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync, zstdCompressSync } from 'node:zlib';
import { expect, test } from '@jest/globals';
import type { FileSettings } from '../../../src/populate/read/dialect.ts';
import { fileSource, filesSource } from '../../../src/populate/read/file.ts';
import { openSpec } from '../../../src/populate/read/open-spec.ts';
import type { OpenSource, RawRecord, Source } from '../../../src/populate/read/source.ts';
import { WrittenNumber } from '../../../src/shared/json/written-number.ts';
import { makeFolder, writeIn } from '../../support/folder.ts';

// the sources of the tests are not copied to where they run
const FILES = join(import.meta.dirname, '../../../../test/populate/read/files');
const path = (name: string) => join(FILES, name);

async function recordsOf({ records, close }: OpenSource): Promise<RawRecord[]> {
  const found: RawRecord[] = [];
  for await (const chunk of records) {
    found.push(...chunk);
  }
  await close();
  return found;
}

async function readFrom(source: Source) {
  const kept = (await source.keep?.(makeFolder())) as Source;
  try {
    const open = await kept.open();
    const records = await recordsOf(open);
    const again = await recordsOf(await (await openSpec(structuredClone(kept.spec as never))).open());
    expect(again).toEqual(records);
    return { open, records, content: await kept.content?.() };
  } finally {
    await kept.release?.();
  }
}

const read = (name: string, settings: FileSettings = {}) => readFrom(fileSource(path(name), settings));

test('a workbook: values as they are stored, and a reason for each cell that has none', async () => {
  const { open, records } = await read('orders.xlsx');
  expect(open.columns).toEqual(['id', 'name', 'price', 'day', 'at', 'paid', 'note']);
  expect(open.detected).toEqual([{ setting: 'sheet', value: 'Orders', why: 'no other sheet has values' }]);
  expect(records.map(({ line, record, problem }) => [line, problem ?? record])).toEqual([
    [
      2,
      {
        id: '1',
        name: 'Ann',
        price: '19.99',
        day: '2026-01-31',
        at: '2026-01-31T18:30:05.250',
        paid: 'true',
        note: 'a\nb',
      },
    ],
    [3, expect.stringMatching(/^Cell G3 has a formula whose result is not stored/)],
    [5, { id: '3', name: 'Cy', price: '1000000000000000000000', day: '', at: '', paid: '', note: '' }],
    [6, 'Cell H6 has a value, and the header names no column there'],
  ]);
  expect([...(records[0]?.numbers ?? [])]).toEqual(['id', 'price']);
});

test('numbers of a workbook beyond those of JavaScript are as they are written', async () => {
  const { records } = await read('long-numbers.xlsx');
  expect(records.map(({ record }) => Object.values(record as object))).toEqual([
    ['1234567890123456789', '12345678901234567.89', '1'],
    ['9007199254740993', '2.5', '2'],
    // a program has rounded it, so it is none of the id's column
    ['1.23456789012345E+18', '3.5', '1.7976931348623157e+308'],
    ['1000000000000000000', '-0.00000015', '4'],
    ['12345678901234567890', '0.1', '19.99'],
  ]);
});

test('a workbook with several sheets asks for one; 1904 is counted from 1904', async () => {
  await expect(read('several-sheets-1904.xlsx')).rejects.toMatchObject({
    code: 'source',
    message: expect.stringContaining('several sheets with values: "Orders", "More". Name one with --sheet.'),
  });
  const { records } = await read('several-sheets-1904.xlsx', { sheet: 'orders' });
  expect(records[0]?.record).toMatchObject({ day: '2026-01-31', at: '2026-01-31T18:30:05.250' });
  expect((await read('several-sheets-1904.xlsx', { sheet: 1 })).records).toEqual(records);
  await expect(read('several-sheets-1904.xlsx', { sheet: 'Nothing' })).rejects.toMatchObject({
    message: expect.stringContaining('has no sheet "Nothing". It has "Orders", "Empty", "More".'),
  });
});

test.each(['snappy', 'gzip', 'zstd', 'brotli', 'lz4', 'none'])('Parquet with %s: every type, exact', async (codec) => {
  const { open, records } = await read(`types-${codec}.parquet`);
  expect(open.count).toBe(3);
  expect(records.map(({ record }) => record)).toEqual([
    {
      id: '1',
      amount: '12345678901234567890.10',
      f: '0.1',
      day: '2026-01-31',
      utc: '2026-01-01T00:00:00.123456Z',
      local: '2026-01-01T00:00:00',
      nanos: '1970-01-01T00:00:00.000000001Z',
      time: '18:30:00',
      bytes: 'AP8=',
      flag: 'true',
      list: [1, 2],
      struct: { a: 1, b: 'x' },
      text: 'Ada, née',
    },
    {
      id: '9223372036854775807',
      amount: '-0.01',
      f: '1.5',
      day: '1969-12-31',
      utc: '1969-12-31T23:59:59.999999Z',
      local: '1970-01-01T00:00:00',
      nanos: '1970-01-01T00:00:00Z',
      time: '00:00:00.000001',
      bytes: '',
      flag: 'false',
      list: [],
      struct: { a: new WrittenNumber('1152921504606846976'), b: null },
      text: '',
    },
    Object.fromEntries(open.columns?.map((name) => [name, null]) ?? []),
  ]);
});

test('Parquet with maps: a key twice, bytes that are no text, and what JSON has no number for reject their records', async () => {
  const { records } = await read('maps.parquet');
  expect(records.map(({ record, problem }) => problem ?? (record as object))).toEqual([
    'The column "texts" holds bytes that are not valid UTF-8',
    'The column "map" holds the key "k" twice in one map',
    {
      id: '3',
      map: Object.fromEntries([
        ['__proto__', 1],
        ['2', null],
      ]),
      nested: [{ 1: { x: 1.5 } }, null, {}],
      texts: ['b'],
    },
    { id: '4', map: null, nested: null, texts: ['c'] },
    { id: '5', map: { a: new WrittenNumber('9007199254740993') }, nested: [], texts: ['d'] },
    'The column "nested" holds NaN, which is no number of JSON',
  ]);
});

test('an archive is a set of files, sorted, each with its own dialect; what macOS adds is no file', async () => {
  const { open, records } = await read('several.zip');
  expect(
    records.map(({ number, line, file, record }) => [number, line, file?.slice(FILES.length + 1), record]),
  ).toEqual([
    [1, 2, 'several.zip/part-2.csv', { id: '1', name: 'Ann' }],
    [2, 3, 'several.zip/part-2.csv', { id: '2', name: 'Bo' }],
    [3, 2, 'several.zip/part-10.csv', { id: '3', name: 'Cy' }],
  ]);
  expect(open.progress()).toEqual({ bytesRead: open.progress().bytesTotal, bytesTotal: expect.any(Number) });
});

test('the files of an archive have its value settings, which are no part of what identifies them', async () => {
  const other = { path: writeIn(makeFolder(), 'other.csv', 'id,name\n4,Di\n'), settings: {} };
  const archive = { path: path('several.zip'), settings: {} };
  const values = { decimal: ',' } as const;
  const plain = await readFrom(filesSource('files', [archive, other]));
  const own = await readFrom(filesSource('files', [{ ...archive, values }, other]));
  expect(own.open.files?.map((file) => file.values)).toEqual([values, values, undefined]);
  expect(own.records).toEqual(plain.records);
  expect(own.content).toBe(plain.content);
});

test('an archive within an archive is refused', async () => {
  await expect(read('nested.zip')).rejects.toMatchObject({
    code: 'source',
    message: expect.stringMatching(
      /nested\.zip\/several\.zip is a ZIP archive within an archive\. Unpack the outer one first\.$/,
    ),
  });
});

test('an encrypted archive is refused', async () => {
  await expect(read('encrypted.zip')).rejects.toMatchObject({
    code: 'source',
    message: expect.stringContaining('in which "u.csv" is encrypted. Unpack it with its password'),
  });
});

test.each(['orders.xlsx', 'types-zstd.parquet', 'several.zip'])('%s, cut off anywhere, is a fault', async (name) => {
  const bytes = readFileSync(path(name));
  for (let at = 10; at < bytes.length; at += Math.ceil(bytes.length / 12)) {
    const folder = makeFolder();
    const cut = writeIn(folder, `cut-${name}`, bytes.subarray(0, at));
    await expect(readFrom(fileSource(cut))).rejects.toMatchObject({
      code: 'source',
      message: expect.not.stringContaining('..'),
    });
  }
});

test('of many files, each is read under its own name and with its own settings, and those that were read are skipped', async () => {
  const folder = makeFolder();
  writeFileSync(join(folder, 'a.csv'), 'id,name\n1,Ann\n2,Bo\n');
  writeFileSync(join(folder, 'b.json'), '{"data":{"items":[{"id":3}],"total":[1]}}');
  writeFileSync(join(folder, 'c.ndjson'), '[{"id":4},\n{"id":5}]');
  copyFileSync(path('several.zip'), join(folder, 'd.zip'));
  const names = ['a.csv', 'b.json', 'c.ndjson', 'd.zip'];
  const source = filesSource(
    'all',
    names.map((name) => ({ path: join(folder, name), settings: {} })),
  );
  const { open, records } = await readFrom(source);
  expect(records.map(({ number, record }) => [number, Number((record as { id: unknown }).id)])).toEqual([
    [1, 1],
    [2, 2],
    [3, 3],
    [4, 4],
    [5, 5],
    [6, 1],
    [7, 2],
    [8, 3],
  ]);
  expect(open.detected?.map(({ setting, value, file }) => [setting, value, file?.slice(folder.length + 1)])).toEqual([
    ['json path', 'data.items', 'b.json'],
    ['format', 'json', 'c.ndjson'],
    ['delimiter', '";"', 'd.zip/part-2.csv'],
  ]);
  expect(open.readFiles?.()).toEqual([2, 1, 2, 2, 1]);
  const kept = (await source.keep?.(makeFolder())) as Source;
  const later = await kept.open();
  later.skipFiles?.([2, 1]);
  expect((await recordsOf(later)).map(({ number }) => number)).toEqual([4, 5, 6, 7, 8]);
  const left = kept.without?.(new Set(kept.files?.slice(0, 4).map(({ content }) => content)));
  expect(left?.files?.map(({ name }) => name.slice(folder.length + 1))).toEqual(['d.zip/part-10.csv']);
  expect(kept.without?.(new Set(kept.files?.map(({ content }) => content)))).toBeUndefined();
});

test.each([
  ['orders.xlsx', 'book', 'xlsx'],
  ['types-zstd.parquet', 'columns.bak', 'parquet'],
])('%s called %s is recognised by its content', async (from, to, format) => {
  const folder = makeFolder();
  copyFileSync(path(from), join(folder, to));
  const { open, records } = await readFrom(fileSource(join(folder, to)));
  expect(open.format).toBe(format);
  expect(records.length).toBeGreaterThan(0);
});

const LIST = '[{"id":1}]';

test.each([
  ['data', Buffer.from('id\n1\n'), 'csv', 'it is text without an extension'],
  ['data.gz', gzipSync('id\n1\n'), 'csv', 'it is text without an extension'],
  ['tab.zst', zstdCompressSync('id\n1\n'), 'csv', 'it is text without an extension'],
  ['list.gz', gzipSync(LIST), 'json', 'it begins as JSON does'],
  ['list.bak', Buffer.from(LIST), 'json', 'it begins as JSON does'],
  ['lines.zst', zstdCompressSync('{"id":1}\n{"id":2}\n'), 'ndjson', 'there is an object on each line'],
])('text whose name %s says no format is read as its content is', async (name, bytes, format, why) => {
  const folder = makeFolder();
  writeFileSync(join(folder, name), bytes);
  const { open, records } = await readFrom(fileSource(join(folder, name)));
  expect(open).toMatchObject({ format, detected: [{ setting: 'format', value: format, why }] });
  expect(records[0]?.record).toEqual({ id: format === 'csv' ? '1' : 1 });
});

test('text with an unknown extension is refused, and --format is named', async () => {
  const folder = makeFolder();
  writeFileSync(join(folder, 'users.csv.bak'), 'id\n1\n');
  await expect(readFrom(fileSource(join(folder, 'users.csv.bak')))).rejects.toMatchObject({
    code: 'source',
    message: expect.stringMatching(
      /users\.csv\.bak has the unknown extension \.bak\. Name its format with --format csv/,
    ),
  });
});
