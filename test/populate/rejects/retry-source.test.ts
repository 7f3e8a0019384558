/** What was rejected is read again as it was read first: by a retry, and from a rejects file. */
import { expect, test } from '@jest/globals';
import { type RejectedRecord, rejectLine, rejectRow } from '../../../src/loads/reject-line.ts';
import { openNdjson } from '../../../src/populate/read/ndjson.ts';
import type { OpenSource, RawRecord } from '../../../src/populate/read/source.ts';
import { retrySource } from '../../../src/populate/rejects/retry-source.ts';
import { WrittenNumber } from '../../../src/shared/json/written-number.ts';
import { makeFolder } from '../../support/folder.ts';

const WRONG = [{ property: 'name', code: 'isNotEmpty', message: 'Name cannot be empty' }];

async function recordsOf(open: OpenSource): Promise<RawRecord[]> {
  const records: RawRecord[] = [];
  for await (const some of open.records) {
    records.push(...some);
  }
  return records;
}

async function retried(rejects: readonly RejectedRecord[]): Promise<RawRecord[]> {
  const run = { run: '1', table: 'users', source: 'users.csv' };
  async function* pages() {
    yield rejects.map(rejectRow);
  }
  const source = await retrySource(run, pages(), makeFolder());
  return recordsOf(await source.open());
}

async function fromFile(rejects: readonly RejectedRecord[]): Promise<RawRecord[]> {
  const text = rejects.map((one) => rejectLine(rejectRow(one))).join('');
  return recordsOf(
    await openNdjson({
      name: 'users.ndjson',
      chunks: (async function* () {
        yield text;
      })(),
      progress: () => ({ bytesRead: 0, bytesTotal: 0 }),
      charactersRead: () => text.length,
      close: async () => undefined,
    }),
  );
}

const READ: readonly RejectedRecord[] = [
  { number: 1, line: 2, record: { name: ' ', price: '1.234' }, standard: ['price'], errors: WRONG },
  { number: 2, line: 3, record: { name: '  x ' }, isSpaced: true, errors: WRONG },
  { number: 3, file: 'b.csv', line: 1, record: { Name: '' }, map: { name: 'Name' }, errors: WRONG },
  { number: 4, line: 5, record: { name: '', more: { n: new WrittenNumber('9007199254740993') } }, errors: WRONG },
];

const asRead = ({ errors: _, standard, ...raw }: RejectedRecord) =>
  standard === undefined ? raw : { ...raw, numbers: new Set(standard) };

test('numbers that are written otherwise, white space, maps, and numbers that JavaScript does not have', async () => {
  expect(await retried(READ)).toEqual(READ.map(asRead));
  const again = await fromFile(READ);
  expect(again).toEqual(
    READ.map((one, index) => {
      const { file: _, ...raw } = asRead(one);
      return { ...raw, number: index + 1, line: index + 1 };
    }),
  );
});

test('a record that belongs to no database, or is none, is not loaded into one', async () => {
  const [away, none] = await retried([
    {
      number: 1,
      line: 2,
      record: { id: '1', region: '' },
      errors: [{ property: null, code: 'parse', message: 'The column region is empty' }],
    },
    { number: 2, line: 3, record: ['1'], errors: [{ property: null, code: 'parse', message: 'The row has 1 field' }] },
  ]);
  expect([away?.problem, none?.problem]).toEqual(['The column region is empty', 'The row has 1 field']);
});
