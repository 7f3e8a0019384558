/** Exact amounts of money: decimal text outside, whole minor units (cents) inside, never a float. */

/** Longer numbers of units are no amounts of anything, and slow to compute with. */
const MAX_DIGITS = 30;

const AMOUNT = /^([+-]?)(\d+)(?:\.(\d{1,2}))?$/;

/**
 * Reads decimal text with at most two places, such as `"12"`, `"12.5"` or `"-12.50"`.
 *
 * @returns whole cents, or `undefined` when the text is anything else (`"1e3"`, `"1.999"`, `"1,50"`)
 */
export function toCents(text: string): bigint | undefined {
  const match = AMOUNT.exec(text);
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
