/** The format of a file, by its name. */
import { expect, test } from '@jest/globals';
import { formatOf } from '../../../src/populate/read/format.ts';

test.each([
  ['users.csv', 'csv'],
  ['users.tsv', 'tsv'],
  ['users.tab', 'tsv'],
  ['users.txt.gz', 'csv'],
  ['users.json', 'json'],
  ['users.ndjson', 'ndjson'],
  ['users.jsonl', 'ndjson'],
  ['users.csv.gz', 'csv'],
  ['users.jsonl.gz', 'ndjson'],
  ['USERS.CSV', 'csv'],
  ['users.Json.GZ', 'json'],
  ['users.2024-01-31.csv', 'csv'],
  ['users.json.csv', 'csv'],
  ['/data.json/users.tsv', 'tsv'],
  ['data\\users.tsv', 'tsv'],
  ['my users.csv', 'csv'],
  ['.csv', 'csv'],
  ['users.xlsx', 'xlsx'],
  ['users.XLSM', 'xlsx'],
  ['users.parquet', 'parquet'],
  ['users.csv.zst', 'csv'],
  ['users.tsv.bz2', 'tsv'],
  ['users.json.zip', 'json'],
])('%s is %s', (path, format) => {
  expect(formatOf(path)).toBe(format);
});

const ADVICE =
  'Name its format with --format csv|tsv|json|ndjson|xlsx|parquet, or rename it (.csv, .tsv, .txt, .json, .ndjson, .jsonl, .xlsx or .parquet, each also with .gz, .bz2, .zst or .zip).';

test.each([
  ['users', 'has no extension'],
  ['users.', 'has no extension'],
  ['users.gz', 'has no extension'],
  ['/data.csv/users', 'has no extension'],
  ['data.csv\\users', 'has no extension'],
  ['users.csv.bak', 'has the unknown extension .bak'],
  ['users.dat.gz', 'has the unknown extension .dat'],
  ['users.constructor', 'has the unknown extension .constructor'],
  ['users.__proto__', 'has the unknown extension .__proto__'],
])('%s has none: it %s', (path, what) => {
  expect(() => formatOf(path)).toThrow(
    expect.objectContaining({ code: 'source', message: `${path} ${what}. ${ADVICE}` }),
  );
});

test.each([
  ['users.xls', 'an Excel workbook of the old kind (.xls). Save its sheet as CSV in UTF-8 in the spreadsheet program.'],
  ['users.ODS', 'an OpenDocument spreadsheet (.ods). Save its sheet as CSV in UTF-8 in the spreadsheet program.'],
  ['users.csv.7z', 'a 7-Zip archive. Unpack it first, for example with 7z x.'],
  ['users.csv.gz.gz', 'packed with gzip twice. Unpack it first, for example with gunzip.'],
  ['users.avro', 'an Avro file. Convert it to CSV or NDJSON first.'],
])('%s is not to be renamed: it is %s', (path, what) => {
  expect(() => formatOf(path)).toThrow(
    expect.objectContaining({ code: 'source', message: `${path} is, as its name says, ${what}` }),
  );
});

test('a file of an archive is called as messages call it', () => {
  const called = 'all.zip/notes.md has the unknown extension .md.';
  expect(() => formatOf('notes.md', 'all.zip/notes.md')).toThrow(called);
  expect(() => formatOf('old.xls', 'all.zip/old.xls')).toThrow('all.zip/old.xls is, as its name says,');
});
