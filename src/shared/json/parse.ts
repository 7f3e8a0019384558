/**
 * `JSON.parse` that reads every key as it is written. V8 13 and 14 (Node 24 to 26) can read a key with an escape as another key: after
 * `{"a":1,"\\":2}` they read `{"a":1,"\"":2}` as `{"a":1,"\\":2}` (https://github.com/nodejs/node/issues/63785).
 */

/** Returns the value to use instead. `source` is the text of a value that is no object or array. */
export type Reviver = (value: unknown, source: string | undefined) => unknown;

const QUOTE = 0x22;
const COLON = 0x3a;
const BACKSLASH = 0x5c;

/** Prefix of rewritten keys. Keys that already begin with it are rewritten as well. */
const MARK = '~';

/** @throws SyntaxError as `JSON.parse` does */
export function parseJson(text: string, reviver?: Reviver): unknown {
  const keys = text.includes('\\') ? keysToRewrite(text) : [];
  if (!keys.some(({ hasEscapes }) => hasEscapes)) {
    return parse(text, reviver);
  }
  // reports an error for the original text
  JSON.parse(text);
  return restoreKeys(parse(rewrite(text, keys), reviver));
}

function parse(text: string, reviver: Reviver | undefined): unknown {
  const revive =
    reviver && ((_key: string, value: unknown, context?: { source?: string }) => reviver(value, context?.source));
  return JSON.parse(text, revive as Parameters<typeof JSON.parse>[1]);
}

interface TextRange {
  readonly start: number;
  readonly end: number;
  readonly hasEscapes: boolean;
}

/** Positions of the keys to rewrite, quotes included. The result for text that is not JSON is arbitrary. */
function keysToRewrite(text: string): readonly TextRange[] {
  const keys: TextRange[] = [];
  let start = text.indexOf('"');
  while (start !== -1) {
    const string = stringFrom(text, start);
    const { end, hasEscapes } = string;
    if ((hasEscapes || text.startsWith(MARK, start + 1)) && text.charCodeAt(afterSpace(text, end)) === COLON) {
      keys.push(string);
    }
    start = text.indexOf('"', end);
  }
  return keys;
}

function stringFrom(text: string, start: number): TextRange {
  let hasEscapes = false;
  for (let at = start + 1; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code === QUOTE) {
      return { start, end: at + 1, hasEscapes };
    }
    if (code === BACKSLASH) {
      hasEscapes = true;
      at++;
    }
  }
  return { start, end: text.length, hasEscapes };
}

function afterSpace(text: string, start: number): number {
  let at = start;
  while (' \t\r\n'.includes(text.charAt(at)) && at < text.length) {
    at++;
  }
  return at;
}

/** The same JSON with each of these keys replaced by the mark and hexadecimal digits, which need no escapes. */
function rewrite(text: string, keys: readonly TextRange[]): string {
  const parts: string[] = [];
  let done = 0;
  for (const { start, end } of keys) {
    // the bug does not affect a string by itself
    const key = JSON.parse(text.slice(start, end)) as string;
    parts.push(text.slice(done, start), `"${MARK}${hexOf(key)}"`);
    done = end;
  }
  return parts.join('') + text.slice(done);
}

/** Restores the keys of all objects in a value, in their order. Not recursive, since text can be nested deeply. */
function restoreKeys(value: unknown): unknown {
  const open = [value];
  while (open.length > 0) {
    const one = open.pop();
    if (typeof one === 'object' && one !== null) {
      restoreKeysOf(one);
      for (const inner of Object.values(one)) {
        open.push(inner);
      }
    }
  }
  return value;
}

function restoreKeysOf(object: object): void {
  const entries = Object.entries(object);
  if (!entries.some(([key]) => key.startsWith(MARK))) {
    return;
  }
  for (const [key] of entries) {
    Reflect.deleteProperty(object, key);
  }
  for (const [key, value] of entries) {
    // an assignment to `__proto__` would set the prototype
    Object.defineProperty(object, keyOf(key), { value, enumerable: true, configurable: true, writable: true });
  }
}

function keyOf(key: string): string {
  return key.startsWith(MARK) ? key.slice(MARK.length).replace(/.{4}/g, unitOf) : key;
}

/** Four digits per code unit. Without a Buffer, which browsers do not have. */
function hexOf(text: string): string {
  let digits = '';
  for (let at = 0; at < text.length; at++) {
    digits += text.charCodeAt(at).toString(16).padStart(4, '0');
  }
  return digits;
}

function unitOf(digits: string): string {
  return String.fromCharCode(Number.parseInt(digits, 16));
}
