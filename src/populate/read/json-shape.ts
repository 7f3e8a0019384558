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

/** @param head the beginning of a text that is not an array, without leading white space */
export function otherThanArray(head: string): string {
  if (!head.startsWith('{')) {
    return `the file does not hold a JSON array of objects. It begins with ${quoted(head.split(/[\r\n]/, 1)[0] ?? '')}.`;
  }
  const [first = '', second = ''] = head.split(/\r?\n/, 2);
  const line = readJson(first);
  const isWhole = 'value' in line && isJsonObject(line.value);
  const [, key] = ENVELOPE.exec(isWhole ? first : head) ?? [];
  if (key !== undefined && !(isWhole && second.startsWith('{'))) {
    return `the file holds a JSON object with an array in ${quoted(key)}, not the array itself. Take the array out, for example with: jq '.${quoted(key)}' old.json > new.json`;
  }
  return isWhole
    ? 'the file holds one JSON object per line, not a JSON array. Use --format ndjson.'
    : 'the file holds a JSON object, not a JSON array of objects. If it is the only one, put brackets around it: [ … ]. If there is one on each line, use --format ndjson.';
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
