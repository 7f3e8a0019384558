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

/** Numbers stay text, as in a file, so that none loses a digit; the server reads them as its rules say. */
function jsonOf({ kind }: Property, text: string): unknown {
  if (text === '') {
    return null;
  }
  if (kind === 'boolean') {
    return text === 'true' ? true : text === 'false' ? false : text;
  }
  if (kind === 'json') {
    try {
      return JSON.parse(text);
    } catch {
      return text;
    }
  }
  return text;
}

function put(object: Row, [first = '', ...rest]: readonly string[], value: unknown): Row {
  const inner = rest.length === 0 ? value : put((object[first] ?? {}) as Row, rest, value);
  return { ...object, [first]: inner };
}
