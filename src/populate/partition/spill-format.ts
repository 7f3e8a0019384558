/**
 * The format of a spill file: a line of JSON with the columns of its records, and a line of JSON for each record. Records are read as they
 * were written, with their numbers.
 */
import { parseJson } from '../../shared/json/parse.ts';
import { FieldRecord } from '../read/field-record.ts';
import type { RawRecord } from '../read/source.ts';

/** A record: its number and line, the fields of a row or `null`; else the record, its problem, and its own column map. */
type Line = [
  number: number,
  line: number,
  fields: readonly unknown[] | null,
  record?: unknown,
  problem?: string | null | undefined,
  map?: RawRecord['map'] | null,
];

export function headerLine(columns: readonly string[] | undefined): string {
  return `${JSON.stringify(columns ?? null)}\n`;
}

export function recordLine(raw: RawRecord): string {
  const line: Line =
    raw instanceof FieldRecord
      ? [raw.number, raw.line, raw.fields]
      : [raw.number, raw.line, null, raw.record ?? null, raw.problem, raw.map];
  return `${JSON.stringify(line)}\n`;
}

export function columnsFrom(text: string): readonly string[] | undefined {
  return (parseJson(text) as string[] | null) ?? undefined;
}

/** @param columns the result of `columnsFrom`, the same array for all records of a file */
export function recordFrom(text: string, columns: readonly string[] = []): RawRecord {
  const [number, line, fields, record, problem, map] = parseJson(text) as Line;
  if (fields !== null) {
    return new FieldRecord(number, line, columns, fields);
  }
  return {
    number,
    line,
    record,
    ...(typeof problem === 'string' ? { problem } : {}),
    ...(map ? { map } : {}),
  };
}
