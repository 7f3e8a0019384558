/** Finds the lists in a JSON document by the keys of the enclosing objects, without parsing it. */
import { countOf } from '../../shared/text/count.ts';
import { quoted } from '../../shared/text/visible.ts';
import { ArrayFault } from './elements.ts';

/** A list that is not inside another list. */
export interface JsonList {
  /** The keys that lead to it, joined by full stops; empty for the document itself. */
  readonly path: string;
  readonly line: number;
  /** The kind of its first element. */
  readonly kind: 'objects' | 'empty' | 'others';
}

const QUOTE = 0x22;
const COMMA = 0x2c;
const OPEN_ARRAY = 0x5b;
const BACKSLASH = 0x5c;
const CLOSE_ARRAY = 0x5d;
const OPEN_OBJECT = 0x7b;
const CLOSE_OBJECT = 0x7d;

/** Maximum number of lists that a message names. */
const MAX_NAMED = 10;

/** Called with the index of a bracket in the piece. */
interface ListEvents {
  began(path: string, at: number): void;
  ended(at: number): void;
  element?(isObject: boolean): void;
}

/** Scans a document in pieces. Invalid JSON is only detected when the list is read. */
class ListScanner {
  readonly #events: ListEvents;
  /** The keys of the open objects outside of lists. */
  readonly #keys: string[] = [];
  /** Number of open brackets in the current list, including its own; 0 outside of a list. */
  #depth = 0;
  #isBeforeFirst = false;
  #isBeforeKey = false;
  #isInString = false;
  #isEscaped = false;
  /** The current key. */
  #key: string | undefined;

  constructor(events: ListEvents) {
    this.#events = events;
  }

  /** Whether all brackets are closed. */
  get isDone(): boolean {
    return this.#keys.length === 0 && this.#depth === 0 && !this.#isInString;
  }

  read(piece: string): void {
    for (let at = 0; at < piece.length; at++) {
      if (this.#isInString) {
        at = this.#stringEnd(piece, at);
        continue;
      }
      const code = piece.charCodeAt(at);
      if (code <= 0x20) {
        continue;
      }
      if (this.#isBeforeFirst && code !== CLOSE_ARRAY) {
        this.#events.element?.(code === OPEN_OBJECT);
      }
      this.#isBeforeFirst = false;
      if (this.#depth > 0) {
        this.#inList(code, at);
      } else {
        this.#outside(code, at);
      }
    }
  }

  #inList(code: number, at: number): void {
    if (code === QUOTE) {
      this.#isInString = true;
    } else if (code === OPEN_ARRAY || code === OPEN_OBJECT) {
      this.#depth++;
    } else if (code === CLOSE_ARRAY || code === CLOSE_OBJECT) {
      this.#depth--;
      if (this.#depth === 0) {
        this.#events.ended(at);
      }
    }
  }

  #outside(code: number, at: number): void {
    switch (code) {
      case QUOTE:
        this.#isInString = true;
        this.#key = this.#isBeforeKey ? '' : undefined;
        break;
      case OPEN_OBJECT:
        this.#keys.push('');
        this.#isBeforeKey = true;
        break;
      case CLOSE_OBJECT:
        this.#keys.pop();
        this.#isBeforeKey = false;
        break;
      case COMMA:
        this.#isBeforeKey = this.#keys.length > 0;
        break;
      case OPEN_ARRAY:
        this.#depth = 1;
        this.#isBeforeFirst = true;
        this.#events.began(this.#keys.join('.'), at);
        break;
      default:
    }
  }

  /** Advances to the quote that ends a string, or to the end of the piece. */
  #stringEnd(piece: string, from: number): number {
    let at = from;
    for (; at < piece.length; at++) {
      const code = piece.charCodeAt(at);
      if (this.#isEscaped) {
        this.#isEscaped = false;
      } else if (code === BACKSLASH) {
        this.#isEscaped = true;
      } else if (code === QUOTE) {
        break;
      }
    }
    if (this.#key !== undefined) {
      this.#key += piece.slice(from, at);
    }
    if (at < piece.length) {
      this.#isInString = false;
      if (this.#key !== undefined) {
        this.#keys[this.#keys.length - 1] = unescaped(this.#key);
        this.#key = undefined;
        this.#isBeforeKey = false;
      }
    }
    return at;
  }
}

function unescaped(key: string): string {
  try {
    return key.includes('\\') ? JSON.parse(`"${key}"`) : key;
  } catch {
    // the document is broken there, which is reported when it is read
    return key;
  }
}

/** All lists of a document that are not inside another list. */
export async function listsIn(chunks: AsyncIterable<string>): Promise<JsonList[]> {
  const lists: { path: string; line: number; kind: JsonList['kind'] }[] = [];
  let line = 1;
  let piece = '';
  const scanner = new ListScanner({
    began(path, at) {
      lists.push({ path, line: line + countOf(piece.slice(0, at), '\n'), kind: 'empty' });
    },
    element(isObject) {
      const last = lists.at(-1);
      if (last !== undefined) {
        last.kind = isObject ? 'objects' : 'others';
      }
    },
    ended: () => undefined,
  });
  for await (piece of chunks) {
    scanner.read(piece);
    line += countOf(piece, '\n');
  }
  return lists;
}

/**
 * The text of the list at a path, with the line numbers of the document.
 *
 * @throws ArrayFault if there is no such list, or several
 */
export async function* listAt(chunks: AsyncIterable<string>, path: string): AsyncGenerator<string> {
  const others = new Set<string>();
  let line = 1;
  let isFound = false;
  /** Start and end of the list in the current piece, if they are in it. */
  let begin: number | undefined;
  let end: number | undefined;
  let isInside = false;
  const scanner = new ListScanner({
    began(found, at) {
      if (found !== path) {
        others.add(found);
      } else if (isFound) {
        throw new ArrayFault(line, `the document has two lists at ${quoted(path)}. Rename one of the keys.`);
      } else {
        isFound = true;
        isInside = true;
        begin = at;
      }
    },
    ended(at) {
      if (isInside) {
        isInside = false;
        end = at;
      }
    },
  });
  for await (const piece of chunks) {
    const wasInside = isInside;
    begin = undefined;
    end = undefined;
    scanner.read(piece);
    if (wasInside || begin !== undefined) {
      const from = wasInside ? 0 : (begin ?? 0);
      // the preceding line breaks, so that lines are counted from the beginning of the document
      const before = wasInside ? '' : '\n'.repeat(line - 1 + countOf(piece.slice(0, from), '\n'));
      yield before + piece.slice(from, end === undefined ? piece.length : end + 1);
    }
    line += countOf(piece, '\n');
  }
  if (isFound && !isInside && !scanner.isDone) {
    throw new ArrayFault(line, 'the file ends before its JSON document does.');
  }
  if (!isFound) {
    throw new ArrayFault(line, `the document has no list at ${quoted(path)}. ${listed([...others])}`);
  }
}

/** A sentence that names the existing lists. */
function listed(paths: readonly string[]): string {
  const names = paths.slice(0, MAX_NAMED).map((path) => (path === '' ? 'the document itself' : quoted(path)));
  const more = paths.length > MAX_NAMED ? [`${paths.length - MAX_NAMED} more`] : [];
  return paths.length === 0 ? 'It has no list.' : `Its lists are at ${[...names, ...more].join(', ')}.`;
}
