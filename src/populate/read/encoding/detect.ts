/** Detects the encoding of a text from its beginning, if it can be determined without guessing. */
import { isUtf8 } from 'node:buffer';
import { shown } from '../../../shared/text/visible.ts';
import { decoderOf } from './decoders.ts';
import { encodingNamed, markedEncoding, type TextEncoding } from './names.ts';
import { commonBytes, ENCODINGS, isPlausible, readAs, USUAL } from './readings.ts';
import { utf16Of } from './utf16.ts';

/** @param head the beginning of the text. @returns a sentence if the encoding is ambiguous */
export function detectEncoding(head: Buffer): TextEncoding | string {
  const marked = markedEncoding(head);
  if (marked !== undefined) {
    return marked === 'utf-8' ? { name: marked } : found(marked, 'a byte order mark begins it');
  }
  const utf16 = utf16Of(head);
  if (utf16 !== undefined) {
    return found(utf16, 'every other byte is often zero');
  }
  if (isUtf8(head.subarray(0, lastAscii(head))) || isDamagedUtf8(head)) {
    return { name: 'utf-8' };
  }
  return singleByte(head);
}

/** @returns a sentence if a byte order mark contradicts the label */
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

/** Whether the bytes contain more non-ASCII UTF-8 characters than invalid bytes, which text in other encodings hardly ever does. */
function isDamagedUtf8(head: Buffer): boolean {
  const text = decoderOf({ name: 'utf-8' }).decode(head);
  const invalid = text.match(/\p{Surrogate}/gu)?.length ?? 0;
  const beyondAscii = text.match(/[\u0080-\u{10ffff}]/gu)?.length ?? 0;
  return beyondAscii > 2 * invalid;
}

/** The end of the last ASCII character, so that no character is cut. */
function lastAscii(bytes: Buffer): number {
  let end = bytes.length;
  while (end > 0 && (bytes[end - 1] ?? 0) >= 0x80) {
    end--;
  }
  return end === 0 ? bytes.length : end;
}

/** Number of lines that an error quotes. */
const QUOTED_LINES = 2;

/** With fewer distinct non-ASCII bytes, an encoding may fit by chance a text that is in none of these. */
const SHOWING_BYTES = 3;

/** Detects a single-byte encoding, with which all words have to be plausible. */
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
  const seen = new Set(words.flatMap(({ bytes }) => [...bytes].filter((byte) => byte >= 0x80)));
  const isUsual = encodings.includes(USUAL);
  // DOS text is recognized in order to reject it
  const isOther = !isUsual && encodings.length > 0 && first !== 'cp850' && seen.size >= SHOWING_BYTES;
  if (differing.length > 0 || !(isUsual || isOther)) {
    const lines =
      differing.length > 0
        ? differing
        : words.map(({ line, bytes }) => `line ${line}: "${shown(readAs(first, bytes))}" in ${first}`);
    const example = isUsual ? ', such as --encoding windows-1252 for text of Windows in the West of Europe' : '';
    return `is not in UTF-8, and its encoding cannot be determined: ${lines.slice(0, QUOTED_LINES).join('; ')}. Name it with --encoding${example}.`;
  }
  const example = shown(words[0] === undefined ? '' : readAs(first, words[0].bytes));
  const why = isUsual
    ? `it is not valid UTF-8, and words such as "${example}" are the same in all encodings that fit`
    : `it is not valid UTF-8, and only with this encoding do words such as "${example}" look like words`;
  return { ...found(first, why), certain: new Set([...(isUsual ? commonBytes() : []), ...seen]) };
}

interface Word {
  readonly line: number;
  readonly bytes: Buffer;
}

/** Distinct words with a non-ASCII byte, with the characters around them. */
function* wordsBeyondAscii(head: Buffer): Generator<Word> {
  const seen = new Set<string>();
  let line = 1;
  for (const text of head.toString('latin1').split(/\r\n|\n|\r/)) {
    // field separators end words; a space does not, since a currency sign may follow it
    for (const word of text.split(/[\t;,|"]/)) {
      if (/[\x80-\xff]/.test(word) && !seen.has(word)) {
        seen.add(word);
        yield { line, bytes: Buffer.from(word, 'latin1') };
      }
    }
    line++;
  }
}
