/** Converts a prefix search to a range of an index that is ordered by code points. */

const LAST_CODE_POINT = 0x10_ffff;

/**
 * The first text after all texts with the prefix; `undefined` if no text follows them.
 *
 * @param ignoresCase whether the letters A–Z are ordered like a–z, as in SQLite's `nocase`
 */
export function prefixEnd(prefix: string, ignoresCase: boolean): string | undefined {
  const points = Array.from(ignoresCase ? lowerAscii(prefix) : prefix, (one) => one.codePointAt(0) ?? 0);
  while (points.at(-1) === LAST_CODE_POINT) {
    points.pop();
  }
  const last = points.pop();
  return last === undefined ? undefined : String.fromCodePoint(...points, pointAfter(last, ignoresCase));
}

function pointAfter(point: number, ignoresCase: boolean): number {
  if (ignoresCase && point === 0x40) {
    // A–Z, which come next, are ordered like a–z
    return 0x5b;
  }
  // surrogates are not characters
  return point === 0xd7ff ? 0xe000 : point + 1;
}

function lowerAscii(text: string): string {
  return text.replace(/[A-Z]/g, (letter) => letter.toLowerCase());
}
