/** The state of a row form: the text of each property, and its conversion to a record. */
import { withJsonTexts } from '../../shared/json/json-texts.ts';
import { parseWrittenJson } from '../../shared/json/parse-written.ts';
import { parsed, type RecordError } from '../frame/api.ts';
import { type Entity, type Property, type Row, valueAt } from '../frame/description.ts';
import { shellWord } from '../frame/text.ts';

/** Property label -> text. An empty text means no value. */
export type Texts = Readonly<Record<string, string>>;

export function textsOf(properties: readonly Property[], row: Row): Texts {
  return Object.fromEntries(properties.map((one) => [one.label, textIn(one, valueAt(row, one.path))]));
}

function textIn({ kind }: Property, value: unknown): string {
  if (value === null || value === undefined) {
    return '';
  }
  return kind === 'json' || typeof value === 'object' ? JSON.stringify(value, null, 2) : String(value);
}

/** The record of a new row, without empty properties, which get their defaults. */
export function recordOf(properties: readonly Property[], texts: Texts): Row {
  return properties
    .filter(({ isWritable, label }) => isWritable && (texts[label] ?? '') !== '')
    .reduce((record, one) => put(record, one.path, jsonOf(one, texts[one.label] ?? '')), {});
}

/** A merge patch of the changed properties, in which null removes a value. */
export function patchOf(properties: readonly Property[], before: Texts, after: Texts): Row {
  return properties
    .filter(({ isWritable, isKey, label }) => isWritable && !isKey && before[label] !== after[label])
    .reduce((patch, one) => put(patch, one.path, jsonOf(one, after[one.label] ?? '')), {});
}

/**
 * The properties of a patch with nested values, which must be replaced as a whole: a merge patch would keep members that the new object
 * lacks.
 */
export function wholeIn(properties: readonly Property[], patch: Row): string | undefined {
  const labels = properties
    .filter(({ kind, path }) => kind === 'json' && valueAt(patch, path) !== undefined)
    .map(({ label }) => label);
  return labels.length === 0 ? undefined : labels.join(',');
}

/** The command that loads the record of a new row. */
export function createCommand({ table }: Entity, properties: readonly Property[], texts: Texts): string {
  const record = JSON.stringify(loadedRecord(properties, recordOf(properties, texts)));
  // the echo command of some shells interprets backslashes
  return `printf '%s\\n' ${shellWord(record)} | npx meridian populate --load ${shellWord(table)}=- --format ndjson`;
}

/** Converts a record for a load, which parses text as JSON where a column accepts any JSON. */
function loadedRecord(properties: readonly Property[], record: Row): Row {
  return properties.reduce((loaded, { path, anyJson }) => {
    const value = valueAt(record, path);
    return anyJson === null || value === undefined ? loaded : put(loaded, path, withJsonTexts(anyJson, value));
  }, record);
}

/** Finds invalid JSON texts, which the server would accept as strings. */
export function faultsIn(properties: readonly Property[], texts: Texts): readonly RecordError[] {
  return properties
    .filter(({ kind, isWritable, label }) => kind === 'json' && isWritable && (texts[label] ?? '') !== '')
    .flatMap(({ label }): RecordError[] => {
      try {
        parseWrittenJson(texts[label] ?? '');
        return [];
      } catch (error) {
        const reason = error instanceof Error ? error.message : String(error);
        return [{ property: label, code: 'parse', message: `${label} is not JSON: ${reason}` }];
      }
    });
}

/**
 * Converts text to a JSON value. Numbers stay text, as in a file, and numbers within JSON keep their exact text, so that no digit is lost;
 * the server parses them.
 */
function jsonOf({ kind }: Property, text: string): unknown {
  if (text === '') {
    return null;
  }
  switch (kind) {
    case 'boolean':
      return text === 'true' ? true : text === 'false' ? false : text;
    case 'json':
      return parsed(text);
    default:
      return text;
  }
}

function put(object: Row, [first = '', ...rest]: readonly string[], value: unknown): Row {
  const inner = rest.length === 0 ? value : put((object[first] ?? {}) as Row, rest, value);
  return { ...object, [first]: inner };
}
