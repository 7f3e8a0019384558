/** JSON arrays: their records, their lines, and where they break. */
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { openJson } from '../../../src/populate/read/json.ts';
import { MeridianError } from '../../../src/shared/errors.ts';
import { depth } from '../../support/depth.ts';
import { cutAt, cuts, outcomeOf, recordsOf, textOf } from '../../support/text.ts';

const read = async (text: string | readonly string[]) => recordsOf(await openJson(textOf(text)));

const NOT_AN_OBJECT = 'The record is not a JSON object';

describe('an array of objects', () => {
  test('gives records with their numbers and the lines on which they start', async () => {
    expect(await read('[\n  {"id": 1},\n\n  {\n    "id": 2\n  }, {"id": 3}\r\n,\n{"id":\n4}]\n')).toEqual([
      { number: 1, line: 2, record: { id: 1 } },
      { number: 2, line: 4, record: { id: 2 } },
      { number: 3, line: 6, record: { id: 3 } },
      { number: 4, line: 8, record: { id: 4 } },
    ]);
  });

  test('on one line', async () => {
    expect(await read('[{"id":1},{"id":2}]')).toEqual([
      { number: 1, line: 1, record: { id: 1 } },
      { number: 2, line: 1, record: { id: 2 } },
    ]);
  });

  test.each(['[]', ' [ ] ', '\n[\n]\n'])('may be empty: %j', async (text) => {
    expect(await read(text)).toEqual([]);
  });

  test('names no columns', async () => {
    expect((await openJson(textOf('[]'))).columns).toBeUndefined();
  });

  test('keeps nested values as they are', async () => {
    const record = { a: { b: [1, { c: null }, [], {}] }, d: [true, false], e: '' };
    expect((await read(JSON.stringify([record])))[0]?.record).toEqual(record);
  });

  test.each([
    ['9007199254740991', 9007199254740991],
    ['9007199254740993', '9007199254740993'],
    ['-9007199254740993', '-9007199254740993'],
    ['1e400', '1e400'],
    ['0.1', 0.1],
    ['0.1234567890123456789', '0.1234567890123456789'],
    ['1.00000000000000000001', '1.00000000000000000001'],
    ['1e3', '1e3'],
    ['19.990', '19.990'],
    ['-0', '-0'],
  ])('reads the number %s exactly', async (text, value) => {
    for (const chunks of [[`[{"id":${text}}]`], [...`[{"id":${text}}]`]]) {
      expect((await read(chunks))[0]?.record).toEqual({ id: value });
    }
  });

  test('has keys like the names of what every object has', async () => {
    const [first] = await read('[{"__proto__":{"x":1},"constructor":2,"toString":3,"id":4}]');
    const record = first?.record as Record<string, unknown>;
    expect(Object.entries(record)).toEqual([
      ['__proto__', { x: 1 }],
      ['constructor', 2],
      ['toString', 3],
      ['id', 4],
    ]);
    expect(record['x']).toBeUndefined();
    expect(({} as Record<string, unknown>)['x']).toBeUndefined();
  });

  test('an object with a key twice is no record, and the others are', async () => {
    expect(await read('[{"id":1,"id":2},\n{"id":3}]')).toEqual([
      { number: 1, line: 1, record: '{"id":1,"id":2}', problem: 'The key "id" occurs twice in one object' },
      { number: 2, line: 2, record: { id: 3 } },
    ]);
  });

  test.each([
    ['escapes', String.raw`"\"\\\/\b\f\n\r\t\u0041\u00e9"`, '"\\/\b\f\n\r\tAé'],
    ['a surrogate pair', '"😀"', '😀'],
    ['an escaped surrogate pair', String.raw`"\ud83d\ude00"`, '😀'],
    ['an escaped half of one', String.raw`"\ud83d"`, '\ud83d'],
    ['line separators of Unicode', '"a\u2028b\u2029c"', 'a\u2028b\u2029c'],
    ['right to left', '"שלום"', 'שלום'],
  ])('reads %s', async (_what, text, value) => {
    for (const chunks of [[`[{"a":${text}}]`], [...`[{"a":${text}}]`]]) {
      expect((await read(chunks))[0]?.record).toEqual({ a: value });
    }
  });
});

