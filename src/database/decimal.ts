/** Decimal numbers of any length as text, without arithmetic. */

export interface Decimal {
  readonly isNegative: boolean;
  /** Without leading zeros; empty for numbers below one. */
  readonly whole: string;
  /** Without trailing zeros. */
  readonly fraction: string;
}

const DECIMAL = /^([+-]?)(\d+)(?:\.(\d+))?(?:e([+-]\d{1,3}))?$/;

/** Reads `-012.50`, and JavaScript's spelling of numbers such as `1e-7`. @returns `undefined` for any other text */
export function parseDecimal(text: string): Decimal | undefined {
  const match = DECIMAL.exec(text);
  if (match === null) {
    return undefined;
  }
  const [, sign, digits = '', decimals = '', exponent = '0'] = match;
  const shift = Number(exponent);
  const padded = shift < 0 ? '0'.repeat(-shift) + digits : digits;
  const point = padded.length + Math.min(shift, 0);
  const all = padded + decimals + '0'.repeat(Math.max(0, shift - decimals.length));
  const end = point + Math.max(shift, 0);
  const whole = trimStart(all.slice(0, end));
  const fraction = trimEnd(all.slice(end), '0');
  return { isNegative: sign === '-' && (whole !== '' || fraction !== ''), whole, fraction };
}

/** The canonical spelling of a decimal number, with at least so many decimal places. */
export function formatDecimal({ isNegative, whole, fraction }: Decimal, places = 0): string {
  const decimals = fraction.padEnd(places, '0');
  return `${isNegative ? '-' : ''}${whole || '0'}${decimals === '' ? '' : `.${decimals}`}`;
}

function trimStart(digits: string): string {
  let from = 0;
  while (digits[from] === '0') {
    from++;
  }
  return digits.slice(from);
}

/** Removes a trailing character. A regular expression would restart at each of its occurrences, which takes quadratic time. */
export function trimEnd(text: string, character: string): string {
  let to = text.length;
  while (to > 0 && text[to - 1] === character) {
    to--;
  }
  return text.slice(0, to);
}
