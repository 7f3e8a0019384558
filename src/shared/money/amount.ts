/** Exact amounts of money: decimal text outside, whole minor units (cents) inside, never a float. */

/** Amounts with more digits are rejected: they are unrealistic and slow to compute with. */
const MAX_DIGITS = 30;

/** Longer texts are rejected unread, even if they consist of zeros. */
const MAX_LENGTH = 10_000;

const AMOUNT = /^([+-]?)(\d+)(?:\.(\d{1,2}))?$/;

/** Amounts of at most so many characters are safe integers in cents, even without decimals. */
const SHORT_CHARACTERS = 13;

const ZERO = 0x30;
const NINE = 0x39;
const POINT = 0x2e;

/**
 * Fast path for most amounts: no sign and few digits. Computes with integers only.
 *
 * @returns whole cents, or `undefined` when the text is no amount or needs the slow path
 */
export function shortCents(text: string): number | undefined {
  const { length } = text;
  if (length > SHORT_CHARACTERS) {
    return undefined;
  }
  let number = 0;
  let point = -1;
  for (let at = 0; at < length; at++) {
    const code = text.charCodeAt(at);
    if (code >= ZERO && code <= NINE) {
      number = number * 10 + code - ZERO;
    } else if (code === POINT && point === -1) {
      point = at;
    } else {
      return undefined;
    }
  }
  if (point === -1) {
    return length === 0 ? undefined : number * 100;
  }
  const places = length - point - 1;
  return point === 0 ? undefined : places === 2 ? number : places === 1 ? number * 10 : undefined;
}

/**
 * The number of decimal places of a number such as `"-12.50"` or `"7"`. Reads one character at a time, since a regular expression may
 * overflow the stack with millions of digits.
 *
 * @returns `undefined` when the text is no decimal number (`"1e3"`, `"1,50"`, `".5"`, `"5."`)
 */
export function decimalPlaces(text: string): number | undefined {
  const { length } = text;
  const first = text[0] === '-' || text[0] === '+' ? 1 : 0;
  let point = length;
  for (let at = first; at < length; at++) {
    const code = text.charCodeAt(at);
    if (code === POINT && point === length && at > first) {
      point = at;
    } else if (code < ZERO || code > NINE) {
      return undefined;
    }
  }
  return first === length || point === length - 1 ? undefined : Math.max(0, length - point - 1);
}

/**
 * Reads decimal text with at most two places, such as `"12"`, `"12.5"` or `"-12.50"`.
 *
 * @returns whole cents, or `undefined` when the text is anything else (`"1e3"`, `"1.999"`, `"1,50"`)
 */
export function toCents(text: string): bigint | undefined {
  const short = shortCents(text);
  if (short !== undefined) {
    return BigInt(short);
  }
  // an expression with capturing groups may overflow the stack with millions of digits
  const match = text.length > MAX_LENGTH ? null : AMOUNT.exec(text);
  if (!match) {
    return undefined;
  }
  const [, sign, digits = '', decimals = ''] = match;
  const units = digits.replace(/^0+(?=\d)/, '');
  if (units.length > MAX_DIGITS) {
    return undefined;
  }
  const cents = BigInt(units + decimals.padEnd(2, '0'));
  return sign === '-' ? -cents : cents;
}

/** Writes whole cents as decimal text with two places: `1250n` becomes `"12.50"`. */
export function fromCents(cents: bigint): string {
  const digits = (cents < 0n ? -cents : cents).toString().padStart(3, '0');
  return `${cents < 0n ? '-' : ''}${digits.slice(0, -2)}.${digits.slice(-2)}`;
}

/**
 * Converts every spelling of an amount (`"5"`, `"5.0"`, `"+5.00"`) to its canonical form, `"5.00"`.
 *
 * @returns `undefined` when the text is no amount
 */
export function canonicalAmount(text: string): string | undefined {
  const hasCents = text.charCodeAt(text.length - 3) === POINT;
  const hasPlainUnits = text.charCodeAt(0) !== ZERO || text.length === '0.00'.length;
  if (hasCents && hasPlainUnits && shortCents(text) !== undefined) {
    return text;
  }
  const cents = toCents(text);
  return cents === undefined ? undefined : fromCents(cents);
}
