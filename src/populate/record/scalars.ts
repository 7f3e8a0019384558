/**
 * Strict coercions to scalars: a value that does not represent exactly one value of the type is refused, for the entity's rules to reject.
 */
import { formatDecimal, parseDecimal } from '../../database/decimal.ts';
import { canonicalDate, canonicalTime, canonicalUuid } from '../../database/stored-values.ts';
import { toDate } from '../../shared/time/instant.ts';
import { type Coercion, numberAsText } from './coercion.ts';

const INTEGER = /^-?\d+$/;
const DECIMAL = /^-?\d+(\.\d+)?$/;
const MAX_WHOLE_CHARACTERS = 100;
/** Numbers with up to so many digits are safe integers. */
const SAFE_DIGITS = 15;

/** Parses text of up to {@link SAFE_DIGITS} ASCII digits. */
function quickInteger(text: string): number | undefined {
  const { length } = text;
  if (length === 0 || length > SAFE_DIGITS) {
    return undefined;
  }
  let number = 0;
  for (let at = 0; at < length; at++) {
    const digit = text.charCodeAt(at) - 0x30;
    if (digit < 0 || digit > 9) {
      return undefined;
    }
    number = number * 10 + digit;
  }
  return number;
}

/** Longer text is rejected before any rule is applied, since some rules take a multiple of its memory. */
export const MAX_TEXT_CHARACTERS = 4 * 1024 * 1024;

/** Accepts text that starts and ends with a printable ASCII character, and contains no NUL or surrogates. */
export function quickText(text: string): string | undefined {
  const last = text.length - 1;
  if (!isVisible(text.charCodeAt(0)) || !isVisible(text.charCodeAt(last)) || last >= MAX_TEXT_CHARACTERS) {
    return undefined;
  }
  for (let at = 1; at < last; at++) {
    const code = text.charCodeAt(at);
    if (code === 0 || (code & 0xf800) === 0xd800) {
      return undefined;
    }
  }
  return text;
}

function isVisible(code: number): boolean {
  return code > 0x20 && code < 0x7f;
}

const integer: Coercion = {
  reads: 'number',
  quick: quickInteger,
  misfit(value) {
    if (typeof value === 'string' && DECIMAL.test(value) && !INTEGER.test(value)) {
      const number = Number(value);
      return Number.isInteger(number) ? value : number;
    }
    // an integer in JavaScript, but perhaps not the one in the text
    return Number.isInteger(value) && !Number.isSafeInteger(value) ? String(value) : value;
  },
  expected: `a whole number up to ${Number.MAX_SAFE_INTEGER}`,
  from(value) {
    const number = typeof value === 'string' && INTEGER.test(value) ? Number(value) : value;
    return Number.isSafeInteger(number) && !Object.is(number, -0) ? number : undefined;
  },
};

/** The notation of floating-point numbers in PostgreSQL and JavaScript. */
const FLOAT = /^-?\d+(\.\d+)?(?:[eE][+-]?\d+)?$/;

const decimal: Coercion = {
  reads: 'number',
  expected: 'a decimal number',
  from(value) {
    const number = typeof value === 'string' && FLOAT.test(value) ? Number(value) : value;
    // a number that is too small for a float would become zero
    const isLost = number === 0 && typeof value === 'string' && /^[^eE]*[1-9]/.test(value);
    return Number.isFinite(number) && !isLost ? number : undefined;
  },
};

const text: Coercion = {
  quick: quickText,
  expected: 'text',
  from: (value) => (typeof value === 'string' ? value : undefined),
};

/** Spreadsheet programs and R write upper case, Python capitalizes. */
export function truthOf(text: string): boolean | undefined {
  return /^(?:true|TRUE|True)$/.test(text) ? true : /^(?:false|FALSE|False)$/.test(text) ? false : undefined;
}

const truth: Coercion = {
  expected: 'true or false',
  from: (value) => (typeof value === 'string' ? truthOf(value) : typeof value === 'boolean' ? value : undefined),
};

const dateTime: Coercion = {
  reads: 'instant',
  expected: 'an ISO 8601 date and time with a zone, to the millisecond',
  from: (value) => (typeof value === 'string' ? toDate(value) : undefined),
};

const bigInteger: Coercion = {
  reads: 'number',
  expected: 'a whole number',
  quick(text) {
    const number = quickInteger(text);
    return number === undefined ? undefined : BigInt(number);
  },
  from(value) {
    const given = typeof value === 'bigint' ? String(value) : numberAsText(value);
    // converting a long text takes quadratic time, and no column can hold such a number
    return typeof given === 'string' && given.length <= MAX_WHOLE_CHARACTERS && INTEGER.test(given)
      ? BigInt(given)
      : undefined;
  },
};

const longInteger: Coercion = {
  reads: 'number',
  expected: 'a whole number',
  from(value) {
    const given = numberAsText(value);
    return typeof given === 'string' && INTEGER.test(given) ? given : undefined;
  },
};

const decimalText: Coercion = {
  reads: 'number',
  expected: 'a decimal number',
  from(value) {
    const given = Number.isFinite(value) ? String(value) : value;
    const number =
      typeof given === 'string' && (given === value ? DECIMAL.test(given) : true) ? parseDecimal(given) : undefined;
    return number && formatDecimal(number);
  },
};

/** A decimal number for a property of type number, which has to represent it exactly. */
const exactDecimal: Coercion = {
  reads: 'number',
  expected: 'a decimal number that JavaScript can hold exactly',
  from(value) {
    const text = decimalText.from(value);
    const number = Number(text);
    return text !== undefined && decimalText.from(number) === text ? number : undefined;
  },
};

const date: Coercion = {
  reads: 'date',
  expected: 'a date such as 2026-01-31',
  from: (value) => (typeof value === 'string' ? canonicalDate(value) : undefined),
};

const day: Coercion = {
  ...date,
  from: (value) =>
    typeof value === 'string' && canonicalDate(value) !== undefined ? new Date(value) : dateTime.from(value),
};

const time: Coercion = {
  expected: 'a time of day such as 18:30:00',
  from: (value) => (typeof value === 'string' ? canonicalTime(value) : undefined),
};

const uuid: Coercion = {
  expected: 'a UUID',
  from: (value) => (typeof value === 'string' ? canonicalUuid(value) : undefined),
};

/** By the kind of column and the type on the entity. */
export const BY_KIND: Readonly<Record<string, Coercion>> = {
  'whole number': integer,
  'whole string': longInteger,
  'whole bigint': bigInteger,
  'decimal number': exactDecimal,
  'decimal string': decimalText,
  'float number': decimal,
  'float unknown': decimal,
  'text string': text,
  'text unknown': text,
  'date string': date,
  'date Date': day,
  'time string': time,
  'uuid string': uuid,
  'other string': text,
  'other unknown': text,
};

export const BY_RUNTIME_TYPE: Readonly<Record<string, Coercion>> = {
  number: decimal,
  string: text,
  bigint: bigInteger,
  boolean: truth,
  Date: dateTime,
};
