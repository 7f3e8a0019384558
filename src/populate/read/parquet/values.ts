/** Converts values of a Parquet file by their schema types: scalars to exact text, lists and structures as in JSON. */
import type { SchemaElement, SchemaTree } from 'hyparquet';
import { isExactNumber } from '../../../shared/json/exact-number.ts';
import { WrittenNumber } from '../../../shared/json/written-number.ts';
import { quoted } from '../../../shared/text/visible.ts';
import { numberText } from '../number-text.ts';
import { decimalText, floatText } from './numbers.ts';
import { dayText, type TimeUnit, timestampText, timeText } from './times.ts';

/** Reads the values of a column. */
export interface ColumnReader {
  /** Called with values that are not null. */
  readonly read: (value: unknown) => unknown;
  /** Whether the values are numbers. */
  readonly isNumber: boolean;
}

/** A clause about a value that cannot be read without loss. */
export class ValueFault extends Error {}

/** Types with values that no property can have. */
const UNREADABLE = new Set(['BSON', 'INTERVAL', 'GEOMETRY', 'GEOGRAPHY', 'VARIANT', 'FILE']);

/** @throws Error for an unsupported type */
export function columnReader(node: SchemaTree): ColumnReader {
  if (node.children.length > 0) {
    return { read: nestedReader(node), isNumber: false };
  }
  return { read: scalarReader(node.element), isNumber: isNumber(node.element) };
}

/** Reads a list, a map or a structure. */
function nestedReader(node: SchemaTree): (value: unknown) => unknown {
  const { children, element } = node;
  if (children.length === 0) {
    return nestedScalarReader(element);
  }
  const type = element.logical_type?.type ?? element.converted_type;
  refuseUnreadable(element);
  if (type === 'LIST') {
    const [group] = children;
    const item = group?.children.length === 1 ? group.children[0] : group;
    const read = nullable(nestedReader(item as SchemaTree));
    return (value) => Array.from(value as Iterable<unknown>, read);
  }
  if (isMap(element)) {
    return mapReader(children[0] as SchemaTree);
  }
  const readers = children.map((child) => [child.element.name, nullable(nestedReader(child))] as const);
  const readStructure = (value: unknown) =>
    Object.fromEntries(readers.map(([name, read]) => [name, read((value as Record<string, unknown>)[name])]));
  return element.repetition_type === 'REPEATED'
    ? (value) => Array.from(value as Iterable<unknown>, readStructure)
    : readStructure;
}

/** Reads a map as a list of its entries: the library would create an object, which keeps only the last of two equal keys. */
function mapReader({ element: { name }, children }: SchemaTree): (value: unknown) => unknown {
  const [keys, values] = children as [SchemaTree, SchemaTree];
  const readKey = scalarReader(keys.element);
  const read = nullable(nestedReader(values));
  return (value) => {
    const entries = (value as Record<string, readonly Record<string, unknown>[] | null>)[name] ?? [];
    const found = new Map<string, unknown>();
    for (const entry of entries) {
      const key = readKey(entry[keys.element.name]);
      if (found.has(key)) {
        throw new ValueFault(`holds the key ${quoted(key)} twice in one map`);
      }
      found.set(key, read(entry[values.element.name]));
    }
    return Object.fromEntries(found);
  };
}

function isMap({ logical_type: logical, converted_type: converted }: SchemaElement): boolean {
  return logical?.type === 'MAP' || converted === 'MAP' || converted === 'MAP_KEY_VALUE';
}

function nullable(read: (value: unknown) => unknown): (value: unknown) => unknown {
  return (value) => (value === null || value === undefined ? null : read(value));
}

/** As in JSON: numbers that JavaScript can represent are numbers, and booleans are booleans. */
function nestedScalarReader(element: SchemaElement): (value: unknown) => unknown {
  const read = scalarReader(element);
  if (element.type === 'BOOLEAN') {
    return (value) => value;
  }
  return isNumber(element) ? (value) => numberOf(read(value)) : read;
}

