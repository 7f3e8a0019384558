/** What a form of a row holds: the text of each property, and the record that it makes. */
import { type Property, type Row, valueAt } from '../frame/description.ts';

/** Label of a property -> text. An empty text is no value. */
export type Texts = Readonly<Record<string, string>>;

export function textsOf(properties: readonly Property[], row: Row): Texts {
  return Object.fromEntries(properties.map((one) => [one.label, textIn(one, valueAt(row, one.path))]));
}

function textIn({ kind }: Property, value: unknown): string {
  if (value === null || value === undefined) {
    return '';
  }
  return kind === 'json' && typeof value !== 'string' ? JSON.stringify(value, null, 2) : String(value);
}

/** The record of a new row: what is empty is left out, so that it has its default. */
export function recordOf(properties: readonly Property[], texts: Texts): Row {
  return properties
    .filter(({ isWritable, label }) => isWritable && (texts[label] ?? '') !== '')
    .reduce((record, one) => put(record, one.path, jsonOf(one, texts[one.label] ?? '')), {});
}

/** A merge patch of what has changed: what is empty now is removed. */
export function patchOf(properties: readonly Property[], before: Texts, after: Texts): Row {
  return properties
    .filter(({ isWritable, isKey, label }) => isWritable && !isKey && before[label] !== after[label])
    .reduce((patch, one) => put(patch, one.path, jsonOf(one, after[one.label] ?? '')), {});
}

/**
 * Numbers and JSON stay text, as in a file, so that none loses a digit; the server reads them as its rules say. JSON as text replaces what
 * was there, where a patch with an object would keep the members that the object lacks.
 */
function jsonOf({ kind }: Property, text: string): unknown {
  if (text === '' || (kind === 'json' && text.trim() === 'null')) {
    return null;
  }
  if (kind === 'boolean') {
    return text === 'true' ? true : text === 'false' ? false : text;
  }
  return text;
}

function put(object: Row, [first = '', ...rest]: readonly string[], value: unknown): Row {
  const inner = rest.length === 0 ? value : put((object[first] ?? {}) as Row, rest, value);
  return { ...object, [first]: inner };
}
