/**
 * Decodes text in pieces. A byte that the encoding does not define becomes a lone surrogate, which valid text cannot contain: only its
 * record is rejected. The result does not depend on the boundaries of the pieces.
 */
import { isUtf8 } from 'node:buffer';
import type { TextEncoding } from './names.ts';

export interface Decoder {
  /** @returns the text of a piece, up to its last complete character */
  decode(piece: Buffer): string;
  /** @returns the number of bytes of an incomplete character at the end */
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

/** Base of the lone surrogates for invalid bytes: `\udc80` to `\udcff`, as in Python's surrogateescape. */
const INVALID_BYTE = 0xdc00;

/** The first invalid byte of a text, such as `0xFC`; `undefined` if there is none, or it is not known. */
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
      // unlike TextDecoder, this creates a one-byte string for ASCII, which is faster to process
      return whole.toString('utf8');
    }
    this.hasInvalid = true;
    return withEscapes(whole);
  }

  rest(): number {
    return this.#unfinished.length;
  }
}

/** Decodes bytes that are not valid UTF-8. */
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

/** The length of a character with this first byte; 0 for an invalid first byte. */
function charactersBytes(lead: number): number {
  if (lead < 0x80) {
    return 1;
  }
  return lead < 0xc2 ? 0 : lead < 0xe0 ? 2 : lead < 0xf0 ? 3 : lead < 0xf5 ? 4 : 0;
}

/** The first bytes of a character that continues in the next piece (at most three). */
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

/** Whether these bytes can start a longer character. */
function canBegin(bytes: Buffer): boolean {
  try {
    new TextDecoder('utf-8', { fatal: true }).decode(bytes, { stream: true });
    return true;
  } catch {
    return false;
  }
}

/** Keeps lone surrogates. */
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

  /** Marks U+FFFD, which none of these encodings contains. The decoder does not report the invalid byte. */
  #marked(text: string): string {
    if (!text.includes('\ufffd')) {
      return text;
    }
    this.hasInvalid = true;
    return text.replaceAll('\ufffd', String.fromCharCode(INVALID_BYTE));
  }
}

/** A detected single-byte encoding: bytes whose meaning is uncertain are not guessed. */
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
