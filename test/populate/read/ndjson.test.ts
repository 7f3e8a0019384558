/** Newline delimited JSON: a line that is broken spoils only itself. */
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { openNdjson } from '../../../src/populate/read/ndjson.ts';
import { TextFault } from '../../../src/populate/read/text.ts';
import { depth } from '../../support/depth.ts';
import { cutAt, cuts, outcomeOf, recordsOf, textOf } from '../../support/text.ts';

const read = async (text: string | readonly string[]) => recordsOf(await openNdjson(textOf(text)));

const NOT_AN_OBJECT = 'The record is not a JSON object';

describe('lines', () => {
  const TWO = [
    { number: 1, line: 1, record: { id: 1 } },
    { number: 2, line: 2, record: { id: 2 } },
  ];

  test.each([
    ['line feeds', '{"id":1}\n{"id":2}\n'],
    ['no line end after the last line', '{"id":1}\n{"id":2}'],
    ['carriage return and line feed', '{"id":1}\r\n{"id":2}\r\n'],
    ['mixed line ends and spaces', ' {"id":1} \r\n\t{ "id" : 2 }\n'],
  ])('with %s', async (_what, text) => {
    expect(await read(text)).toEqual(TWO);
    expect(await read([...text])).toEqual(TWO);
  });

  test('that are blank are skipped, and counted as lines', async () => {
    expect(await read('\n{"id":1}\n\n  \r\n\t\n{"id":2}\n\n')).toEqual([
      { number: 1, line: 2, record: { id: 1 } },
      { number: 2, line: 6, record: { id: 2 } },
    ]);
  });

  test.each([
    ['nothing', []],
    ['blank lines', '\n\n'],
  ])('of %s hold no record', async (_what, text) => {
    expect(await read(text)).toEqual([]);
  });

  test.each(['\u2028', '\u2029', '\u0085'])('do not end at %j inside a string', async (character) => {
    expect(await read(`{"name":"a${character}b"}\n{"id":2}\n`)).toEqual([
      { number: 1, line: 1, record: { name: `a${character}b` } },
      { number: 2, line: 2, record: { id: 2 } },
    ]);
  });

  test('name no columns', async () => {
    expect((await openNdjson(textOf('{}'))).columns).toBeUndefined();
  });
});

describe('a line that is no record', () => {
  test.each(['{"id":1', '{"id":1}}', '{id:1}', 'id,name', '{"id":1},', '{"id":1}{"id":2}', '{"id":"a\tb"}', '"'])(
    'is rejected with what stands in it, and the rest goes on: %j',
    async (broken) => {
      expect(await read(`{"id":1}\n  ${broken}\r\n{"id":3}\n`)).toEqual([
        { number: 1, line: 1, record: { id: 1 } },
        {
          number: 2,
          line: 2,
          record: broken,
          problem: expect.stringMatching(/^The line is not valid JSON: ./),
        },
        { number: 3, line: 3, record: { id: 3 } },
      ]);
    },
  );

  test.each([
    ['null', null],
    ['1', 1],
    ['"text"', 'text'],
    ['[{"id":1}]', [{ id: 1 }]],
  ])('is rejected as a value that is no object: %s', async (text, record) => {
    expect(await read(`{"id":1}\n${text}\n{"id":2}\n`)).toEqual([
      { number: 1, line: 1, record: { id: 1 } },
      { number: 2, line: 2, record, problem: NOT_AN_OBJECT },
      { number: 3, line: 3, record: { id: 2 } },
    ]);
  });

  test('is reported with its column, and only one line number', async () => {
    const [, second] = await read('{"id":1}\n{"id":1,"name":}\n');
    expect(second).toEqual({
      number: 2,
      line: 2,
      record: '{"id":1,"name":}',
      problem: 'The line is not valid JSON: a value is missing before } (column 16)',
    });
  });

  test('is one with a key twice', async () => {
    expect(await read('{"id":1,"id":1}\n{"id":2}\n')).toEqual([
      { number: 1, line: 1, record: '{"id":1,"id":1}', problem: 'The key "id" occurs twice in one object' },
      { number: 2, line: 2, record: { id: 2 } },
    ]);
  });

  test('is not one that begins with a byte order mark, as in files that were put together', async () => {
    expect(await read('{"id":1}\n\ufeff{"id":2}\n')).toEqual([
      { number: 1, line: 1, record: { id: 1 } },
      { number: 2, line: 2, record: { id: 2 } },
    ]);
  });
});

describe('a file of another shape is refused when it is opened', () => {
  const ARRAY = 'the file holds a JSON array, not one JSON object per line. Use --format json.';
  const SPREAD =
    'a JSON object of several lines begins here, and each line has to hold a whole one. Write it on one line, for example with: jq -c . old.json > new.ndjson';

  test.each([
    ['an array', '[{"id":1},{"id":2}]', 1, ARRAY],
    ['an array of several lines', '\n[\n{"id":1}\n]\n', 2, ARRAY],
    ['objects of several lines', '{\n  "id": 1\n}\n{\n  "id": 2\n}\n', 1, SPREAD],
  ])('%s', async (_what, text, line, message) => {
    for (const chunks of [[text], [...text]]) {
      await expect(openNdjson(textOf(chunks))).rejects.toMatchObject({
        code: 'source',
        message: `memory, line ${line}: ${message}`,
      });
    }
  });
});

