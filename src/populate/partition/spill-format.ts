/**
 * The format of a spill file: a line of JSON with the columns, and a line of JSON per record. Where the columns change, as between files
 * of a set, there is another line of columns. Records are read as they were written, including their numbers.
 */
import { parseJson } from '../../shared/json/parse.ts';
import { parseExactJson } from '../../shared/json/parse-exact.ts';
import { FieldRecord, SpacedRecord } from '../read/field-record.ts';
import type { RawRecord } from '../read/source.ts';

/** The fields of a record besides its values. */
type Rest = Pick<RawRecord, 'file' | 'problem' | 'map' | 'isSpaced'> & { readonly numbers?: readonly string[] };

/** A record: its number and line, the fields of a row or `null`, then the record and its other fields. */
type Line = [number: number, line: number, fields: readonly unknown[] | null, record?: unknown, rest?: Rest];

export function columnsLine(columns: readonly string[] | undefined): string {
  return `${JSON.stringify(columns ?? null)}\n`;
}

export function recordLine(raw: RawRecord): string {
  const { number, line } = raw;
  const rest = restOf(raw);
  const others = Object.keys(rest).length === 0 ? [] : [rest];
  const text: unknown[] =
    raw instanceof FieldRecord
      ? [number, line, raw.fields, ...(others.length === 0 ? [] : [null, ...others])]
      : [number, line, null, raw.record ?? null, ...others];
  return `${JSON.stringify(text)}\n`;
}

function restOf({ file, problem, map, isSpaced, numbers }: RawRecord): Rest {
  return {
    ...(file === undefined ? {} : { file }),
    ...(problem === undefined ? {} : { problem }),
    ...(map === undefined ? {} : { map }),
    ...(isSpaced === undefined ? {} : { isSpaced }),
    ...(numbers === undefined ? {} : { numbers: [...numbers] }),
  };
}

/** Reads the lines of a spill file, in order. */
export class SpillReader {
  /** The same array for all records until the next line of columns. */
  #columns: readonly string[] | undefined;

  /** The columns of the last line of columns. */
  get columns(): readonly string[] | undefined {
    return this.#columns;
  }

  /** The records among some lines. */
  records(lines: readonly string[]): RawRecord[] {
    const records: RawRecord[] = [];
    for (const line of lines) {
      if (isRecord(line)) {
        records.push(this.#recordFrom(line));
      } else {
        this.#columns = (parseJson(line) as string[] | null) ?? undefined;
      }
    }
    return records;
  }

  #recordFrom(text: string): RawRecord {
    const [number, line, fields, record, { numbers: names, ...rest } = {}] = parseExactJson(text) as Line;
    const numbers = names === undefined ? undefined : new Set(names);
    if (fields !== null) {
      const Made = rest.isSpaced ? SpacedRecord : FieldRecord;
      return new Made(number, line, this.#columns ?? [], fields, rest.file, numbers);
    }
    return { number, line, record, ...rest, ...(numbers === undefined ? {} : { numbers }) };
  }
}

/** Whether a line starts with the number of a record, and not with a column. */
function isRecord(line: string): boolean {
  return /^\[\d/.test(line);
}
