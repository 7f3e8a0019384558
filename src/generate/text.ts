/** Generated records as the text of a file, in any format that a populate reads. */
import Papa from 'papaparse';
import type { Format } from '../populate/read/format.ts';
import type { Dataset } from './dataset.ts';

/** Larger pieces are no faster to write. */
const CHUNK_RECORDS = 4096;

/** The whole text, a few thousand records at a time. */
export function textOf(dataset: Dataset, format: Format): Generator<string> {
  switch (format) {
    case 'csv':
      return separated(dataset, ',');
    case 'tsv':
      return separated(dataset, '\t');
    case 'ndjson':
      return chunks(dataset, toJson(dataset));
    case 'json':
      return array(dataset);
  }
}

function* separated(dataset: Dataset, delimiter: ',' | '\t'): Generator<string> {
  const special = new RegExp(`["\\r\\n${delimiter}]|^\\s|\\s$`);
  const toLine = (fields: readonly string[]) =>
    // nearly no field needs quotes, and to see that is cheaper than to quote
    `${fields.some((field) => special.test(field)) ? Papa.unparse([fields as string[]], { delimiter }) : fields.join(delimiter)}\n`;
  yield toLine(dataset.domain.columns);
  yield* chunks(dataset, toLine);
}

function* array(dataset: Dataset): Generator<string> {
  const toLine = toJson(dataset);
  let isFirst = true;
  for (const chunk of chunks(dataset, (fields) => `,\n${toLine(fields).trimEnd()}`)) {
    yield isFirst ? `[${chunk.slice(1)}` : chunk;
    isFirst = false;
  }
  yield '\n]\n';
}

function* chunks({ spec, fields }: Dataset, toLine: (fields: string[]) => string): Generator<string> {
  for (let from = 1; from <= spec.count; from += CHUNK_RECORDS) {
    const to = Math.min(spec.count, from + CHUNK_RECORDS - 1);
    let text = '';
    for (let number = from; number <= to; number++) {
      text += toLine(fields(number));
    }
    yield text;
  }
}

/** Shorter than what JavaScript would round. */
const WHOLE_NUMBER = /^(?:0|-?[1-9]\d{0,14})$/;

/** Numbers stand without quotes, as far as they are numbers; prices keep theirs, so that nothing rounds them. */
function toJson({ domain: { columns, numbers } }: Dataset): (fields: readonly string[]) => string {
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
