/** Exact amounts of money: decimal text outside, whole minor units (cents) inside, never a float. */

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
  const [, sign, units = '', decimals = ''] = match;
  const cents = BigInt(units + decimals.padEnd(2, '0'));
  return sign === '-' ? -cents : cents;
}

/** Writes whole cents as decimal text with two places: `1250n` becomes `"12.50"`. */
export function fromCents(cents: bigint): string {
  const digits = (cents < 0n ? -cents : cents).toString().padStart(3, '0');
  return `${cents < 0n ? '-' : ''}${digits.slice(0, -2)}.${digits.slice(-2)}`;
}
