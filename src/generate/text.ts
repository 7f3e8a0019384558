/** Generated records as the text of a file, in any format that a populate reads. */
import Papa from 'papaparse';
import type { TextFormat } from '../populate/read/format.ts';
import type { Domain } from './domain.ts';
import type { GeneratedSpec } from './spec.ts';

/** Records per chunk; larger chunks are not faster to write. */
const CHUNK_RECORDS = 4096;

/** The part of a dataset that a file is written from. */
export interface Table {
  readonly spec: Pick<GeneratedSpec, 'count'>;
  readonly domain: Pick<Domain, 'columns' | 'numbers'>;
  readonly fields: (number: number) => string[];
}

/** The text of a file, in chunks of a few thousand records. */
export function textOf(table: Table, format: TextFormat): Generator<string> {
  switch (format) {
    case 'csv':
      return separated(table, ',');
    case 'tsv':
      return separated(table, '\t');
    case 'ndjson':
      return chunks(table, toJson(table));
    case 'json':
      return array(table);
  }
}

function* separated(table: Table, delimiter: ',' | '\t'): Generator<string> {
  const special = new RegExp(`["\\r\\n${delimiter}]|^\\s|\\s$`);
  const toLine = (fields: readonly string[]) =>
    // few fields need quotes, and the test is cheaper than quoting
    `${fields.some((field) => special.test(field)) ? Papa.unparse([fields as string[]], { delimiter }) : fields.join(delimiter)}\n`;
  yield toLine(table.domain.columns);
  yield* chunks(table, toLine);
}

function* array(table: Table): Generator<string> {
  const toLine = toJson(table);
  let isFirst = true;
  for (const chunk of chunks(table, (fields) => `,\n${toLine(fields).trimEnd()}`)) {
    yield isFirst ? `[${chunk.slice(1)}` : chunk;
    isFirst = false;
  }
  yield '\n]\n';
}

function* chunks({ spec, fields }: Table, toLine: (fields: string[]) => string): Generator<string> {
  for (let from = 1; from <= spec.count; from += CHUNK_RECORDS) {
    const to = Math.min(spec.count, from + CHUNK_RECORDS - 1);
    let text = '';
    for (let number = from; number <= to; number++) {
      text += toLine(fields(number));
    }
    yield text;
  }
}

/** Whole numbers that JavaScript represents exactly. */
const WHOLE_NUMBER = /^(?:0|-?[1-9]\d{0,14})$/;

/** Whole numbers are JSON numbers. Prices are strings, so that no reader rounds them. */
function toJson({ domain: { columns, numbers } }: Table): (fields: readonly string[]) => string {
  const keys = columns.map((column, index) => ({
    start: `${index === 0 ? '{' : ','}${JSON.stringify(column)}:`,
    isNumber: numbers.includes(column),
  }));
  return (fields) => {
    let line = '';
    for (const [index, { start, isNumber }] of keys.entries()) {
      const field = fields[index] ?? '';
      line += start + (isNumber && WHOLE_NUMBER.test(field) ? field : JSON.stringify(field));
    }
    return `${line}}\n`;
  };
}
