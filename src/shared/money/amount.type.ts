/** The MikroORM type of an amount: decimal text on the entity, whole cents in the column. */
import { Type } from '@mikro-orm/core';
import { canonicalAmount, fromCents, shortCents, toCents } from './amount.ts';

/**
 * The MikroORM type of an amount of money: decimal text such as `"12.50"` on the entity, whole cents in an integer column, so that it is exact and
 * sums in SQL.
 */
export class AmountType extends Type<string | null, number | string | null> {
  /** @throws RangeError for text that is no amount, which validation has rejected before */
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
   * A value that is not a whole number of cents, which another program has written, is returned with its unit, so that the rules reject it.
   * MikroORM 7.2.1 converts the results of queries with a property list twice, so an amount is returned unchanged.
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

  /** Values can be compared without conversion, since an amount has one spelling. */
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

  /** The JSON Schema of the text that `fromText` reads. */
  jsonSchema(): object {
    return { type: ['string', 'number'], pattern: '^\\s*[+-]?\\d+(?:\\.\\d{1,2})?\\s*$' };
  }
}
