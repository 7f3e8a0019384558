/** How untrusted values become those of a property. */

export interface Coercion {
  /** What a value has to be, as the end of the sentence "… is not …". */
  readonly expected: string;
  /** @returns the typed value, or `undefined` when `value` is not the text of one */
  readonly from: (value: unknown) => unknown;
  /**
   * A fast path for the usual form of a value. Its result is the same as that of `from`, for text that needs no trimming, is not empty and
   * can be stored in every database. `undefined` means that `from` has to be called.
   */
  readonly quick?: (text: string) => unknown;
  /** What it reads, where files write that in several ways. */
  readonly reads?: 'number' | 'date' | 'instant';
  /** The text that `from` takes for a text as the file writes it; `undefined` when it is not written so. */
  readonly standard?: (text: string) => string | undefined;
  /** Texts that mean that there is no value. */
  readonly nulls?: ReadonlySet<string>;
  /** A clause about a refused value, such as the setting of a file that may be missing. */
  readonly advice?: (value: unknown) => string | undefined;
  /** Why a value is refused, in a sentence, where `expected` does not say it. @param label of the property */
  readonly reason?: (value: unknown, label: string) => string | undefined;
  /** What the rules are applied to instead of a value that does not fit but would pass them. */
  readonly misfit?: (value: unknown) => unknown;
}

/** The input of a custom type: a number becomes text, as it is in a CSV file. */
export function numberAsText(value: unknown): unknown {
  return typeof value === 'number' ? String(value) : value;
}
