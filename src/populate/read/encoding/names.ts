/** The supported encodings: those of the Encoding Standard, by any of their labels. */
import type { Detected } from '../source.ts';

export interface TextEncoding {
  /** The name in the Encoding Standard. */
  readonly name: string;
  /** Set unless it is plain UTF-8. */
  readonly detected?: Detected;
  /** For an encoding that was detected from some bytes: the non-ASCII bytes whose meaning is certain. */
  readonly certain?: ReadonlySet<number>;
}

/** @returns the name of the encoding with this label: `windows-1252` for `latin1`; `undefined` if there is none */
export function encodingNamed(label: string): string | undefined {
  try {
    return new TextDecoder(label.trim()).encoding;
  } catch {
    return undefined;
  }
}

export function isEncoding(label: string): boolean {
  return encodingNamed(label) !== undefined;
}

const MARKS: readonly (readonly [encoding: string, mark: Buffer])[] = [
  ['utf-8', Buffer.from([0xef, 0xbb, 0xbf])],
  ['utf-16le', Buffer.from([0xff, 0xfe])],
  ['utf-16be', Buffer.from([0xfe, 0xff])],
];

/** The encoding indicated by the byte order mark of a text. */
export function markedEncoding(head: Buffer): string | undefined {
  return MARKS.find(([, mark]) => head.subarray(0, mark.length).equals(mark))?.[0];
}
