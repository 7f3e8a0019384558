/** How an engine stores values, and how a column does. */

/** In what an engine differs from PostgreSQL. */
export interface StorageDialect {
  /** Whether a `real` column holds 32 bits. */
  readonly hasSingleFloats: boolean;
  /** Whether a column can hold an infinity, and what is no number. */
  readonly hasInfinity: boolean;
  /** The number of decimal digits that a column returns exactly; undefined for an engine without a limit. */
  readonly exactDigits: number | undefined;
  /** Whether a column can be a list; else a list is text. */
  readonly hasLists: boolean;
}

export const POSTGRESQL_STORAGE: StorageDialect = {
  hasSingleFloats: true,
  hasInfinity: true,
  exactDigits: undefined,
  hasLists: true,
};

export interface StoredValues {
  /** The form in which the column returns a value. A value that the column cannot hold is returned unchanged. */
  readonly canonical?: (value: unknown) => unknown;
  /** Why the column cannot hold a value in that form, to complete the sentence "amount …". */
  readonly problem?: (value: unknown) => string | undefined;
}
