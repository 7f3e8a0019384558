/** A rejected record: as a row of a database until its run has ended, and as a line of a rejects file, which can be loaded again. */
import { isJsonObject } from '../shared/json/object.ts';
import type { RecordError } from '../shared/rules/rules.ts';
import type { RunRejectRow } from './run-tables.ts';

export interface RejectedRecord {
  readonly number: number;
  readonly line: number;
  readonly record: unknown;
  readonly errors: readonly RecordError[];
  /** The columns that `--map` named for properties; they are needed to load the record again. */
  readonly map?: ColumnMap | undefined;
}

/** Property -> column. */
type ColumnMap = Readonly<Record<string, string>>;

/** The start of every line. */
export const REJECT_START = '{"number":';

/** The map, if any, is appended to the errors, as in the line. */
export function rejectRow({ number, line, record, errors, map = {} }: RejectedRecord): Omit<RunRejectRow, 'entity'> {
  const mapped = Object.keys(map).length === 0 ? '' : `,"map":${JSON.stringify(map)}`;
  return {
    number,
    line,
    record: JSON.stringify(record ?? null),
    errors: `${JSON.stringify(errors)}${mapped}`,
  };
}

/** Escapes the two characters of JSON text that line readers, Node's too, take for line ends. */
export function rejectLine({ number, line, record, errors }: Omit<RunRejectRow, 'entity'>): string {
  const json = `${REJECT_START}${number},"line":${line},"record":${record},"errors":${errors}}\n`;
  return json.replace(/[\u2028\u2029]/g, (character) => (character === '\u2028' ? '\\u2028' : '\\u2029'));
}

/** @returns the content of a line of {@link rejectLine}; nothing for any other value */
export function readReject(value: unknown): { readonly record: unknown; readonly map?: ColumnMap } | undefined {
  if (!isJsonObject(value) || !Array.isArray(value['errors'])) {
    return undefined;
  }
  const keys = Object.keys(value).sort().join();
  const { record, map } = value;
  if (keys === 'errors,line,number,record') {
    return { record };
  }
  return keys === 'errors,line,map,number,record' && isColumnMap(map) ? { record, map } : undefined;
}

function isColumnMap(value: unknown): value is ColumnMap {
  return isJsonObject(value) && Object.values(value).every((column) => typeof column === 'string');
}
