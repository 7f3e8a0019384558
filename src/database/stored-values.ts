/**
 * How a column stores a value, and which values it cannot hold. The application converts every value to its stored form first, so that a
 * record is compared with what the column stores.
 */
import type { ColumnType } from './column-types.ts';
import { formatDecimal, parseDecimal, trimEnd } from './decimal.ts';
import type { StorageDialect, StoredValues } from './storage.ts';
import { jsonValues, listValues } from './stored-lists.ts';

const MAX_SINGLE = 3.4028234663852886e38;
/** Decimal digits that distinguish any two 32-bit numbers. */
const SINGLE_DIGITS = 9;
const MAX_WHOLE_LENGTH = '-9223372036854775808'.length;
/** PostgreSQL counts microseconds from this time, and rounds halves away from it. */
const POSTGRESQL_EPOCH = Date.UTC(2000, 0);
const FIRST_INSTANT = Date.parse('0001-01-01T00:00:00.000Z');
const LAST_INSTANT = Date.parse('9999-12-31T23:59:59.999Z');
const YEARS = 'must be in the years 1 to 9999';
const DAY_LENGTH = '2026-01-02'.length;
const UUID = /^\{?([0-9a-f]{8})-?([0-9a-f]{4})-?([0-9a-f]{4})-?([0-9a-f]{4})-?([0-9a-f]{12})\}?$/i;
const TIME = /^(\d\d):(\d\d)(?::(\d\d)(?:\.(\d{1,6}))?)?$/;

/** @param runtimeType the property's type: numbers may be text on the entity, since JavaScript numbers cannot represent them all */
export function storedValues(type: ColumnType, dialect: StorageDialect, runtimeType: string): StoredValues {
  switch (type.kind) {
    case 'text':
      return textValues(type);
    case 'whole':
      return runtimeType === 'string' ? longWholeValues(type) : wholeValues(type, runtimeType);
    case 'decimal':
      return decimalValues(type, dialect);
    case 'float':
      return type.isSingle ? singleValues(dialect) : doubleValues(dialect);
    case 'instant':
      return instantValues(type);
    case 'time':
      return timeValues(type);
    case 'date':
      return dateValues(runtimeType === 'Date');
    case 'uuid':
      return { canonical: (value) => (typeof value === 'string' ? (canonicalUuid(value) ?? value) : value) };
    case 'json':
      return jsonValues;
    case 'array':
      return listValues(elementValues(type.element, dialect, runtimeType));
    default:
      return {};
  }
}

/** Drivers return the numbers in a list as text or as numbers. */
function elementValues(element: ColumnType, dialect: StorageDialect, runtimeType: string): StoredValues {
  const type = runtimeType === 'string' && element.kind === 'decimal' ? 'string' : runtimeType;
  const { canonical = (value: unknown) => value, problem } = storedValues(element, dialect, type);
  return { canonical: (value) => canonical(elementForm(element, runtimeType, value)), ...(problem && { problem }) };
}

function elementForm({ kind }: ColumnType, runtimeType: string, value: unknown): unknown {
  const number = Number(value);
  if (kind === 'whole' && runtimeType !== 'bigint') {
    return Number.isSafeInteger(number) ? number : value;
  }
  if (kind === 'float' && Number.isFinite(number)) {
    return number;
  }
  return kind === 'boolean' ? value === true || value === 't' || value === 'true' : value;
}

function textValues({ maxLength, isPadded }: ColumnType & { kind: 'text' }): StoredValues {
  return {
    ...(isPadded ? { canonical: (value) => (typeof value === 'string' ? trimEnd(value, ' ') : value) } : {}),
    ...(maxLength === undefined
      ? {}
      : {
          problem: (value) =>
            // the length in UTF-16 is never less than the number of characters that PostgreSQL counts
            typeof value === 'string' && value.length > maxLength && [...value].length > maxLength
              ? `can have at most ${plural(maxLength, 'character')}`
              : undefined,
        }),
  };
}

function wholeValues({ bits }: ColumnType & { kind: 'whole' }, runtimeType: string): StoredValues {
  if (bits === 64 && runtimeType !== 'bigint') {
    // what JavaScript considers an integer always fits into 64 bits
    return {};
  }
  const max = 2n ** BigInt(bits - 1) - 1n;
  const [least, greatest] = runtimeType === 'bigint' ? [-max - 1n, max] : [Number(-max - 1n), Number(max)];
  return {
    problem(value) {
      const isOutside = (typeof value === 'number' || typeof value === 'bigint') && (value > greatest || value < least);
      return isOutside ? rangeProblem(bits) : undefined;
    },
  };
}

function longWholeValues({ bits }: ColumnType & { kind: 'whole' }): StoredValues {
  const max = 2n ** BigInt(bits - 1) - 1n;
  return {
    canonical: (value) => (typeof value === 'string' ? formatWhole(value) : value),
    problem(value) {
      if (typeof value !== 'string' || !/^-?\d+$/.test(value)) {
        return undefined;
      }
      // converting a long text takes quadratic time
      const isOutside = value.length > MAX_WHOLE_LENGTH || BigInt(value) > max || BigInt(value) < -max - 1n;
      return isOutside ? rangeProblem(bits) : undefined;
    },
  };
}

function rangeProblem(bits: number): string {
  const max = 2n ** BigInt(bits - 1) - 1n;
  return `must be a whole number from ${-max - 1n} to ${max}`;
}

function formatWhole(text: string): string {
  const decimal = parseDecimal(text);
  return decimal === undefined ? text : formatDecimal(decimal);
}

