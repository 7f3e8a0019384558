/** Files that are not text in UTF-8 are recognised by their first bytes, and never taken for a table of one column. */
import { deflateRawSync, gzipSync } from 'node:zlib';
import { describe, expect, test } from '@jest/globals';
import { fileSource } from '../../../src/populate/read/file.ts';
import { TEXT_FORMATS } from '../../../src/populate/read/format.ts';
import { otherContent } from '../../../src/populate/read/signature.ts';
import { makeFolder, writeIn } from '../../support/folder.ts';

const bytes = (hex: string, text = '') => Buffer.concat([Buffer.from(hex, 'hex'), Buffer.from(text, 'latin1')]);

/** The beginning of a ZIP archive with one file in it. */
function zipOf(name: string, content = 'id,name\n'): Buffer {
  const packed = deflateRawSync(content);
  const header = Buffer.alloc(30);
  header.writeUInt32LE(0x04034b50);
  header.writeUInt16LE(8, 8);
  header.writeUInt32LE(packed.length, 18);
  header.writeUInt32LE(content.length, 22);
  header.writeUInt16LE(name.length, 26);
  return Buffer.concat([header, Buffer.from(name), packed]);
}

const tar = Buffer.concat([Buffer.from('users.csv'), Buffer.alloc(248), Buffer.from('ustar\x0000'), Buffer.alloc(248)]);

const table = 'id,name,email\n1,Ann,ann@example.com\n';
const utf32 = Buffer.concat([...table].map((character) => Buffer.from(`${character}\0\0\0`)));

test.each<[string, Buffer, RegExp]>([
  ['.xlsx', zipOf('[Content_Types].xml'), /^is an Excel workbook \(\.xlsx\)\. Save its sheet as CSV in UTF-8/],
  ['.xlsx, its files in another order', zipOf('xl/workbook.xml'), /^is an Excel workbook/],
  [
    '.ods',
    Buffer.concat([
      zipOf('mimetype', '').subarray(0, 38),
      Buffer.from('application/vnd.oasis.opendocument.spreadsheet'),
    ]),
    /^is an OpenDocument spreadsheet/,
  ],
  ['.xls', bytes('d0cf11e0a1b11ae1'), /^is an Excel workbook of the old kind \(\.xls\)/],
  ['.zip', zipOf('users.csv'), /^is a ZIP archive\. Unpack it first, for example with unzip\.$/],
  ['.bz2', bytes('', 'BZh91AY&SY'), /^is packed with bzip2/],
  ['.xz', bytes('fd377a585a00'), /^is packed with xz/],
  ['.zst', bytes('28b52ffd'), /^is packed with Zstandard/],
  ['.7z', bytes('377abcaf271c'), /^is a 7-Zip archive/],
  ['.tar', tar, /^is a tar archive/],
  ['.parquet', bytes('50415231', '\x15\x04'), /^is a Parquet file\. Convert it to CSV or NDJSON first\.$/],
  ['.avro', bytes('4f626a01'), /^is an Avro file/],
  ['.arrow', bytes('', 'ARROW1\0\0'), /^is an Arrow file/],
  ['.sqlite', bytes('', 'SQLite format 3\0'), /^is an SQLite database/],
  ['a dump', bytes('', 'PGDMP\x01'), /^is a PostgreSQL dump/],
  ['.pdf', bytes('', '%PDF-1.7'), /^is a PDF document/],
  ['.html', bytes('', '<!DOCTYPE html>\n<html>'), /^is a web page \(HTML\)/],
  ['.html after a mark and blank lines', bytes('efbbbf', '\n\n<html lang="en">'), /^is a web page/],
  ['.xml', bytes('', '<?xml version="1.0"?>'), /^is an XML file/],
  ['UTF-32', utf32, /^is text in UTF-32/],
])('%s is named', (_what, content, sentence) => {
  expect(otherContent(content)).toMatch(sentence);
});

test.each([
  ['a table', table],
  ['columns with names like formats', 'PARENT,ORCHID,ARROW1,Obj\n'],
  ['one column', 'PK\n1\n'],
  ['a NUL', 'id,name\n1,A\0B\n'],
  ['NULs', `id,name\n1,${'A\0'.repeat(50)}\n2,Bo\n`],
  ['an array', '[{"id":1}]'],
  ['other scripts', '編號,名稱\n1,陳大文\n'],
  ['a little', 'x'],
  ['nothing', ''],
])('text in UTF-8 is not taken for another kind: %s', (_what, text) => {
  expect(otherContent(Buffer.from(text))).toBeUndefined();
});

describe('a source is refused when it is opened', () => {
  test.each(TEXT_FORMATS)('as %s', async (format) => {
    const path = writeIn(makeFolder(), `users.${format}`, zipOf('users.csv'));
    await expect(fileSource(path).open()).rejects.toMatchObject({
      code: 'source',
      message: `${path} is a ZIP archive. Unpack it first, for example with unzip.`,
    });
  });

  test.each([
    ['an archive', tar, 'is a tar archive. Unpack it first, for example with tar -xf.'],
    ['packed data', gzipSync(table), 'is packed with gzip twice. Unpack it first, for example with gunzip.'],
  ])('when it is %s, packed', async (_what, content, sentence) => {
    const path = writeIn(makeFolder(), 'users.csv.gz', gzipSync(content));
    await expect(fileSource(path).open()).rejects.toMatchObject({ code: 'source', message: `${path} ${sentence}` });
  });
});
