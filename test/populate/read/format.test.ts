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
])('%s is %s', (path, format) => {
  expect(formatOf(path)).toBe(format);
});

const ADVICE =
  'Name its format with --format csv|tsv|json|ndjson, or rename it (.csv, .tsv, .txt, .json, .ndjson or .jsonl, each also with .gz).';

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
  ['users.xlsx', 'an Excel workbook (.xlsx). Save its sheet as CSV in UTF-8 in the spreadsheet program.'],
  ['users.XLSX', 'an Excel workbook (.xlsx). Save its sheet as CSV in UTF-8 in the spreadsheet program.'],
  ['users.csv.zip', 'a ZIP archive. Unpack it first, for example with unzip.'],
  ['users.csv.gz.gz', 'packed with gzip twice. Unpack it first, for example with gunzip.'],
  ['users.parquet', 'a Parquet file. Convert it to CSV or NDJSON first.'],
])('%s is not to be renamed: it is %s', (path, what) => {
  expect(() => formatOf(path)).toThrow(
    expect.objectContaining({ code: 'source', message: `${path} is, as its name says, ${what}` }),
  );
});
