/** Detects the encoding of a text by its beginning, where nothing has to be guessed. */
import { isUtf8 } from 'node:buffer';
import { shown } from '../../../shared/text/visible.ts';
import type { Detected } from '../source.ts';
import { encodingNamed, markedEncoding } from './names.ts';
import { commonBytes, ENCODINGS, isPlausible, readAs, USUAL } from './readings.ts';
import { utf16Of } from './utf16.ts';

export interface TextEncoding {
  /** By its name in the Encoding Standard. */
  readonly name: string;
  /** Where it is not plain UTF-8. */
  readonly detected?: Detected;
  /** For an encoding that only some bytes showed: the bytes beyond ASCII whose meaning is certain. */
  readonly certain?: ReadonlySet<number>;
}

/** @param head the beginning of the text. @returns a sentence instead, where two readings differ */
export function detectEncoding(head: Buffer): TextEncoding | string {
  const marked = markedEncoding(head);
  if (marked !== undefined) {
    return marked === 'utf-8' ? { name: marked } : found(marked, 'a byte order mark begins it');
  }
  const utf16 = utf16Of(head);
  if (utf16 !== undefined) {
    return found(utf16, 'every other byte is often zero');
  }
  if (isUtf8(head.subarray(0, lastAscii(head)))) {
    return { name: 'utf-8' };
  }
  return singleByte(head);
}

/** @returns a sentence where a byte order mark says otherwise */
export function givenEncoding(label: string, head: Buffer): TextEncoding | string {
  const name = encodingNamed(label) ?? label;
  const marked = markedEncoding(head);
  if (marked === undefined || marked === name) {
    return { name };
  }
  return label.toLowerCase() === 'utf-16' && marked.startsWith('utf-16')
    ? { name: marked }
    : `begins with the byte order mark of ${marked}, and its encoding is given as ${label}. Leave that out.`;
}

function found(name: string, why: string): TextEncoding {
  return { name, detected: { setting: 'encoding', value: name, why } };
}

/** The end of the last ASCII character, so that no character is cut. */
function lastAscii(bytes: Buffer): number {
  let end = bytes.length;
  while (end > 0 && (bytes[end - 1] ?? 0) >= 0x80) {
    end--;
  }
  return end === 0 ? bytes.length : end;
}

/** Lines that an error quotes. */
const QUOTED_LINES = 2;

/** One encoding has to be plausible for all words. */
function singleByte(head: Buffer): TextEncoding | string {
  const words = [...wordsBeyondAscii(head)];
  const encodings = ENCODINGS.filter((encoding) => words.every(({ bytes }) => isPlausible(readAs(encoding, bytes))));
  const first = encodings.find((encoding) => encoding === USUAL) ?? encodings[0] ?? USUAL;
  const others = encodings.filter((encoding) => encoding !== first);
  const differing = words.flatMap(({ line, bytes }) => {
    const text = readAs(first, bytes);
    const other = others.find((encoding) => readAs(encoding, bytes) !== text);
    return other === undefined
      ? []
      : [`line ${line}: "${shown(text)}" in ${first} or "${shown(readAs(other, bytes))}" in ${other}`];
  });
  if (differing.length > 0 || !encodings.includes(USUAL)) {
    const lines =
      differing.length > 0
        ? differing
        : words.map(({ line, bytes }) => `line ${line}: "${shown(readAs(first, bytes))}" in ${first}`);
    const example = encodings.includes(USUAL)
      ? ', such as --encoding windows-1252 for text of Windows in the West of Europe'
      : '';
    return `is not in UTF-8, and nothing says which encoding it is in: ${lines.slice(0, QUOTED_LINES).join('; ')}. Name it with --encoding${example}.`;
  }
  const example = words[0] === undefined ? '' : readAs(USUAL, words[0].bytes);
  const why = `it is not valid UTF-8, and words such as "${shown(example)}" are the same in all encodings that fit`;
  return { ...found(USUAL, why), certain: new Set([...commonBytes(), ...words.flatMap(({ bytes }) => [...bytes])]) };
}

interface Word {
  readonly line: number;
  readonly bytes: Buffer;
}

/** Words with a byte beyond ASCII, each once, with the characters around them. */
function* wordsBeyondAscii(head: Buffer): Generator<Word> {
  const seen = new Set<string>();
  let line = 1;
  for (const text of head.toString('latin1').split(/\r\n|\n|\r/)) {
    // the separators of fields end words; a space does not, since a sign may stand behind one
    for (const word of text.split(/[\t;,|"]/)) {
      if (/[\x80-\xff]/.test(word) && !seen.has(word)) {
        seen.add(word);
        yield { line, bytes: Buffer.from(word, 'latin1') };
      }
    }
    line++;
  }
}
