/** Records that are set aside come out as they went in. */
import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { columnsFrom, headerLine, recordFrom, recordLine } from '../../../src/populate/partition/spill-format.ts';
import { FieldRecord } from '../../../src/populate/read/field-record.ts';
import type { RawRecord } from '../../../src/populate/read/source.ts';

const text = fc.oneof(
  fc.string({ unit: 'binary' }),
  fc.constantFrom('', ' ', '"', '\n', '\r\n', '\u2028', '\0', '\ud800'),
);
const line = fc.integer({ min: 1 });
const number = fc.integer({ min: 1 });
const columns = fc.uniqueArray(text, { minLength: 1, maxLength: 4 });

const plain: fc.Arbitrary<RawRecord> = fc
  .tuple(
    number,
    line,
    fc.oneof(fc.jsonValue(), fc.array(text)),
    fc.option(text, { nil: undefined }),
    fc.option(fc.dictionary(text, text, { noNullPrototype: true }), { nil: undefined }),
  )
  .map(([number, line, given, problem, map]) => {
    // as a reader of JSON gives it: no negative zero
    const record = JSON.parse(JSON.stringify(given));
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
      const header = headerLine(names);
      const again = columnsFrom(header);
      expect(again).toEqual(names);
      for (const one of given) {
        const raw = Array.isArray(one)
          ? new FieldRecord(
              one[0],
              one[1],
              names,
              names.map((_, at) => one[2][at] ?? ''),
            )
          : one;
        const written = recordLine(raw);
        expect(written.slice(0, -1)).not.toContain('\n');
        const read = recordFrom(written, again);
        expect(read).toEqual(raw);
        expect(read instanceof FieldRecord).toBe(raw instanceof FieldRecord);
        expect(read.record).toEqual(raw.record);
      }
    }),
  );
});

test('a source without a header has none', () => {
  expect(columnsFrom(headerLine(undefined))).toBeUndefined();
});
