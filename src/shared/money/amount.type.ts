/** The MikroORM type of an amount: decimal text on the entity, whole cents in the column. */
import { Type } from '@mikro-orm/core';
import { canonicalAmount, fromCents, shortCents, toCents } from './amount.ts';

/**
 * The MikroORM type of an amount of money: decimal text such as `"12.50"` on the entity, whole cents in an integer column, so that it is exact and
 * sums in SQL.
 */
export class AmountType extends Type<string | null, number | string | null> {
  /** @throws RangeError for text that is no amount; validation has rejected such text long before */
  override convertToDatabaseValue(value: string | null): number | null {
    if (value === null || value === undefined) {
      return null;
    }
    const short = shortCents(value);
    if (short !== undefined) {
      return short;
    }
    const cents = toCents(value);
    if (cents === undefined || cents > Number.MAX_SAFE_INTEGER || cents < -Number.MAX_SAFE_INTEGER) {
      throw new RangeError(`"${value}" is not an amount with at most two decimals`);
    }
    return Number(cents);
  }

  /**
   * A value that is no whole number of cents, which another program has written, is returned with its unit, for the rules to reject.
   * MikroORM 7.2.1 converts the results of queries that name properties twice, so an amount stays as it is.
   */
  override convertToJSValue(value: number | string | null): string | null {
    if (value === null || value === undefined) {
      return null;
    }
    if (typeof value === 'string' && canonicalAmount(value) === value) {
      return value;
    }
    return Number.isSafeInteger(value) ? fromCents(BigInt(value)) : `${value} cents`;
  }

  override getColumnType(): string {
    return 'bigint';
  }

  /** MikroORM need not convert what it has read back to compare it: one amount has one spelling. */
  override ensureComparable(): boolean {
    return false;
  }

  override compareAsType(): string {
    return 'number';
  }

  /** The canonical form of an amount. A custom type with this method can be populated from files. */
  fromText(text: string): string | undefined {
    return canonicalAmount(text);
  }

  /** What `fromText` reads, as JSON Schema has it. */
  jsonSchema(): object {
    return { type: ['string', 'number'], pattern: '^\\s*[+-]?\\d+(?:\\.\\d{1,2})?\\s*$' };
  }
}
