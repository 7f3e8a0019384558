/** Exact sums of quantity × unit price on every engine, however large. */
import { type RawBuilder, sql } from 'kysely';

/**
 * Prices are summed in parts of three digits. The product of a full price and a quantity can exceed 64 bits, in which case SQLite would
 * switch to floating point and PostgreSQL would fail. Sums of parts reach that limit only beyond 9 × 10^15 units.
 */
const PART = 1000n;
const PARTS = 4;

/** An SQL aggregate over order rows, which `centsOf` converts: the sums of the parts, the lowest first, separated by spaces. */
export function revenueSum(): RawBuilder<string> {
  const sums = Array.from({ length: PARTS }, (_, index) => {
    const shifted = `unit_price_cents / ${PART ** BigInt(index)}`;
    const part = index < PARTS - 1 ? `${shifted} % ${PART}` : shifted;
    // the sum is null if no row has a price
    return `cast(coalesce(sum(quantity * (${part})), 0) as text)`;
  });
  return sql.raw<string>(sums.join(" || ' ' || "));
}

/** Converts the value of `revenueSum` to cents. */
export function centsOf(sums: string): bigint {
  return sums.split(' ').reduceRight((cents, part) => cents * PART + BigInt(part), 0n);
}
