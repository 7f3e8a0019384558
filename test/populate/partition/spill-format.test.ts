/** Records that are set aside come out as they went in. */
import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { columnsLine, recordLine, SpillReader } from '../../../src/populate/partition/spill-format.ts';
import { FieldRecord, SpacedRecord } from '../../../src/populate/read/field-record.ts';
import type { RawRecord } from '../../../src/populate/read/source.ts';
import { parseExactJson } from '../../../src/shared/json/parse-exact.ts';
import { WrittenNumber } from '../../../src/shared/json/written-number.ts';

const text = fc.oneof(
  fc.string({ unit: 'binary' }),
  fc.constantFrom('', ' ', '"', '\n', '\r\n', '\u2028', '\0', '\ud800'),
);
const line = fc.integer({ min: 1 });
const number = fc.integer({ min: 1 });
const columns = fc.uniqueArray(text, { minLength: 1, maxLength: 4 });

/** The records of lines, and the columns of the last line of columns. */
function readBack(...written: readonly string[]): {
  readonly columns: readonly string[] | undefined;
  records: RawRecord[];
} {
  for (const one of written) {
    expect(one.indexOf('\n')).toBe(one.length - 1);
  }
  const reader = new SpillReader();
  const records = reader.records(written.map((one) => one.slice(0, -1)));
  return { columns: reader.columns, records };
}

const plain: fc.Arbitrary<RawRecord> = fc
  .tuple(
    number,
    line,
    fc.oneof(fc.jsonValue(), fc.array(text)),
    fc.option(text, { nil: undefined }),
    fc.option(fc.dictionary(text, text, { noNullPrototype: true }), { nil: undefined }),
  )
  .map(([number, line, given, problem, map]) => {
    // as a reader of JSON gives it: no negative zero, and whole numbers beyond JavaScript's as they are written
    const record = parseExactJson(JSON.stringify(given));
    return {
      number,
      line,
      record,
      ...(problem === undefined ? {} : { problem }),
      ...(map === undefined ? {} : { map }),
    };
  });

test('fields of a row, objects, and what is no record', () => {
  fc.assert(
    fc.property(columns, fc.array(fc.oneof(plain, fc.tuple(number, line, fc.array(text)))), (names, given) => {
      const raws = given.map((one) =>
        Array.isArray(one)
          ? new FieldRecord(
              one[0],
              one[1],
              names,
              names.map((_, at) => one[2][at] ?? ''),
            )
          : one,
      );
      const { columns: read, records } = readBack(columnsLine(names), ...raws.map(recordLine));
      expect(read).toEqual(names);
      expect(records).toEqual(raws);
      for (const [index, raw] of raws.entries()) {
        expect(records[index] instanceof FieldRecord).toBe(raw instanceof FieldRecord);
        expect(records[index]?.record).toEqual(raw.record);
      }
    }),
  );
});

test('what decides how texts are read, and the file that they stand in', () => {
  const others = { file: 'a.csv', numbers: new Set(['price']), isSpaced: true };
  const given: RawRecord = { number: 1, line: 2, record: { price: '1.50' }, ...others };
  const row = new SpacedRecord(1, 2, ['price'], ['1.50'], others.file, others.numbers);
  const { records } = readBack(columnsLine(row.columns), recordLine(given), recordLine(row));
  expect(records).toEqual([given, row]);
  expect(records[1]).toBeInstanceOf(SpacedRecord);
});

test('columns that change between records', () => {
  const lists = [['a', 'b'], [], ['1', 'a'], ['a', 'a']];
  const raws = lists.map((names, index) => new FieldRecord(index + 1, 1, names, names.map(String)));
  const lines = raws.flatMap((raw) => [columnsLine(raw.columns), recordLine(raw)]);
  expect(readBack(columnsLine(undefined), ...lines).records).toEqual(raws);
});

test('numbers that JavaScript does not have stay as they are written', () => {
  const raw = { number: 1, line: 1, record: { a: { b: [new WrittenNumber('9007199254740993')] } } };
  const row = new FieldRecord(1, 1, ['a'], [[new WrittenNumber('0.12345678901234567890')]]);
  expect(readBack(columnsLine(['a']), recordLine(raw), recordLine(row)).records).toEqual([raw, row]);
});

test('a source without a header has none', () => {
  expect(readBack(columnsLine(undefined)).columns).toBeUndefined();
});
