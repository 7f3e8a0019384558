/** Comma and tab separated values: which records they hold, and on which lines. */
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import Papa from 'papaparse';
import { openSeparated } from '../../../src/populate/read/csv.ts';
import type { FileSettings } from '../../../src/populate/read/dialect.ts';
import { FieldRecord } from '../../../src/populate/read/field-record.ts';
import type { RawRecord } from '../../../src/populate/read/source.ts';
import { depth } from '../../support/depth.ts';
import { cutAt, cuts, outcomeOf, recordsAndErrorOf, recordsOf, textOf } from '../../support/text.ts';

async function read(text: string | readonly string[], delimiter = ','): Promise<RawRecord[]> {
  return recordsOf(await openSeparated(textOf(text), { delimiter }));
}

const linesAndRecords = (records: readonly RawRecord[]) => records.map(({ line, record }) => [line, record]);

/** Two records below a header, with any line break between them. */
const PLAIN = [
  [2, { id: '1', name: 'Ada' }],
  [3, { id: '2', name: 'Bo' }],
];

describe('lines and fields', () => {
  test.each([
    ['line feeds', 'id,name\n1,Ada\n2,Bo\n'],
    ['no line end after the last line', 'id,name\n1,Ada\n2,Bo'],
    ['carriage return and line feed', 'id,name\r\n1,Ada\r\n2,Bo\r\n'],
    ['carriage return and line feed, but not after the last line', 'id,name\r\n1,Ada\r\n2,Bo'],
    ['carriage returns only', 'id,name\r1,Ada\r2,Bo\r'],
    ['mixed line ends', 'id,name\n1,Ada\r\n2,Bo'],
    ['mixed line ends, first the longer one', 'id,name\r\n1,Ada\n2,Bo\r\n'],
    ['quoted fields', '"id","name"\n"1","Ada"\n"2","Bo"\n'],
    ['quoted fields and the longer line end', '"id","name"\r\n"1","Ada"\r\n"2","Bo"\r\n'],
    ['spaces around the names of columns', ' id , name\n1,Ada\n2,Bo'],
  ])('%s', async (_what, text) => {
    expect(linesAndRecords(await read(text))).toEqual(PLAIN);
  });

  test.each([
    ['line feeds', '\n'],
    ['carriage return and line feed', '\r\n'],
    ['carriage returns only', '\r'],
  ])('%s, read a character at a time', async (_what, newline) => {
    const text = ['id,name', '1,Ada', '2,Bo', ''].join(newline);
    expect(linesAndRecords(await read([...text]))).toEqual(PLAIN);
  });

  test('a chunk may end between the carriage return and the line feed of the header', async () => {
    expect(linesAndRecords(await read(['id,name\r', '\n1,Ada\r\n2,Bo\r\n']))).toEqual(PLAIN);
  });

  test('records are numbered from 1, and columns named as in the header', async () => {
    const open = await openSeparated(textOf('id,name\n1,Ada\n2,Bo\n'), { delimiter: ',' });
    expect(open.columns).toEqual(['id', 'name']);
    expect((await recordsOf(open)).map(({ number }) => number)).toEqual([1, 2]);
  });

  test('tabs separate, and commas do not', async () => {
    expect(linesAndRecords(await read('id\tname\n1\tLovelace, Ada\n2\t"B\to"\n', '\t'))).toEqual([
      [2, { id: '1', name: 'Lovelace, Ada' }],
      [3, { id: '2', name: 'B\to' }],
    ]);
  });

  test('line breaks, separators and doubled quotes belong to a quoted field, and lines are counted on', async () => {
    const text = 'id,name\n1,"two\nlines"\n2,"a ""word"", quoted"\n"3","\n\n"\n4,last\n';
    expect(linesAndRecords(await read(text))).toEqual([
      [2, { id: '1', name: 'two\nlines' }],
      [4, { id: '2', name: 'a "word", quoted' }],
      [5, { id: '3', name: '\n\n' }],
      [8, { id: '4', name: 'last' }],
    ]);
  });

  test('a header may hold line breaks too', async () => {
    expect(linesAndRecords(await read('"id","full\nname"\n1,Ada\n'))).toEqual([[3, { id: '1', 'full\nname': 'Ada' }]]);
  });

  test('blank lines are skipped, and counted as lines', async () => {
    const records = await read('\nid,name\n\n1,Ada\n   \n\r\n2,Bo\n\n\n');
    expect(linesAndRecords(records)).toEqual([
      [4, { id: '1', name: 'Ada' }],
      [7, { id: '2', name: 'Bo' }],
    ]);
    expect(records.map(({ number }) => number)).toEqual([1, 2]);
  });

  test('a line of empty fields is a record', async () => {
    expect(linesAndRecords(await read('id,name\n,\n'))).toEqual([[2, { id: '', name: '' }]]);
  });

  test('a long field, with quotes and line breaks, in small chunks', async () => {
    const lines = depth(100_000, 2_300_000);
    const long = 'a "line"\n'.repeat(lines);
    const text = `id,name\n1,"${long.replaceAll('"', '""')}"\n2,Bo\n`;
    const chunks = cutAt(text, Array<number>(Math.floor(text.length / 65_536)).fill(65_536));
    const records = await read(chunks);
    expect(records.map(({ line }) => line)).toEqual([2, 2 + lines + 1]);
    const [first] = records.map(({ record }) => record as { name: string });
    expect(first?.name === long).toBe(true);
    expect(records[1]?.record).toEqual({ id: '2', name: 'Bo' });
  });
});

