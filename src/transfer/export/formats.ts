/** The formats of exported tables. */
import Papa from 'papaparse';
import type { Column, Row } from '../../database/columns.ts';
import { canonicalValue } from '../canonical.ts';
import { parquetWriter } from './parquet.ts';
import type { Sink, TableWriter } from './writer.ts';

export const FORMATS = ['csv', 'ndjson', 'parquet'] as const;
export type Format = (typeof FORMATS)[number];

export function writerOf(format: Format, columns: readonly Column[], sink: Sink): Promise<TableWriter> {
  switch (format) {
    case 'csv':
      return csvWriter(columns, sink);
    case 'ndjson':
      return Promise.resolve(ndjsonWriter(columns, sink));
    default:
      return parquetWriter(columns, sink);
  }
}

const NEWLINE = '\n';

async function csvWriter(columns: readonly Column[], sink: Sink): Promise<TableWriter> {
  const text = (rows: readonly (readonly unknown[])[]) =>
    `${Papa.unparse(rows as unknown[][], { newline: NEWLINE })}${NEWLINE}`;
  await sink(text([columns.map(({ property }) => property)]));
  return {
    write: (rows) => sink(text(rows.map((row) => columns.map((column) => csvField(column, row))))),
    end: () => Promise.resolve(),
  };
}

function csvField(column: Column, row: Row): unknown {
  const value = canonicalValue(column, row[column.property]);
  return value !== null && (typeof value === 'object' || column.kind === 'json') ? JSON.stringify(value) : value;
}

function ndjsonWriter(columns: readonly Column[], sink: Sink): TableWriter {
  return {
    write: (rows) =>
      sink(
        rows
          .map((row) => {
            const entries = columns.map((column) => [column.property, jsonValue(column, row)]);
            return `${JSON.stringify(Object.fromEntries(entries))}\n`;
          })
          .join(''),
      ),
    end: () => Promise.resolve(),
  };
}

/** Text in a JSON column is written as a JSON string: populate would read `{}` as an object. */
function jsonValue(column: Column, row: Row): unknown {
  const value = canonicalValue(column, row[column.property]);
  return column.kind === 'json' && typeof value === 'string' ? JSON.stringify(value) : value;
}
