/** The text of generated files: what is read back from it, in every format, is what was generated. */
import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { datasetOf } from '../../src/generate/dataset.ts';
import { recordsOf } from '../../src/generate/source.ts';
import { type Table, textOf } from '../../src/generate/text.ts';
import { openSeparated } from '../../src/populate/read/csv.ts';
import type { TextFormat } from '../../src/populate/read/format.ts';
import { openJson } from '../../src/populate/read/json.ts';
import { openNdjson } from '../../src/populate/read/ndjson.ts';
import type { OpenSource, RawRecord } from '../../src/populate/read/source.ts';
import type { TextInput } from '../../src/populate/read/text.ts';
import { generators } from '../../src/shop/generators.ts';
import { depth } from '../support/depth.ts';
import { recordsOf as readAll, textOf as textInput } from '../support/text.ts';

const OPENERS: Readonly<Record<TextFormat, (input: TextInput) => OpenSource | Promise<OpenSource>>> = {
  csv: (input) => openSeparated(input, { delimiter: ',' }),
  tsv: (input) => openSeparated(input, { delimiter: '\t' }),
  json: openJson,
  ndjson: openNdjson,
};
const FORMATS = Object.keys(OPENERS) as TextFormat[];

const readBack = async (table: Table, format: TextFormat) =>
  readAll(await OPENERS[format](textInput([...textOf(table, format)])));

/** Numbers of JSON as they stand in the other formats. */
const asText = ({ number, record }: RawRecord) => ({
  number,
  record: Object.fromEntries(Object.entries(record as object).map(([name, value]) => [name, String(value)])),
});

test.each(['users', 'products', 'orders'])('%s, in every format', async (name) => {
  const specs = fc.record({
    count: fc.oneof({ weight: 4, arbitrary: fc.integer({ min: 1, max: 300 }) }, fc.constantFrom(4096, 4097)),
    seed: fc.nat(),
    invalid: fc.constantFrom(0, 0.3, 1),
  });
  await fc.assert(
    fc.asyncProperty(specs, fc.constantFrom(...FORMATS), async (spec, format) => {
      const dataset = await datasetOf(generators, name, spec);
      const generated = recordsOf(dataset, 1, spec.count);
      expect((await readBack(dataset, format)).map(asText)).toEqual(generated.map(asText));
    }),
    { numRuns: depth(6, 20) },
  );
});

/** Records of any fields at all. */
function tableOf(rows: readonly (readonly string[])[]): Table {
  return {
    spec: { count: rows.length },
    domain: { columns: ['id', 'a "b"', 'c,\td'], numbers: ['id'] },
    fields: (number) => [...(rows[number - 1] ?? [])],
  };
}

test('fields of any text, in every format', async () => {
  const field = fc.string({
    unit: fc.constantFrom('a', '"', ',', '\t', '\n', '\r', ' ', "'", '\\', '€', '7', '-', '.', '0'),
  });
  const marked = field.map((text) => `x${text}x`);
  await fc.assert(
    fc.asyncProperty(
      // a reader may take white space around a line for no part of it
      fc.array(fc.tuple(marked, field, marked), { minLength: 1 }),
      fc.constantFrom(...FORMATS),
      async (rows, format) => {
        const read = await readBack(tableOf(rows), format);
        expect(read.map(({ record }) => Object.values(record as object))).toEqual(rows);
      },
    ),
  );
});

test('what is no plain whole number stays text in JSON', () => {
  const rows = ['7', '0', '-5', '007', '1.5', '', '-0', '9007199254740993', '123456789012345'].map((id) => [
    id,
    '1',
    '2',
  ]);
  const records = JSON.parse([...textOf(tableOf(rows), 'json')].join('')) as { id: unknown }[];
  expect(records.map(({ id }) => id)).toEqual([7, 0, -5, '007', '1.5', '', '-0', '9007199254740993', 123456789012345]);
});