test('what is written of a record into JSON is what was read, although it is put together only then', async () => {
  const open = await openSeparated(textOf('id,name\n1,Ada\n2\n'), { delimiter: ',' });
  const found: RawRecord[] = [];
  for await (const records of open.records) {
    found.push(...records);
  }
  const [first, second] = found;
  expect(first).toBeInstanceOf(FieldRecord);
  expect(JSON.stringify(first?.record)).toBe('{"id":"1","name":"Ada"}');
  expect(JSON.stringify(second?.record)).toBe('["2"]');
});

test('lines are counted alike, whether or not there is a quote in what is parsed at once', async () => {
  const text = `id,name\r\n${'1,Ada\r\n'.repeat(3)}2,"two\r\nlines"\r\n${'3,Bo\n'.repeat(3)}`;
  const lines = [2, 3, 4, 5, 7, 8, 9];
  for (const size of [1, 5, 20, 1000]) {
    const chunks = cutAt(text, Array<number>(Math.ceil(text.length / size)).fill(size));
    expect((await read(chunks)).map(({ line }) => line)).toEqual(lines);
  }
});

describe('the header', () => {
  test.each([
    ['with a line end', 'id,name\n'],
    ['without one', 'id,name'],
  ])('alone, %s, is a source of no records', async (_what, text) => {
    const open = await openSeparated(textOf(text), { delimiter: ',' });
    expect(open.columns).toEqual(['id', 'name']);
    expect(await recordsOf(open)).toEqual([]);
  });

  test.each([
    ['nothing at all', []],
    ['one blank line', '\n'],
    ['blank lines', '\n  \r\n\n'],
  ])('is missed in %s', async (_what, text) => {
    await expect(openSeparated(textOf(text, 'users.csv'), { delimiter: ',' })).rejects.toMatchObject({
      code: 'source',
      message: 'users.csv is empty: its first line has to name the columns.',
    });
  });

  test('must not hold a NUL character', async () => {
    await expect(openSeparated(textOf('\0\0\0', 'users.csv'), { delimiter: ',' })).rejects.toMatchObject({
      code: 'source',
      message:
        'users.csv, line 1: the header holds a NUL character, so this is no text, or damaged. Get the file again.',
    });
  });

  test.each([
    ['as they are', 'id,name,id\n'],
    ['but for spaces', 'id,name, id \n'],
    ['in a header that is quoted', '"id","name","id"\n'],
  ])('must not name a column twice, %s', async (_what, text) => {
    await expect(openSeparated(textOf(text, 'users.csv'), { delimiter: ',' })).rejects.toMatchObject({
      code: 'source',
      message: 'users.csv, line 1: the header names the column "id" twice (columns 1 and 3). Rename one of them.',
    });
  });

  test('may leave columns unnamed', async () => {
    const open = await openSeparated(textOf('id,,name,\n1,x,Ada,y\n'), { delimiter: ',' });
    expect(open.columns).toEqual(['id', 'column 2', 'name', 'column 4']);
    expect((await recordsOf(open))[0]?.record).toEqual({ id: '1', 'column 2': 'x', name: 'Ada', 'column 4': 'y' });
  });

  test('may name columns like the properties of every object', async () => {
    const [first] = await read('__proto__,constructor,id\nx,y,1\n');
    expect(Object.entries(first?.record as object)).toEqual([
      ['__proto__', 'x'],
      ['constructor', 'y'],
      ['id', '1'],
    ]);
    expect(({} as Record<string, unknown>)['x']).toBeUndefined();
  });
});

test.each([
  ['an array', '[{"id":1,"name":"Ada"}]', 'json'],
  ['an array of several lines', '[\n  {"id":1}\n]\n', 'json'],
  ['an object a line', '{"id":1,"name":"Ada"}\n{"id":2}\n', 'ndjson'],
])('JSON is no table: %s', async (_what, text, format) => {
  await expect(openSeparated(textOf(text, 'users.csv'), { delimiter: ',' })).rejects.toMatchObject({
    code: 'source',
    message: `users.csv, line 1: the file holds JSON, not separated values. Use --format ${format}.`,
  });
});

