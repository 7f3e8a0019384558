/** Rows of separated values: which line break ends them, which white space belongs to them, and how long one may be. */
import { describe, expect, test } from '@jest/globals';
import { type Row, RowFault } from '../../../src/populate/read/csv-row-reader.ts';
import { Rows } from '../../../src/populate/read/csv-rows.ts';
import { isLinear } from '../../support/work.ts';

const dialect = (delimiter = ',') => ({ delimiter, quote: '"', trims: true, comment: undefined });

/** The fields of all rows, read in pieces of `size` characters. */
function read(text: string, size = text.length, delimiter = ','): Row[] {
  const rows = new Rows(dialect(delimiter));
  const found: Row[] = [];
  for (let at = 0; at < text.length; at += size) {
    rows.read(text.slice(at, at + size), found);
  }
  rows.finish(found);
  return found;
}

const fieldsOf = (rows: readonly Row[]) => rows.map(({ fields }) => fields);

describe('what ends the header ends every row', () => {
  test.each([
    ['CR, and LF in a quoted cell', 'id,name\r1,"An\nn"\r2,Bo\r', ['1', 'An\nn'], '2'],
    ['CR, and LF in a cell without quotes', 'id,name\r1,An\nn\r2,Bo\r', ['1', 'An\nn'], '2'],
    ['CR, and CRLF in a quoted cell', 'id,name\r1,"An\r\nn"\r2,Bo\r', ['1', 'An\r\nn'], '2'],
    ['LF, and CR in a quoted cell', 'id,name\n1,"An\rn"\n2,Bo\n', ['1', 'An\rn'], '2'],
    ['LF, and CR in a cell without quotes', 'id,name\n1,An\rn\n2,Bo\n', ['1', 'An\rn'], '2'],
    ['LF, and CR at the end of a quoted cell', 'id,name\n1,"Ann\r"\n2,Bo\n', ['1', 'Ann\r'], '2'],
    ['CRLF, and LF in a quoted cell', 'id,name\r\n1,"An\nn"\r\n2,Bo\r\n', ['1', 'An\nn'], '2'],
    ['CRLF, and CR in a quoted cell', 'id,name\r\n1,"An\rn"\r\n2,Bo\r\n', ['1', 'An\rn'], '2'],
    ['LF, and CR in a quoted header', '"id","na\rme"\n1,Ann\n2,Bo\n', ['1', 'Ann'], '2'],
    ['CR, and LF in a quoted header', '"id","na\nme"\r1,Ann\r2,Bo\r', ['1', 'Ann'], '2'],
    ['CRLF, and both in a quoted header', '"i\rd","na\nme"\r\n1,Ann\r\n2,Bo\r\n', ['1', 'Ann'], '2'],
  ])('%s', (_what, text, first, second) => {
    for (const size of [1, 2, 3, 5, text.length]) {
      const [, one, two, ...rest] = fieldsOf(read(text, size));
      expect([one, two?.[0], rest]).toEqual([first, second, []]);
    }
  });

  test('lines are counted by it', () => {
    expect(read('a,b\r1,"x\ny"\r2,"x\ry"\r3,z\r').map(({ line }) => line)).toEqual([1, 2, 3, 5]);
    expect(read('a,b\n1,"x\ry"\n2,"x\ny"\n3,z\n').map(({ line }) => line)).toEqual([1, 2, 3, 5]);
  });

  test('also when it is not in the first piece', () => {
    const columns = Array.from({ length: 5000 }, (_, index) => `c${index}`);
    const text = `"a\rb",${columns.join()}\n1,${columns.map(() => 'x').join()}\n`;
    const [header, row, ...rest] = fieldsOf(read(text, 16_384));
    expect([header?.length, row?.length, header?.[0], rest]).toEqual([5001, 5001, 'a\rb', []]);
  });
});

