/** A file as a source: the same records in every format, packed or not. */
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { describe, expect, test } from '@jest/globals';
import { fileSource, filesSource } from '../../../src/populate/read/file.ts';
import { TEXT_FORMATS } from '../../../src/populate/read/format.ts';
import type { RawRecord } from '../../../src/populate/read/source.ts';
import { makeFolder, writeIn } from '../../support/folder.ts';
import { recordsAndErrorOf, recordsOf } from '../../support/text.ts';

const CONTENTS = {
  csv: 'id,name\n"1","Ada, née"\n2,Bo\n',
  tsv: 'id\tname\n1\tAda, née\n2\tBo\n',
  json: '[{"id":"1","name":"Ada, née"},\n{"id":"2","name":"Bo"}]',
  ndjson: '{"id":"1","name":"Ada, née"}\n{"id":"2","name":"Bo"}\n',
};
const RECORDS = [
  { id: '1', name: 'Ada, née' },
  { id: '2', name: 'Bo' },
];

describe.each(TEXT_FORMATS)('%s', (format) => {
  test.each([
    ['as it is', (text: string) => text],
    ['with a byte order mark', (text: string) => `\ufeff${text}`],
    ['packed with gzip', (text: string) => gzipSync(text)],
    ['packed with gzip, with a byte order mark', (text: string) => gzipSync(`\ufeff${text}`)],
  ])('%s', async (_what, pack) => {
    const path = writeIn(makeFolder(), `users.${format}`, pack(CONTENTS[format]));
    const source = fileSource(path);
    expect(source).toMatchObject({ name: path, file: path });
    const open = await source.open();
    expect(open.columns).toEqual(format === 'csv' || format === 'tsv' ? ['id', 'name'] : undefined);
    expect((await recordsOf(open)).map(({ record }) => record)).toEqual(RECORDS);
  });

  test('under any name, when the format is given', async () => {
    const path = writeIn(makeFolder(), 'users.txt', CONTENTS[format]);
    const records = await recordsOf(await fileSource(path, { format }).open());
    expect(records.map(({ record }) => record)).toEqual(RECORDS);
  });

  test('that is not UTF-8: the line is reported', async () => {
    const content = Buffer.concat([Buffer.from(CONTENTS[format]), Buffer.from([0xff])]);
    const path = writeIn(makeFolder(), `users.${format}`, content);
    const settings = { encoding: 'utf-8', strictFormat: true };
    const { found, error } = await recordsAndErrorOf(await fileSource(path, settings).open());
    const line = format === 'json' ? 2 : CONTENTS[format].split('\n').length;
    expect(found.map(({ record }) => record)).toEqual(format === 'json' ? RECORDS.slice(0, 1) : RECORDS);
    expect(error).toMatchObject({
      code: 'source',
      message: `${path}, line ${line}: the text is not valid UTF-8 (byte 0xFF; if the file is in another encoding, name it with --encoding).`,
    });
  });

  test('that is truncated while packed', async () => {
    const packed = gzipSync(CONTENTS[format]);
    const path = writeIn(makeFolder(), `users.${format}.gz`, packed.subarray(0, packed.length - 4));
    const reading = fileSource(path).open().then(recordsOf);
    await expect(reading).rejects.toMatchObject({
      code: 'source',
      message: expect.stringContaining('the gzip data ends too early; the file is truncated.'),
    });
  });

  test('that does not exist, or is empty', async () => {
    const folder = makeFolder();
    const missing = join(folder, `missing.${format}`);
    await expect(fileSource(missing).open()).rejects.toMatchObject({
      code: 'source',
      message: `${missing} does not exist.`,
    });
    const empty = writeIn(folder, `empty.${format}`, '');
    await expect(fileSource(empty).open()).rejects.toMatchObject({ code: 'source', message: `${empty} is empty.` });
  });
});

test('a file can be opened again and again', async () => {
  const source = fileSource(writeIn(makeFolder(), 'users.csv', CONTENTS.csv));
  expect(await recordsOf(await source.open())).toEqual(await recordsOf(await source.open()));
});

test('how much of a file has been read is reported', async () => {
  const open = await fileSource(writeIn(makeFolder(), 'users.csv', CONTENTS.csv)).open();
  await recordsOf(open);
  const bytes = Buffer.byteLength(CONTENTS.csv);
  expect(open.progress()).toEqual({ bytesRead: bytes, bytesTotal: bytes });
});

test('standard input is a source without a file', () => {
  const source = fileSource('-', { format: 'csv' });
  expect(source.name).toBe('standard input');
  expect(source.file).toBeUndefined();
});

test.each(['users.xls', '-'])('a name whose content cannot say the format is refused at once: %s', (path) => {
  expect(() => fileSource(path)).toThrow(expect.objectContaining({ code: 'source' }));
});

test('a header that names a column twice is refused when the file is opened', async () => {
  const path = writeIn(makeFolder(), 'users.csv', 'id,id\n1,2\n');
  await expect(fileSource(path).open()).rejects.toMatchObject({
    code: 'source',
    message: `${path}, line 1: the header names the column "id" twice (columns 1 and 2). Rename one of them.`,
  });
});

test('of several files, each is read with its own settings', async () => {
  const folder = makeFolder();
  const source = filesSource('files', [
    { path: writeIn(folder, 'a.csv', 'id,name\n1, Ada \n'), settings: { trim: 'none' } },
    { path: writeIn(folder, 'b.csv', 'id;name\n2; Bo \n'), settings: { delimiter: ';' } },
  ]);
  const kept = (await source.keep?.(folder)) as typeof source;
  const open = await kept.open();
  const records: RawRecord[] = [];
  for await (const some of open.records) {
    records.push(...some);
  }
  await kept.release?.();
  expect(records.map(({ number, record, isSpaced }) => [number, record, isSpaced])).toEqual([
    [1, { id: '1', name: ' Ada ' }, true],
    [2, { id: '2', name: ' Bo ' }, undefined],
  ]);
});