test('a name of a column is not longer than 1,000 characters', async () => {
  const open = await openSeparated(textOf(`${'x'.repeat(1000)}\n`), { delimiter: ',' });
  expect(open.columns).toHaveLength(1);
  await expect(
    openSeparated(textOf(`id,${'x'.repeat(1001)}\n`, 'users.csv'), { delimiter: ',' }),
  ).rejects.toMatchObject({
    code: 'source',
    message: `users.csv, line 1: the header names a column with more than 1,000 characters, "${'x'.repeat(60)}…". Shorten it.`,
  });
});

describe('rows that are no records', () => {
  test.each([
    ['too few fields', '1', ['1'], 'The row has 1 field where the header names 2 columns (id, name)'],
    [
      'too many fields',
      '1,Ada,x',
      ['1', 'Ada', 'x'],
      'The row has 3 fields where the header names 2 columns (id, name)',
    ],
    [
      'a separator at the end',
      '1,Ada,',
      ['1', 'Ada', ''],
      'The row has 3 fields where the header names 2 columns (id, name)',
    ],
  ])('%s', async (_what, row, fields, problem) => {
    expect(await read(`id,name\n${row}\n2,Bo\n`)).toEqual([
      { number: 1, line: 2, record: fields, problem },
      { number: 2, line: 3, record: { id: '2', name: 'Bo' } },
    ]);
  });

  test.each([
    [
      'carriage returns',
      'id,name\n1,Ada\r2,Bo\n',
      'it holds a line break (CR) that does not end a row, because another one (LF) ends the header',
    ],
    [
      'line feeds',
      'id,name\r1,Ada\n2,Bo\r',
      'it holds a line break (LF) that does not end a row, because another one (CR) ends the header',
    ],
  ])('rows that end with %s, and the header does not', async (_what, text, why) => {
    expect((await read(text)).map(({ problem }) => problem)).toEqual([
      `The row has 3 fields where the header names 2 columns (id, name); ${why}`,
    ]);
  });

  test('a header of one column is counted in the singular', async () => {
    const [first] = await read('id\n1,2\n');
    expect(first?.problem).toBe('The row has 2 fields where the header names 1 column (id)');
  });

  test('a quote that is not doubled spoils only its own row, when that is one line', async () => {
    const records = await read('id,name\n1,"A"da"\n2,Bo\n');
    expect(records[0]).toMatchObject({
      number: 1,
      line: 2,
      problem: 'A quote inside a quoted field is not doubled ("")',
    });
    expect(records[1]).toEqual({ number: 2, line: 3, record: { id: '2', name: 'Bo' } });
  });

  test.each([
    ['in the middle', '6" nail'],
    ['at the end', 'nail 6"'],
    ['around a word', 'a "word"'],
  ])('a quote in an unquoted field is text: %s', async (_what, name) => {
    expect(await read(`id,name\n1,${name}\n2,Bo\n`)).toEqual([
      { number: 1, line: 2, record: { id: '1', name } },
      { number: 2, line: 3, record: { id: '2', name: 'Bo' } },
    ]);
  });
});

describe('a quote that is not closed, where a broken record stops the load', () => {
  const STRICT = { delimiter: ',', strictFormat: true };
  const unclosed = (line: number) =>
    `memory, line ${line}: a quote is opened here and not properly closed. Close it, or double it ("") where it belongs to the text.`;

  test.each([
    ['never', 'id,name\n1,Ada\n2,"Bo\n3,Cy\n4,Di\n', 3],
    ['never, on the last line', 'id,name\n1,Ada\n2,"Bo', 3],
    ['never, after a field with a line break', 'id,name\n"1\n","Ada\n2,Bo\n', 3],
    ['by the opening quote of a later row', 'id,name\n1,Ada\n2,"Bo\n3,Cy\n4,"Di"\n5,Ed\n', 3],
    ['by the opening quote of the next row', 'id,name\n1,"Ada\n2,"Bo"\n', 2],
    ['by a later quote, as first field', 'id,name\n"1,Ada\n"2",Bo\n3,Cy\n', 2],
  ])('%s: the source ends, and the line is reported', async (_what, text, line) => {
    for (const chunks of [[text], [...text]]) {
      const reading = openSeparated(textOf(chunks), STRICT).then(recordsOf);
      await expect(reading).rejects.toMatchObject({ code: 'source', message: unclosed(line) });
    }
  });

  test.each([
    ['never closed', ['id,name\n1,Ada\n2,"Bo\n3,Cy\n']],
    ['never closed, in a later chunk', ['id,name\n1,Ada\n', '2,"Bo\n3,Cy\n']],
    ['closed by a later quote', ['id,name\n1,Ada\n2,"Bo\n3,"Cy"\n4,Di\n']],
    ['closed by a later quote, in a later chunk', ['id,name\n1,Ada\n', '2,"Bo\n3,"Cy"\n4,Di\n']],
  ])('the records before it have been delivered: %s', async (_what, chunks) => {
    const open = await openSeparated(textOf(chunks), STRICT);
    const { found, error } = await recordsAndErrorOf(open);
    expect(linesAndRecords(found)).toEqual([[2, { id: '1', name: 'Ada' }]]);
    expect(error).toMatchObject({ message: unclosed(3) });
  });

  test('in the header', async () => {
    await expect(openSeparated(textOf('"id,name\n1,Ada\n'), STRICT)).rejects.toMatchObject({
      code: 'source',
      message: unclosed(1),
    });
  });
});

