/** The reason why a database rejects the values of a row, as far as its error shows. */

export interface Refusal {
  /**
   * - `unique`: another row has the same value
   * - `check`: a check, or another constraint on the values of a row
   * - `empty`: a column cannot be null
   * - `reference`: a foreign key
   * - `trigger`: a trigger raised an error
   * - `omitted`: the row was skipped without an error
   * - `value`: any other problem of a value
   */
  readonly kind: 'unique' | 'check' | 'empty' | 'reference' | 'trigger' | 'omitted' | 'value';
  /** The table that rejects the row; perhaps one that a trigger writes to. */
  readonly table?: string | undefined;
  /** The name of the constraint or index; for a check without a name, its expression. */
  readonly constraint?: string | undefined;
  readonly columns?: readonly string[];
  /** The message of the database or of a trigger. */
  readonly text: string;
}
