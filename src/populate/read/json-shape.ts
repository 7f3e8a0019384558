/** Explains JSON whose structure does not match its format, and suggests what to do. */
import { isJsonObject } from '../../shared/json/object.ts';
import { quoted } from '../../shared/text/visible.ts';
import { readJson } from './json-value.ts';

/** Number of characters at the beginning of a text that are examined. */
export const SHAPE_CHARACTERS = 4096;

const ENVELOPE = /"([^"\\]{1,60})"\s*:\s*\[\s*[{\]]/;

/** Whether a text starts like a JSON array or object, which no header of columns does. */
export function formatOfJson(head: string): 'json' | 'ndjson' | undefined {
  const match = /^\s*(?:(\[)\s*[[{"]|\{\s*")/.exec(head);
  return match === null ? undefined : match[1] === undefined ? 'ndjson' : 'json';
}

/**
 * @param head the beginning of a text that is not an array, without leading white space
 * @param isAll whether it is the whole text
 */
export function otherThanArray(head: string, isAll: boolean): string {
  if (!head.startsWith('{')) {
    return `the file does not hold a JSON array of objects. It begins with ${quoted(head.split(/[\r\n]/, 1)[0] ?? '')}.`;
  }
  const document = isAll ? readJson(head) : undefined;
  if (document !== undefined && 'value' in document && isJsonObject(document.value)) {
    return oneObject(document.value, /[\r\n]/.test(head.trim()));
  }
  const [first = '', second = ''] = head.split(/\r?\n/, 2);
  const line = readJson(first);
  const isWhole = 'value' in line && isJsonObject(line.value);
  const [, key] = ENVELOPE.exec(isWhole ? first : head) ?? [];
  if (key !== undefined && !(isWhole && second.startsWith('{'))) {
    return `the file holds a JSON object with an array in ${quoted(key)}, not the array itself. If the records are in it, name the keys that lead to it with --json-path, such as --json-path data.${key}.`;
  }
  return isWhole
    ? 'the file holds one JSON object per line, not a JSON array. Use --format ndjson.'
    : 'the file holds a JSON object, not a JSON array of objects. If it is the only one, put brackets around it: [ … ]. If there is one on each line, use --format ndjson.';
}

function oneObject(document: Readonly<Record<string, unknown>>, hasSeveralLines: boolean): string {
  const path = listIn(document);
  if (path !== undefined) {
    return `the file holds a JSON object with an array at ${quoted(path)}, not the array itself. If the records are in it, use --json-path ${path}.`;
  }
  if (Object.keys(document).length === 0) {
    return 'the file holds an empty JSON object, and no record. If there are no records, write an empty array: [].';
  }
  const lines = hasSeveralLines ? '' : ', or use --format ndjson';
  return `the file holds one JSON object, and no array of records in it. If the object is a record, put brackets around it: [ … ]${lines}.`;
}

/** The path of the first array that can be a list of records. */
function listIn(object: Readonly<Record<string, unknown>>): string | undefined {
  for (const [key, value] of Object.entries(object)) {
    if (Array.isArray(value) && (value.length === 0 || isJsonObject(value[0]))) {
      return key;
    }
    const inner = isJsonObject(value) ? listIn(value) : undefined;
    if (inner !== undefined) {
      return `${key}.${inner}`;
    }
  }
  return undefined;
}

/** @param first the first line that is not blank. @returns `undefined` if it may be the first of many */
export function otherThanLines(first: string): string | undefined {
  const text = first.trim();
  if (text.startsWith('[')) {
    return 'the file holds a JSON array, not one JSON object per line. Use --format json.';
  }
  return text === '{'
    ? 'a JSON object of several lines begins here, and each line has to hold a whole one. Write it on one line, for example with: jq -c . old.json > new.ndjson'
    : undefined;
}