describe('any table', () => {
  const cell = fc.oneof(
    fc.string({ unit: 'binary' }),
    fc.string({ unit: fc.constantFrom('"', ',', '\t', '\n', '\r', ' ', 'a', '1', 'é', '😀') }),
  );
  // what a cell at the end of a line may hold is tested above
  const table = fc
    .integer({ min: 0, max: 3 })
    .chain((width) => fc.array(fc.array(cell, { minLength: width, maxLength: width }), { maxLength: 12 }))
    .map((rows) => rows.map((cells) => ['first', ...cells, 'last']));

  test.each([
    [',', '\n'],
    [',', '\r\n'],
    ['\t', '\n'],
    ['\t', '\r\n'],
  ] as const)('comes back as it was written, on the lines where it stands (%j, %j)', async (delimiter, newline) => {
    await fc.assert(
      fc.asyncProperty(table, cuts, async (rows, lengths) => {
        const columns = Array.from({ length: rows[0]?.length ?? 2 }, (_, index) => `c${index}`);
        const text = Papa.unparse([columns, ...rows], { delimiter, newline }) + newline;
        let line = 2;
        const expected = rows.map((fields, index) => {
          const start = line;
          line += 1 + (fields.join('').match(/\n/g) ?? []).length;
          return {
            number: index + 1,
            line: start,
            record: Object.fromEntries(columns.map((name, at) => [name, fields[at]])),
          };
        });
        expect(await read(cutAt(text, lengths), delimiter)).toEqual(expected);
      }),
      { numRuns: depth(100, 500) },
    );
  });
});

describe('a broken row', () => {
  const lenient = (text: string | readonly string[], settings = {}) =>
    openSeparated(textOf(text), { delimiter: ',', ...settings }).then(recordsOf);

  test.each([
    ['never closed', 'id,name\n1,"Ada\n2,Bo\n3,Cy\n', [2, 3, 4], 'and line 3 is the next with 2 fields'],
    ['closed by a later quote', 'id,name\n1,"Ada\n2,Bo\n3,"Cy"\n', [2, 3, 4], 'and line 3 is the next with 2 fields'],
    ['on the last line', 'id,name\n1,Ada\n2,"Bo', [2, 3], 'and the text ends before it is'],
    ['before lines that are no rows', 'id,name\n1,"Ada\nx\n2,Bo\n', [2, 4], 'lines 2 to 3 are skipped, and line 4 is'],
  ])('is one reject: a quote that is %s', async (_what, text, lines, why) => {
    const found = await lenient(text);
    expect(found.map(({ line }) => line)).toEqual(lines);
    expect(found.filter(({ problem }) => problem !== undefined)).toEqual([
      expect.objectContaining({ problem: expect.stringContaining(why) }),
    ]);
  });

  test('stops the load where no row follows it', async () => {
    await expect(lenient(`id,name\n1,"Ada\n${'x\n'.repeat(1001)}`)).rejects.toThrow(
      /line 2: a quote is opened here and not properly closed, and none of the next 1,000 lines is a row with 2 fields/,
    );
  });

  test('stops the load where there is one column, since every line is a row of one', async () => {
    await expect(lenient('id\n"1\n2\n')).rejects.toThrow(/line 2: a quote is opened here/);
  });

  test('is found alike, wherever the text is cut', async () => {
    const part = fc.constantFrom('"', '""', ',', '\n', '\r\n', ' ', 'a', '1,b\n', '#', '"x",y\n', '1,"b\n');
    await fc.assert(
      fc.asyncProperty(fc.array(part, { maxLength: 60 }), cuts, async (parts, lengths) => {
        const text = `id,name\n${parts.join('')}`;
        for (const settings of [{}, { comment: '#' }, { trim: 'none' }]) {
          const outcome = (chunks: readonly string[]) =>
            outcomeOf(openSeparated(textOf(chunks), { delimiter: ',', ...settings } as FileSettings));
          expect(await outcome(cutAt(text, lengths))).toEqual(await outcome([text]));
        }
      }),
      { numRuns: depth(150, 2000) },
    );
  });
});
