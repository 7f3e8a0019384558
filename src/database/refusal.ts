/** Why a database refuses a row because of its values, as far as its error shows. */

export interface Refusal {
  /**
   * - `unique`: another row has the same
   * - `check`: a check, or another constraint over the values of a row
   * - `empty`: a column cannot be null
   * - `reference`: a foreign key
   * - `trigger`: a trigger raised an error
   * - `omitted`: the row was skipped without an error
   * - `value`: anything else about a value
   */
  readonly kind: 'unique' | 'check' | 'empty' | 'reference' | 'trigger' | 'omitted' | 'value';
  /** The table that refuses the row, which a trigger may have written to. */
  readonly table?: string | undefined;
  /** The name of the constraint or index; the expression of a check without a name. */
  readonly constraint?: string | undefined;
  readonly columns?: readonly string[];
  /** The message of the database or of a trigger. */
  readonly text: string;
}
