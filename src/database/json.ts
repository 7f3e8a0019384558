/** What is asked of JSON in a column, which engines say differently and answer alike. */
import type { RawBuilder } from 'kysely';

/** A single value: no list and no object. */
type Scalar = string | number | boolean | null;

type Comparison = '=' | '>' | '>=' | '<' | '<=';

/**
 * What is to be true of a value that a path leads to: that there is one, or how it compares. Text compares by its
 * code points and numbers by their size; nothing compares with what is of another kind.
 */
export type JsonTest =
  | { readonly kind: 'exists' }
  | { readonly kind: 'compare'; readonly comparison: Comparison; readonly value: Scalar };

/** How an engine looks into JSON. */
export interface JsonDialect {
  /**
   * Whether the test is true of anything that the path leads to. A path goes through lists: where it meets one, it goes on in
   * each object in it; where it ends at one, each element is tested. This is what MongoDB does
   * (https://www.mongodb.com/docs/manual/tutorial/query-array-of-documents/).
   *
   * @param column its name, as it stands in the query
   * @param path names of properties from the outside in; at least one
   */
  matches(column: string, path: readonly string[], test: JsonTest): RawBuilder<boolean>;
  /** The JSON of the column as text. */
  text(column: string): RawBuilder<string>;
}