test('a line of more than 64 MiB ends the source', async () => {
  const piece = 'x'.repeat(1024 * 1024);
  const input = {
    ...textOf([], 'users.ndjson'),
    chunks: (async function* () {
      yield '{"id":1}\n{"id":2}\n{"id":"';
      for (;;) {
        yield piece;
      }
    })(),
  };
  const { found, error } = await outcomeOf(openNdjson(input));
  expect(found.map(({ record }) => record)).toEqual([{ id: 1 }, { id: 2 }]);
  expect(error).toMatchObject({
    code: 'source',
    message:
      'users.ndjson, line 3: the line that starts here is longer than 64 MiB; probably its line ends are missing.',
  });
});

describe('a line of a rejects file', () => {
  const reject = (record: unknown) =>
    JSON.stringify({ number: 7, line: 8, record, errors: [{ property: 'id', code: 'isInt', message: 'Id' }] });

  test('is read as the record in it', async () => {
    expect(await read(`${reject({ id: 'x', name: 'Ada' })}\n{"id":2}\n`)).toEqual([
      { number: 1, line: 1, record: { id: 'x', name: 'Ada' } },
      { number: 2, line: 2, record: { id: 2 } },
    ]);
  });

  test('has no record where there was none before', async () => {
    expect(await read(reject(['1', 'Ada', 'x']))).toEqual([
      { number: 1, line: 1, record: ['1', 'Ada', 'x'], problem: NOT_AN_OBJECT },
    ]);
  });

  test('that could not be read as a record keeps its reason, until its text is corrected', async () => {
    const because = (record: unknown, message: string) =>
      JSON.stringify({ number: 7, line: 8, record, errors: [{ property: null, code: 'parse', message }] });
    const row = because(['1', 'Ada', 'x'], 'The row has 3 fields');
    const text = because('1,"Ada', 'A quote is opened in this row');
    const corrected = because('{"id":9007199254740993}', 'The line is not valid JSON: …');
    const broken = because('{"id":}', 'The line is not valid JSON: …');
    const filled = because({ id: 1 }, 'The row has 3 fields');
    expect(await read([row, text, corrected, broken, filled].join('\n'))).toEqual([
      { number: 1, line: 1, record: ['1', 'Ada', 'x'], problem: 'The row has 3 fields' },
      { number: 2, line: 2, record: '1,"Ada', problem: 'A quote is opened in this row' },
      { number: 3, line: 3, record: { id: '9007199254740993' } },
      {
        number: 4,
        line: 4,
        record: '{"id":}',
        problem: 'The line is not valid JSON: a value is missing before } (column 7)',
      },
      { number: 5, line: 5, record: { id: 1 } },
    ]);
  });

  test.each([
    ['has a key more', { number: 1, line: 1, record: {}, errors: [], id: 1 }],
    ['has a key less', { number: 1, record: {}, errors: [] }],
    ['has errors that are no list', { number: 1, line: 1, record: {}, errors: 'none' }],
  ])('is a record itself when it %s', async (_what, record) => {
    expect(await read(JSON.stringify(record))).toEqual([{ number: 1, line: 1, record }]);
  });
});

test.each([
  ['9007199254740991', 9007199254740991],
  ['9007199254740993', '9007199254740993'],
  ['1e400', '1e400'],
  ['0.1', 0.1],
  ['1e3', '1e3'],
  ['19.990', '19.990'],
  ['-0', '-0'],
])('reads the number %s exactly', async (text, value) => {
  expect((await read(`{"id":${text}}`))[0]?.record).toEqual({ id: value });
});

test('has keys like the names of what every object has', async () => {
  const [first] = await read('{"__proto__":{"x":1},"constructor":2,"id":9007199254740993}\n');
  expect(Object.entries(first?.record as object)).toEqual([
    ['__proto__', { x: 1 }],
    ['constructor', 2],
    ['id', '9007199254740993'],
  ]);
  expect(({} as Record<string, unknown>)['x']).toBeUndefined();
});

test('text that stops gives the records before it, and the line', async () => {
  const input = {
    ...textOf([], 'users.ndjson'),
    chunks: (async function* () {
      yield '{"id":1}\n{"id":2}\n{"id"';
      throw new TextFault('the file is truncated');
    })(),
  };
  const { found, error } = await outcomeOf(openNdjson(input));
  expect(found.map(({ record }) => record)).toEqual([{ id: 1 }, { id: 2 }]);
  expect(error).toMatchObject({ code: 'source', message: 'users.ndjson, line 3: the file is truncated.' });
});

test('any records come back as they were written, however they are cut', async () => {
  const line = fc.oneof(
    fc.dictionary(fc.string({ unit: 'binary' }), fc.oneof(fc.string({ unit: 'binary' }), fc.integer(), fc.boolean())),
    fc.constant(undefined),
  );
  await fc.assert(
    fc.asyncProperty(fc.array(line), fc.constantFrom('\n', '\r\n'), cuts, async (lines, newline, lengths) => {
      const text = lines.map((record) => (record === undefined ? '' : JSON.stringify(record))).join(newline);
      const expected = lines
        .map((record, index) => ({ line: index + 1, text: JSON.stringify(record) }))
        .filter((each) => each.text !== undefined);
      const found = await read(cutAt(text, lengths));
      expect(found.map((each) => ({ line: each.line, text: JSON.stringify(each.record) }))).toEqual(expected);
    }),
    { numRuns: depth(100, 500) },
  );
});
