/** Prices are whole cents in the column, as in Meridian's. */
import { fromCents, toCents } from '../../src/shared/money/amount.ts';

/** @throws RangeError for text that is no amount */
export function centsOf(text: string): number {
  const cents = toCents(text);
  if (cents === undefined) {
    throw new RangeError(`"${text}" is no amount`);
  }
  return Number(cents);
}

export function textOf(cents: number): string {
  return fromCents(BigInt(cents));
}
