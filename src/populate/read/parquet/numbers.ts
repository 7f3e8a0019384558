/** Converts numbers of a Parquet file to exact text. */
import { numberText } from '../number-text.ts';

/** @param unscaled an integer, or its bytes (big-endian, two's complement) @param scale the number of digits after the point */
export function decimalText(unscaled: number | bigint | Uint8Array, scale: number): string {
  const value = unscaled instanceof Uint8Array ? signedOf(unscaled) : BigInt(unscaled);
  const sign = value < 0n ? '-' : '';
  const digits = String(value < 0n ? -value : value).padStart(scale + 1, '0');
  return scale <= 0
    ? `${sign}${digits}${value === 0n ? '' : '0'.repeat(-scale)}`
    : `${sign}${digits.slice(0, -scale)}.${digits.slice(-scale)}`;
}

function signedOf(bytes: Uint8Array): bigint {
  return bytes.length === 0 ? 0n : BigInt.asIntN(bytes.length * 8, BigInt(`0x${Buffer.from(bytes).toString('hex')}`));
}

/** The shortest decimal number that equals this one with 32-bit precision. */
export function floatText(value: number): string {
  for (let digits = 1; digits < 9; digits++) {
    const short = Number(value.toPrecision(digits));
    if (Math.fround(short) === value) {
      return numberText(short);
    }
  }
  return numberText(value);
}
