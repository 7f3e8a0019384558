/** How engines and columns store values. */

/** The differences between an engine and PostgreSQL. */
export interface StorageDialect {
  /** Whether a `real` column holds 32 bits. */
  readonly hasSingleFloats: boolean;
  /** Whether a column can hold infinities and NaN. */
  readonly hasInfinity: boolean;
  /** The number of decimal digits that a column stores exactly; undefined for an engine without a limit. */
  readonly exactDigits: number | undefined;
  /** Whether a column can be a list; if not, lists are stored as text. */
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