test.each([
  ['null', null],
  ['1', 1],
  ['"text"', 'text'],
  ['true', true],
  ['[]', []],
  ['[{"id":1}]', [{ id: 1 }]],
])('the element %s is no record, and the others are', async (text, record) => {
  expect(await read(`[{"id":1},\n${text},\n{"id":2}]`)).toEqual([
    { number: 1, line: 1, record: { id: 1 } },
    { number: 2, line: 2, record, problem: NOT_AN_OBJECT },
    { number: 3, line: 3, record: { id: 2 } },
  ]);
});

describe('what is no array of JSON', () => {
  const LINES = 'the file holds one JSON object per line, not a JSON array. Use --format ndjson.';
  const OBJECT =
    'the file holds one JSON object, and no array of records in it. If the object is a record, put brackets around it: [ … ]';
  const BROKEN =
    'the file holds a JSON object, not a JSON array of objects. If it is the only one, put brackets around it: [ … ]. If there is one on each line, use --format ndjson.';
  const EMPTY =
    'the file holds an empty JSON object, and no record. If there are no records, write an empty array: [].';
  const inKey = (key: string) =>
    `the file holds a JSON object with an array in "${key}", not the array itself. If the records are in it, name the keys that lead to it with --json-path, such as --json-path data.${key}.`;
  const at = (path: string) =>
    `the file holds a JSON object with an array at "${path}", not the array itself. If the records are in it, use --json-path ${path}.`;
  const begins = (text: string) => `the file does not hold a JSON array of objects. It begins with "${text}".`;

  test.each([
    ['an object', '{"id":1}', 1, `${OBJECT}, or use --format ndjson.`],
    ['an empty object', '\n{}\n', 2, EMPTY],
    ['an empty object of several lines', '{\n\n}', 1, EMPTY],
    ['an object with objects and lists of values', '{"id":{"a":{}},\n"tags":["b"]}', 1, `${OBJECT}.`],
    ['an object a line', '\n{"id":1}\n{"id":2}\n', 2, LINES],
    ['objects with lists, one a line', '{"id":1,"tags":[{"a":1}]}\r\n{"id":2}\r\n', 1, LINES],
    ['an object of several lines', '{\n"id": 1,\n"name": "Ada"\n}\n', 1, `${OBJECT}.`],
    ['a broken object', '{\n"id": 1,\n"name": "Ada"\n', 1, BROKEN],
    ['an object around the array', '{"data": [{"id":1}]}', 1, at('data')],
    ['the same in several lines', '{\n  "total": 1,\n  "rows": [\n{"id":1}]}', 1, at('rows')],
    ['an object around an object around it', '{"a": {"b": 1}, "data": {"rows": []}}', 1, at('data.rows')],
    ['an object around an empty array', '{"data":[]}', 1, at('data')],
    ['a long object around the array', `{"data":[${'{"id":1},\n'.repeat(10_000)}{"id":1}]}`, 1, inKey('data')],
    ['a string', '\n"text"', 2, begins('"text"')],
    ['a number', '12 ', 1, begins('12 ')],
    ['null', 'null', 1, begins('null')],
    ['a table', 'id,name\n1,Ada\n', 1, begins('id,name')],
  ])('%s', async (_what, text, line, message) => {
    for (const chunks of [[text], cutAt(text, Array<number>(20).fill(1))]) {
      await expect(openJson(textOf(chunks))).rejects.toMatchObject({
        code: 'source',
        message: `memory, line ${line}: ${message}`,
      });
    }
  });

  test.each([
    ['text', '[\n{"id":1},\n{"id":x},\n{"id":3}]', 3, 1],
    ['a comma before the end', '[\n{"id":1},\n]', 3, 1],
    ['a comma before the end of an object', '[\n{"id":1,\n}]', 3, 0],
    ['no comma between elements', '[{"id":1}\n{"id":2}]', 2, 1],
    ['two commas', '[{"id":1},\n,{"id":2}]', 2, 1],
    ['no colon', '[{"id" 1}]', 1, 0],
    ['single quotes', "[{'id':1}]", 1, 0],
    ['a comment', '[\n// one\n{"id":1}]', 2, 0],
    ['NaN', '[{"id":NaN}]', 1, 0],
    ['a leading zero', '[{"id":01}]', 1, 0],
    ['a line break in a string', '[{"id":"a\nb"}]', 1, 0],
    ['a tab in a string', '[{"id":"a\tb"}]', 1, 0],
    ['an unknown escape', String.raw`[{"id":"\x"}]`, 1, 0],
    ['the wrong bracket', '[{"id":1]', 1, 0],
    ['another value behind the array', '[{"id":1}]\n[{"id":2}]', 2, 1],
    ['text behind the array', '[{"id":1}]\nx', 2, 1],
    ['text behind an empty array', '[]\nx', 2, 0],
    ['a bracket too many', '[{"id":1}]]', 1, 1],
  ])('broken by %s: the line is reported', async (_what, text, line, before) => {
    for (const chunks of [[text], [...text]]) {
      const { found, error } = await outcomeOf(openJson(textOf(chunks)));
      expect(error).toBeInstanceOf(MeridianError);
      expect(error).toMatchObject({
        code: 'source',
        message: expect.stringMatching(new RegExp(`^memory, line ${line}: the JSON is broken \\(.+\\)\\.$`, 's')),
      });
      expect(found.length).toBeLessThanOrEqual(before);
    }
  });

  test('the records before the break are given', async () => {
    const { found, error } = await outcomeOf(openJson(textOf('[{"id":1},\n{"id":2},\n{"id":x}]')));
    expect(error).toBeInstanceOf(MeridianError);
    expect(found.map(({ record }) => record)).toEqual([{ id: 1 }, { id: 2 }]);
  });

  test.each([
    ['nothing', '', 1],
    ['white space', ' \n ', 2],
    ['the opening bracket', '[', 1],
    ['a part of an object', '[{"id":1},\n{"id"', 2],
    ['a part of a string', '[{"id":"1', 1],
    ['a whole object', '[\n{"id":1}\n', 3],
    ['a comma', '[\n{"id":1},', 2],
  ])('truncated after %s', async (_what, text, line) => {
    await expect(read(text)).rejects.toMatchObject({
      code: 'source',
      message: `memory, line ${line}: the file ends before its JSON array does.`,
    });
  });
});

