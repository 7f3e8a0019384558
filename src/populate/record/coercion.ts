/** Converts untrusted values to those of a property. */

export interface Coercion {
  /** What a value has to be, as the end of the sentence "… is not …". */
  readonly expected: string;
  /** @returns the typed value, or `undefined` if `value` does not represent one */
  readonly from: (value: unknown) => unknown;
  /**
   * A fast path for the usual notation of a value. It returns the same as `from`, for text that needs no trimming, is not empty and can be
   * stored in every database. `undefined` means that `from` has to be called.
   */
  readonly quick?: (text: string) => unknown;
  /** The type of value, if files write it in several ways. */
  readonly reads?: 'number' | 'date' | 'instant';
  /** Converts text in the notation of the file to the text that `from` expects; `undefined` if it has another notation. */
  readonly standard?: (text: string) => string | undefined;
  /** Texts that mean that there is no value. */
  readonly nulls?: ReadonlySet<string>;
  /** A clause about a rejected value, such as the setting of a file that may be missing. */
  readonly advice?: (value: unknown) => string | undefined;
  /** Why a value is rejected, as a sentence, if `expected` does not explain it. @param label the property's label */
  readonly reason?: (value: unknown, label: string) => string | undefined;
  /** A replacement for the rules to check, for a value that does not fit but would pass them. */
  readonly misfit?: (value: unknown) => unknown;
}

/** The input of a custom type: numbers become text, as in a CSV file. */
export function numberAsText(value: unknown): unknown {
  return typeof value === 'number' ? String(value) : value;
}
