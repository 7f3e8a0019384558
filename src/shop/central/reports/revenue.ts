/** Exact sums of quantity × unit price on every engine, however large. */
import { type RawBuilder, sql } from 'kysely';

/**
 * A price is summed in parts of three digits: the product of a whole price and a quantity can exceed 64 bits, at which SQLite
 * would go on with floats and PostgreSQL give up. Sums of parts reach that only beyond 9 × 10^15 units.
 */
const PART = 1000n;
const PARTS = 4;

/** An aggregate over rows of orders, for `centsOf` to read: the sums of the parts, the lowest first, separated by spaces. */
export function revenueSum(): RawBuilder<string> {
  const sums = Array.from({ length: PARTS }, (_, index) => {
    const shifted = `unit_price_cents / ${PART ** BigInt(index)}`;
    const part = index < PARTS - 1 ? `${shifted} % ${PART}` : shifted;
    // none of the rows may have a price
    return `cast(coalesce(sum(quantity * (${part})), 0) as text)`;
  });
  return sql.raw<string>(sums.join(" || ' ' || "));
}

/** What an aggregate of `revenueSum` comes to. */
export function centsOf(sums: string): bigint {
  return sums.split(' ').reduceRight((cents, part) => cents * PART + BigInt(part), 0n);
}
