/**
 * Decodes text in pieces. A byte that the encoding does not define becomes half of a surrogate pair, which no text holds: its record is
 * rejected, and no other. Each piece is decoded as it would be in the whole text, wherever the pieces are cut.
 */
import { isUtf8 } from 'node:buffer';
import type { TextEncoding } from './names.ts';

export interface Decoder {
  /** @returns the text of a piece, up to its last whole character */
  decode(piece: Buffer): string;
  /** @returns the bytes of a character that is incomplete at the end */
  rest(): number;
  /** Whether there was a byte that the encoding does not define. */
  readonly hasInvalid: boolean;
}

export function decoderOf({ name, certain }: Pick<TextEncoding, 'name' | 'certain'>): Decoder {
  if (certain !== undefined) {
    return new CertainDecoder(name, certain);
  }
  switch (name) {
    case 'utf-8':
      return new Utf8Decoder();
    case 'utf-16le':
      return new Utf16Decoder(false);
    case 'utf-16be':
      return new Utf16Decoder(true);
    default:
      return new LegacyDecoder(name);
  }
}

/** The first half of a surrogate for an invalid byte is left out: `\udc80` to `\udcff`, as in Python's surrogateescape. */
const INVALID_BYTE = 0xdc00;

/** The invalid byte of a text, such as `0xFC`; `undefined` where it shows only that there was one. */
export function invalidByteIn(text: string): string | undefined {
  const [found] = /[\udc80-\udcff]/.exec(text) ?? [];
  return found === undefined ? undefined : `0x${(found.charCodeAt(0) - INVALID_BYTE).toString(16).toUpperCase()}`;
}

const NOTHING = Buffer.alloc(0);

class Utf8Decoder implements Decoder {
  hasInvalid = false;
  #unfinished: Buffer = NOTHING;

  decode(piece: Buffer): string {
    const all = this.#unfinished.length === 0 ? piece : Buffer.concat([this.#unfinished, piece]);
    this.#unfinished = unfinishedCharacter(all);
    const whole = this.#unfinished.length === 0 ? all : all.subarray(0, all.length - this.#unfinished.length);
    if (isUtf8(whole)) {
      // unlike TextDecoder, this makes ASCII a string of one byte a character, which is faster to process
      return whole.toString('utf8');
    }
    this.hasInvalid = true;
    return withEscapes(whole);
  }

  rest(): number {
    return this.#unfinished.length;
  }
}

/** The text of bytes that are not all UTF-8. */
function withEscapes(bytes: Buffer): string {
  let text = '';
  let from = 0;
  for (let at = 0; at < bytes.length; ) {
    const length = charactersBytes(bytes[at] ?? 0);
    const end = at + length;
    if (length > 0 && end <= bytes.length && (length === 1 || isUtf8(bytes.subarray(at, end)))) {
      at = end;
      continue;
    }
    text += bytes.toString('utf8', from, at) + String.fromCharCode(INVALID_BYTE + (bytes[at] ?? 0));
    at++;
    from = at;
  }
  return text + bytes.toString('utf8', from);
}

/** The bytes of a character with this first one; 0 where none begins with it. */
function charactersBytes(lead: number): number {
  if (lead < 0x80) {
    return 1;
  }
  return lead < 0xc2 ? 0 : lead < 0xe0 ? 2 : lead < 0xf0 ? 3 : lead < 0xf5 ? 4 : 0;
}

/** The first bytes of a character whose last ones are in the next piece (at most three). */
function unfinishedCharacter(bytes: Buffer): Buffer {
  for (let length = 1; length <= Math.min(3, bytes.length); length++) {
    const lead = bytes[bytes.length - length] ?? 0;
    if (lead < 0x80 || lead >= 0xc0) {
      const last = bytes.subarray(bytes.length - length);
      return charactersBytes(lead) > length && canBegin(last) ? last : NOTHING;
    }
  }
  return NOTHING;
}

/** Whether these bytes are the beginning of a longer character. */
function canBegin(bytes: Buffer): boolean {
  try {
    new TextDecoder('utf-8', { fatal: true }).decode(bytes, { stream: true });
    return true;
  } catch {
    return false;
  }
}

/** Half of a surrogate pair stays what it is. */
class Utf16Decoder implements Decoder {
  hasInvalid = false;
  readonly #isBigEndian: boolean;
  #unfinished: Buffer = NOTHING;

  constructor(isBigEndian: boolean) {
    this.#isBigEndian = isBigEndian;
  }

  decode(piece: Buffer): string {
    const all = Buffer.concat([this.#unfinished, piece]);
    const whole = all.length - (all.length % 2);
    const last = whole < 2 ? 0 : this.#isBigEndian ? all.readUInt16BE(whole - 2) : all.readUInt16LE(whole - 2);
    // the second half of a pair is in the next piece
    const end = last >= 0xd800 && last < 0xdc00 ? whole - 2 : whole;
    this.#unfinished = all.subarray(end);
    const bytes = all.subarray(0, end);
    const text = (this.#isBigEndian ? bytes.swap16() : bytes).toString('utf16le');
    this.hasInvalid ||= !text.isWellFormed();
    return text;
  }

  rest(): number {
    return this.#unfinished.length;
  }
}

class LegacyDecoder implements Decoder {
  hasInvalid = false;
  readonly #decoder: TextDecoder;

  constructor(encoding: string) {
    this.#decoder = new TextDecoder(encoding);
  }

  decode(piece: Buffer): string {
    return this.#marked(this.#decoder.decode(piece, { stream: true }));
  }

  rest(): number {
    return this.#decoder.decode().length;
  }

  /** None of these encodings has U+FFFD. The decoder does not say which byte it stands for. */
  #marked(text: string): string {
    if (!text.includes('\ufffd')) {
      return text;
    }
    this.hasInvalid = true;
    return text.replaceAll('\ufffd', String.fromCharCode(INVALID_BYTE));
  }
}

/** An encoding of one byte a character that was detected: other bytes than those whose meaning is certain are not guessed. */
class CertainDecoder implements Decoder {
  hasInvalid = false;
  readonly #characters: readonly string[];
  readonly #certain: ReadonlySet<number>;

  constructor(encoding: string, certain: ReadonlySet<number>) {
    const decoder = new TextDecoder(encoding);
    this.#certain = certain;
    this.#characters = Array.from({ length: 256 }, (_, byte) =>
      byte < 0x80 || certain.has(byte) ? decoder.decode(Uint8Array.of(byte)) : String.fromCharCode(INVALID_BYTE + byte),
    );
  }

  decode(piece: Buffer): string {
    return piece.toString('latin1').replace(/[\x80-\xff]/g, (character) => {
      const byte = character.charCodeAt(0);
      this.hasInvalid ||= !this.#certain.has(byte);
      return this.#characters[byte] ?? '';
    });
  }

  rest(): number {
    return 0;
  }
}