/** As in JSON, a number that JavaScript cannot represent keeps its spelling. */
function numberOf(text: string): number | WrittenNumber {
  if (!/\d/.test(text)) {
    throw new ValueFault(`holds ${text}, which is no number of JSON`);
  }
  return isExactNumber(text) ? Number(text) : new WrittenNumber(text);
}

function isNumber(element: SchemaElement): boolean {
  const isOfType =
    /^(?:INT32|INT64|FLOAT|DOUBLE)$/.test(element.type ?? '') || element.logical_type?.type === 'FLOAT16';
  return isDecimal(element) || (isOfType && !isTimeOf(element));
}

function isTimeOf({ logical_type, converted_type }: SchemaElement): boolean {
  return /^(?:DATE|TIME)/.test(logical_type?.type ?? converted_type ?? '');
}

function isDecimal({ logical_type, converted_type }: SchemaElement): boolean {
  return logical_type?.type === 'DECIMAL' || converted_type === 'DECIMAL';
}

function scalarReader(element: SchemaElement): (value: unknown) => string {
  refuseUnreadable(element);
  const { type, logical_type: logical, converted_type: converted } = element;
  if (isDecimal(element)) {
    const scale = logical?.type === 'DECIMAL' ? logical.scale : (element.scale ?? 0);
    return (value) => decimalText(value as number | bigint | Uint8Array, scale);
  }
  if (logical?.type === 'DATE' || converted === 'DATE') {
    return (value) => dayText(value as number);
  }
  if (logical?.type === 'TIMESTAMP' || converted?.startsWith('TIMESTAMP_')) {
    const zone = logical?.type !== 'TIMESTAMP' || logical.isAdjustedToUTC ? 'Z' : '';
    const unit = unitOf(element);
    return (value) => timestampText(BigInt(value as bigint), unit, zone);
  }
  if (logical?.type === 'TIME' || converted?.startsWith('TIME_')) {
    const unit = unitOf(element);
    return (value) => timeText(BigInt(value as bigint), unit);
  }
  switch (type) {
    case 'FLOAT':
      return (value) => floatText(value as number);
    case 'DOUBLE':
      return (value) => numberText(value as number);
    case 'INT96':
      // the file does not tell whether the time is in UTC
      return (value) => timestampText(value as bigint, 'NANOS', '');
    case 'BYTE_ARRAY':
    case 'FIXED_LEN_BYTE_ARRAY':
      return bytesText;
    default:
      return (value) => String(value);
  }
}

/** Represents bytes that are not text. */
export const NO_TEXT = Symbol('no text');

/** Bytes as base64; the library has already converted text, and 16-bit numbers. */
function bytesText(value: unknown): string {
  if (value === NO_TEXT) {
    throw new ValueFault('holds bytes that are not valid UTF-8');
  }
  return value instanceof Uint8Array
    ? Buffer.from(value).toString('base64')
    : typeof value === 'number'
      ? numberText(value)
      : String(value);
}

function unitOf({ logical_type: logical, converted_type: converted }: SchemaElement): TimeUnit {
  return logical?.type === 'TIMESTAMP' || logical?.type === 'TIME'
    ? logical.unit
    : converted?.endsWith('_MILLIS')
      ? 'MILLIS'
      : 'MICROS';
}

function refuseUnreadable({ name, logical_type, converted_type }: SchemaElement): void {
  const type = logical_type?.type ?? converted_type ?? '';
  if (UNREADABLE.has(type)) {
    throw new Error(
      `the column "${name}" is of the type ${type}, which cannot be read; leave it out when you write the file`,
    );
  }
}

/** The schema without the types whose values the library would round or convert to objects of its own. */
export function withPlainTypes(schema: readonly SchemaElement[]): SchemaElement[] {
  return schema.map((element) => {
    if (!isDecimal(element) && !isTimeOf(element) && !isMap(element)) {
      return element;
    }
    const { logical_type: _, converted_type: __, ...plain } = element;
    return plain;
  });
}