function decimalValues(
  { precision, scale }: ColumnType & { kind: 'decimal' },
  { exactDigits }: StorageDialect,
): StoredValues {
  return {
    canonical(value) {
      const decimal = parseDecimal(String(value));
      if (typeof value !== 'string' || decimal === undefined) {
        return value;
      }
      return formatDecimal(decimal, scale);
    },
    problem(value) {
      const { whole, fraction } = parseDecimal(String(value)) ?? { whole: '', fraction: '' };
      if (scale !== undefined && fraction.length > scale) {
        return scale === 0 ? 'must be a whole number' : `can have at most ${plural(scale, 'decimal')}`;
      }
      const places = precision === undefined ? undefined : precision - (scale ?? 0);
      if (places !== undefined && whole.length > places) {
        return `can have at most ${plural(places, 'digit')} before its decimal point`;
      }
      // a JavaScript number is exact on every engine
      const digits = trimEnd(whole + fraction, '0').replace(/^0+/, '').length;
      return typeof value === 'string' && exactDigits !== undefined && digits > exactDigits
        ? tooManyDigits(exactDigits)
        : undefined;
    },
  };
}

function tooManyDigits(digits: number): string {
  return `has more digits than its database stores exactly (${digits})`;
}

/** SQLite converts NaN to null, and the JSON in which rows are passed cannot contain infinities. */
function doubleValues({ hasInfinity }: StorageDialect): StoredValues {
  return hasInfinity
    ? {}
    : {
        problem: (value) =>
          typeof value === 'number' && !Number.isFinite(value)
            ? 'is not a number that its database can store'
            : undefined,
      };
}

function singleValues({ hasSingleFloats }: StorageDialect): StoredValues {
  return {
    ...(hasSingleFloats ? { canonical: (value) => (typeof value === 'number' ? shortestSingle(value) : value) } : {}),
    problem: (value) =>
      typeof value === 'number' && (Math.abs(value) > MAX_SINGLE || (value !== 0 && Math.fround(value) === 0))
        ? 'is beyond what a 32-bit number can hold'
        : undefined,
  };
}

/** The number with the fewest digits that equals this one in 32 bits, as PostgreSQL writes it. */
function shortestSingle(value: number): number {
  const single = Math.fround(value);
  if (!Number.isFinite(single) || single === 0) {
    // out of range
    return value;
  }
  for (let digits = 1; digits < SINGLE_DIGITS; digits++) {
    const short = Number(single.toPrecision(digits));
    if (Math.fround(short) === single) {
      return short;
    }
  }
  return Number(single.toPrecision(SINGLE_DIGITS));
}

function instantValues({ precision }: ColumnType & { kind: 'instant' }): StoredValues {
  const step = 10 ** Math.max(0, 3 - precision);
  return {
    ...(step === 1 ? {} : { canonical: (value) => (value instanceof Date ? rounded(value, step) : value) }),
    problem: (value) =>
      value instanceof Date && !(value.getTime() >= FIRST_INSTANT && value.getTime() <= LAST_INSTANT)
        ? YEARS
        : undefined,
  };
}

function rounded(date: Date, step: number): Date {
  const distance = date.getTime() - POSTGRESQL_EPOCH;
  return new Date(POSTGRESQL_EPOCH + Math.sign(distance) * Math.round(Math.abs(distance) / step) * step);
}

function dateValues(isDate: boolean): StoredValues {
  return {
    canonical(value) {
      const text = value instanceof Date ? value.toISOString() : value;
      const day = typeof text === 'string' ? canonicalDate(text.slice(0, DAY_LENGTH)) : undefined;
      if (day === undefined) {
        return value;
      }
      return isDate ? new Date(day) : day;
    },
    problem(value) {
      const year = value instanceof Date ? value.getUTCFullYear() : Number(String(value).slice(0, 4));
      return year < 1 || year > 9999 ? YEARS : undefined;
    },
  };
}

function timeValues({ precision }: ColumnType & { kind: 'time' }): StoredValues {
  return {
    canonical: (value) => (typeof value === 'string' ? (canonicalTime(value) ?? value) : value),
    problem: (value) =>
      typeof value === 'string' && (value.split('.')[1] ?? '').length > precision
        ? precision === 0
          ? 'can have no fraction of a second'
          : `can have at most ${plural(precision, 'decimal')} of a second`
        : undefined,
  };
}

/** Converts `03:04` to `03:04:00`, and `03:04:05.500` to `03:04:05.5`. @returns `undefined` for text that is not a time of day */
export function canonicalTime(text: string): string | undefined {
  const [, hours = '', minutes = '', seconds = '00', fraction = ''] = TIME.exec(text) ?? [];
  if (hours === '' || Number(hours) > 23 || Number(minutes) > 59 || Number(seconds) > 59) {
    return undefined;
  }
  const decimals = trimEnd(fraction, '0');
  return `${hours}:${minutes}:${seconds}${decimals === '' ? '' : `.${decimals}`}`;
}

/** Converts every spelling that PostgreSQL accepts to lower case with hyphens. @returns `undefined` for text that is not a UUID */
export function canonicalUuid(text: string): string | undefined {
  if (text.startsWith('{') !== text.endsWith('}')) {
    return undefined;
  }
  const match = UUID.exec(text);
  return match === null ? undefined : match.slice(1).join('-').toLowerCase();
}

/** A valid date, as `2026-01-02`. */
export function canonicalDate(text: string): string | undefined {
  if (!/^\d{4}-\d\d-\d\d$/.test(text)) {
    return undefined;
  }
  const date = new Date(`${text}T00:00:00Z`);
  // JavaScript converts 31 February to 3 March
  return !Number.isNaN(date.getTime()) && date.toISOString().startsWith(text) ? text : undefined;
}

function plural(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`;
}
