/** A rejected record, as a database row and as a line of a rejects file, which can be loaded again. */
import { jsonText } from '../shared/json/json-text.ts';
import { isJsonObject } from '../shared/json/object.ts';
import type { RecordError } from '../shared/rules/rules.ts';
import type { RejectRow } from './run-tables.ts';

export interface RejectedRecord {
  readonly number: number;
  /** The file that contains it, if the source has several. */
  readonly file?: string | undefined;
  readonly line: number;
  readonly record: unknown;
  readonly errors: readonly RecordError[];
  /** The columns that `--map` assigns to properties, which are needed to load the record again. */
  readonly map?: ColumnMap | undefined;
  /** Columns whose text is in standard format whatever the format settings are: those with JSON numbers. */
  readonly standard?: Iterable<string> | undefined;
  /** Whether leading and trailing white space belongs to texts. */
  readonly isSpaced?: boolean | undefined;
}

/** The row of a reject without table and run. */
export type RejectContent = Omit<RejectRow, 'entity' | 'run'>;

/** Property -> column. */
type ColumnMap = Readonly<Record<string, string>>;

/** How every line starts. */
export const REJECT_START = '{"number":';

/** Appends the options that are needed to read the record again to the errors, as in the line. */
export function rejectRow(reject: RejectedRecord): RejectContent {
  const { number, file, line, record, errors, map = {}, standard = [], isSpaced = false } = reject;
  const columns = [...standard];
  const mapped = Object.keys(map).length === 0 ? '' : `,"map":${JSON.stringify(map)}`;
  const written = columns.length === 0 ? '' : `,"standard":${JSON.stringify(columns)}`;
  return {
    number,
    file: file ?? null,
    line,
    record: JSON.stringify(record ?? null),
    errors: `${errorsJson(errors)}${mapped}${written}${isSpaced ? ',"trim":"none"' : ''}`,
  };
}

/** Errors as JSON.stringify writes them. */
export function errorsJson(errors: readonly RecordError[]): string {
  let written = '';
  for (const { property, code, message } of errors) {
    const name = property === null ? 'null' : nameJson(property);
    const comma = written === '' ? '' : ',';
    written += `${comma}{"property":${name},"code":${nameJson(code)},"message":${jsonText(message)}}`;
  }
  return `[${written}]`;
}

/** Names of properties and codes, of which there are few, as JSON: a load may write each a million times. */
const names = new Map<string, string>();

function nameJson(name: string): string {
  let json = names.get(name);
  if (json === undefined) {
    json = JSON.stringify(name);
    names.set(name, json);
  }
  return json;
}

/** Escapes the two JSON characters that line readers, including Node's, treat as line ends. */
export function rejectLine({ number, file, line, record, errors }: RejectContent): string {
  const inFile = file === null ? '' : `"file":${JSON.stringify(file)},`;
  const json = `${REJECT_START}${number},${inFile}"line":${line},"record":${record},"errors":${errors}}\n`;
  return json.replace(/[\u2028\u2029]/g, (character) => (character === '\u2028' ? '\\u2028' : '\\u2029'));
}

/** The content of a reject as a source provides it. */
interface ReadReject {
  readonly record: unknown;
  /** The reason if no record could be read. */
  readonly reason?: string;
  readonly map?: ColumnMap;
  readonly numbers?: ReadonlySet<string>;
  readonly isSpaced?: true;
}

/** @returns the content of a line that {@link rejectLine} wrote; nothing for any other value */
export function readReject(value: unknown): ReadReject | undefined {
  if (!isJsonObject(value) || !Array.isArray(value['errors'])) {
    return undefined;
  }
  const { number, line, record, errors, file = '', map = {}, standard = [], trim = 'all', ...others } = value;
  const isWhole = [number, line, record].every((one) => one !== undefined);
  const isKnown = isColumnMap(map) && isTexts(standard) && (trim === 'all' || trim === 'none');
  if (!isWhole || !isKnown || typeof file !== 'string' || Object.keys(others).length > 0) {
    return undefined;
  }
  const reason = (errors as readonly Partial<RecordError>[]).find(isOfRecord)?.message;
  return {
    record,
    ...(reason === undefined ? {} : { reason }),
    ...(value['map'] === undefined ? {} : { map }),
    ...(standard.length === 0 ? {} : { numbers: new Set(standard) }),
    ...(trim === 'none' ? { isSpaced: true } : {}),
  };
}

function isOfRecord(error: Partial<RecordError> | null): boolean {
  return error?.property === null && error.code === 'parse' && typeof error.message === 'string';
}

function isTexts(value: unknown): value is readonly string[] {
  return Array.isArray(value) && value.every((one) => typeof one === 'string');
}

function isColumnMap(value: unknown): value is ColumnMap {
  return isJsonObject(value) && Object.values(value).every((column) => typeof column === 'string');
}