test('any array comes back as it was written, however it is cut', async () => {
  const value = fc.letrec((tie) => ({
    any: fc.oneof(
      { maxDepth: 3 },
      fc.string({ unit: 'binary' }),
      fc.integer(),
      fc.boolean(),
      fc.constant(null),
      fc.array(tie('any'), { maxLength: 3 }),
      fc.dictionary(fc.string(), tie('any'), { maxKeys: 3 }),
    ),
  })).any;
  const record = fc.dictionary(fc.oneof(fc.string(), fc.constantFrom('__proto__', 'constructor', 'id')), value);
  await fc.assert(
    fc.asyncProperty(fc.array(record, { maxLength: 6 }), fc.nat({ max: 2 }), cuts, async (records, indent, lengths) => {
      const text = JSON.stringify(records, null, indent);
      const found = await read(cutAt(text, lengths));
      expect(found.map(({ number }) => number)).toEqual(records.map((_, index) => index + 1));
      expect(found.every(({ problem }) => problem === undefined)).toBe(true);
      expect(JSON.stringify(found.map((each) => each.record))).toBe(JSON.stringify(records));
    }),
    { numRuns: depth(100, 500) },
  );
});

describe('a list within a document', () => {
  const at = (text: string | readonly string[], jsonPath: string) => openJson(textOf(text), { jsonPath });

  test('is read whatever stands around it', async () => {
    const text = '{"total": 2, "data": {"items": [\n{"id": 1},\n{"id": 2}]}, "next": "]}"}\n';
    for (const piece of [[text], [...text]]) {
      const records = await recordsOf(await at(piece, 'data.items'));
      expect(records.map(({ line, record }) => [line, record])).toEqual([
        [2, { id: 1 }],
        [3, { id: 2 }],
      ]);
    }
  });

  test.each(['{"data": [{"id": 1}]', '{"data": [{"id": 1}], "more": {"a": [', '{"data": [{"id": 1}], "next": "x'])(
    'of a document that is cut off behind it: %s',
    async (text) => {
      expect(await outcomeOf(at(text, 'data'))).toMatchObject({
        found: [{ record: { id: 1 } }],
        error: { message: expect.stringMatching(/line 1: the file ends before its JSON document does\.$/) },
      });
    },
  );
});
