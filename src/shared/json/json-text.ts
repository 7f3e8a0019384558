/** Writes text as JSON.stringify does, in less time where it needs no escapes, as most text. */

const NEEDS_NO_ESCAPE = /^[ !#-[\]-~]*$/;

export function jsonText(text: string): string {
  return NEEDS_NO_ESCAPE.test(text) ? `"${text}"` : JSON.stringify(text);
}
