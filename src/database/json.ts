/** Conditions on JSON columns: every engine spells them differently and gives the same results. */
import type { RawBuilder } from 'kysely';

/** A single value: neither a list nor an object. */
type Scalar = string | number | boolean | null;

type Comparison = '=' | '>' | '>=' | '<' | '<=';

/**
 * A condition on the values at a path: that there is one, or a comparison. Text is compared by code points and numbers by value; values of
 * different kinds do not match.
 */
export type JsonTest =
  | { readonly kind: 'exists' }
  | { readonly kind: 'compare'; readonly comparison: Comparison; readonly value: Scalar };

/** An engine's JSON functions. */
export interface JsonDialect {
  /**
   * Whether any value at the path satisfies the condition. A path passes through lists: a list on the way stands for each object in it, and
   * a list at its end for each of its elements. MongoDB does the same
   * (https://www.mongodb.com/docs/manual/tutorial/query-array-of-documents/).
   *
   * @param column the column's name in the query
   * @param path property names from the outside in; at least one
   */
  matches(column: string, path: readonly string[], test: JsonTest): RawBuilder<boolean>;
  /** The column's JSON as text. */
  text(column: string): RawBuilder<string>;
}