describe('white space around quotes is not part of the field', () => {
  test.each([
    ['a space before', '1, "Lee, Ann",x', ['1', 'Lee, Ann', 'x']],
    ['a space behind', '1,"Lee, Ann" ,x', ['1', 'Lee, Ann', 'x']],
    ['several on both sides', '1,  \t"Lee, Ann"  ,x', ['1', 'Lee, Ann', 'x']],
    ['at the beginning of a row', '  "1",Ann,x', ['1', 'Ann', 'x']],
    ['at the end of a row', '1,Ann, "x"  ', ['1', 'Ann', 'x']],
    ['a space that does not break', '1,\u00a0"Lee, Ann"\u00a0,x', ['1', 'Lee, Ann', 'x']],
    ['a byte order mark', '\ufeff"1",Ann,x', ['1', 'Ann', 'x']],
    ['within the quotes it is', '1," Ann ",x', ['1', ' Ann ', 'x']],
    ['around doubled quotes', '1, "say ""hi""" ,x', ['1', 'say "hi"', 'x']],
    ['nothing within the quotes', '1, "" ,x', ['1', '', 'x']],
  ])('%s', (_what, row, fields) => {
    for (const newline of ['\n', '\r', '\r\n']) {
      const text = `id,name,note${newline}${row}${newline}2,Bo,y${newline}`;
      for (const size of [1, 4, text.length]) {
        expect(fieldsOf(read(text, size)).slice(1)).toEqual([fields, ['2', 'Bo', 'y']]);
      }
    }
  });

  test('a quoted field may have line breaks behind a space too', () => {
    const rows = read('id,name\n1, "two\nlines"\n2,Bo\n');
    expect(rows.map(({ line, fields }) => [line, fields])).toEqual([
      [1, ['id', 'name']],
      [2, ['1', 'two\nlines']],
      [4, ['2', 'Bo']],
    ]);
  });

  test('a tab separates where it is the separator', () => {
    expect(fieldsOf(read('a\tb\tc\n1\t\t "x\ty" \n', 7, '\t'))).toEqual([
      ['a', 'b', 'c'],
      ['1', '', 'x\ty'],
    ]);
  });

  test.each([
    ['text behind the quotes', '1,"Big" lamp"'],
    ['text behind a space and the quotes', '1, "Big" lamp"'],
  ])('%s is refused, not kept with its quotes', (_what, row) => {
    const [, first, second] = read(`id,name\n${row}\n2,Bo\n`);
    expect(first).toMatchObject({ line: 2, problem: 'A quote inside a quoted field is not doubled ("")' });
    expect(second?.fields).toEqual(['2', 'Bo']);
  });

  test('a quote elsewhere in a field is text', () => {
    expect(fieldsOf(read('id,name\n1,6 " nail\n2,Bo "x"\n'))).toEqual([
      ['id', 'name'],
      ['1', '6 " nail'],
      ['2', 'Bo "x"'],
    ]);
  });
});

describe('a row that is too much', () => {
  const faultOf = (text: string) => {
    try {
      return read(text, 16_384);
    } catch (error) {
      expect(error).toBeInstanceOf(RowFault);
      const { line, message } = error as RowFault;
      return { line, message };
    }
  };
  const tooMany = {
    line: 2,
    message: 'the row has more than 16,384 fields; probably its lines end otherwise than the header does.',
  };

  test.each([
    ['without quotes', `id\n${','.repeat(16_384)}\n`],
    ['with quotes', `id\n${'"",'.repeat(16_384)}\n`],
    ['without end', `id\n${'"",'.repeat(20_000)}`],
  ])('has more fields than any table: %s', (_what, text) => {
    expect(faultOf(text)).toEqual(tooMany);
  });

  test('may have as many as a spreadsheet', () => {
    expect(read(`${','.repeat(16_383)}\n`)[0]?.fields).toHaveLength(16_384);
    expect(read(`"",${','.repeat(16_382)}\n`)[0]?.fields).toHaveLength(16_384);
  });

  test.each([
    ['no quote', 'x'],
    ['a quote that is never closed', '"'],
  ])('has more than 64 MiB: %s', (_what, start) => {
    const rows = new Rows(dialect());
    const piece = 'x'.repeat(1024 * 1024);
    const found: Row[] = [];
    rows.read(`id,name\n1,2\n${start}`, found);
    const fill = () => {
      for (let mebibytes = 0; mebibytes <= 64; mebibytes++) {
        rows.read(piece, found);
      }
    };
    expect(fill).toThrow(
      new RowFault(
        3,
        'the record that starts here is longer than 64 MiB; probably a quote in it is never closed, or its line ends are missing.',
      ),
    );
    expect(found).toHaveLength(2);
  });
});

test.each([
  ['rows', '1,2\n'],
  ['a row without end', '1'],
  ['fields without end', ',1'],
  ['quotes', '"1",'],
  ['doubled quotes', '""'],
  ['quotes that are not doubled', 'a"b'],
  ['quotes that are not doubled, and spaces', 'a"  '],
  ['spaces', ' '],
  ['carriage returns', '\r'],
  ['carriage returns within quotes', '"\r",'],
  ['quotes and line feeds', '"\n'],
])('%s take time in proportion to their length', (_what, part) => {
  for (const start of ['id\n', 'id\n"', '"']) {
    const work = (size: number) => {
      try {
        read(`${start}${part.repeat(size)}${' '.repeat(size)}`, 64);
      } catch (error) {
        expect(error).toBeInstanceOf(RowFault);
      }
    };
    expect([start, isLinear(work)]).toEqual([start, true]);
  }
});
