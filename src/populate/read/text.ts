/** Decompresses and decodes a file or standard input as a stream of text, which is never completely in memory. */
import { MeridianError, messageOf } from '../../shared/errors.ts';
import { type ByteInput, CHUNK_BYTES, nameOf, openBytes } from './bytes.ts';
import type { FileSettings } from './dialect.ts';
import { type Decoder, decoderOf, invalidByteIn } from './encoding/decoders.ts';
import { detectEncoding, givenEncoding } from './encoding/detect.ts';
import type { TextEncoding } from './encoding/names.ts';
import { otherContent } from './signature.ts';
import type { Detected, Progress } from './source.ts';
import { PackFault } from './unpack/pack-fault.ts';
import { type Compression, compressionOf, unpack } from './unpack/unpack.ts';

export { STANDARD_INPUT } from './bytes.ts';

/**
 * Number of bytes to decode at a time. Longer texts, and their records, would outlive V8's young generation: with 64 KiB, garbage
 * collection takes longer than parsing, and twice the memory.
 */
const PIECE_BYTES = 16 * 1024;

/** Number of bytes for detecting the encoding of a text. */
const HEAD_BYTES = CHUNK_BYTES;

/** The error that stopped the text; the reader knows the line and converts it to a MeridianError. */
export class TextFault extends Error {}

export interface TextInput {
  readonly name: string;
  readonly compression?: Compression | undefined;
  /** Without a byte order mark. Throws TextFault, after yielding all complete lines before the fault. */
  readonly chunks: AsyncIterable<string>;
  /** Settings that were detected. */
  readonly detected?: readonly Detected[];
  /** A clause about the text, or the fields, of a record with bytes that the encoding does not define; the record is rejected. */
  problemIn?(text: string | readonly string[]): string | undefined;
  /** Number of characters yielded so far; for a compressed file, more than its bytes. */
  charactersRead(): number;
  progress(): Progress;
  close(): Promise<void>;
}

type TextSettings = Pick<FileSettings, 'encoding' | 'strictFormat'>;

/**
 * @param from the path of a file, compressed or not, `-` for standard input, or opened bytes
 * @param name the file's name in messages
 * @param settings without an encoding, it is detected; unless a broken record stops the load, invalid bytes are left to the reader
 * @throws MeridianError `source` if it is missing, not a file, not readable, empty, or does not start as text
 */
export async function openText(
  from: string | ByteInput,
  name = typeof from === 'string' ? nameOf(from) : from.name,
  settings: TextSettings = { strictFormat: true },
): Promise<TextInput> {
  const input = typeof from === 'string' ? await openBytes(from, name) : from;
  const { progress, close } = input;
  try {
    const raw = await peek(chunksOf(input));
    if (raw.head.length === 0) {
      const why = raw.error === undefined ? 'is empty' : `cannot be read: ${messageOf(raw.error)}`;
      throw new MeridianError('source', `${name} ${why}.`, { cause: raw.error });
    }
    const compression = compressionOf(raw.head);
    const content = compression === undefined ? raw : await peek(unpack(compression, raw.all));
    const encoding = encodingOf(name, content.head, settings);
    const decoder = decoderOf(encoding);
    const text = decode(content.all, decoder, encoding, () => input.shortage(compression === undefined));
    const decoded = settings.strictFormat === true ? validOnly(text, decoder, encoding) : text;
    let charactersRead = 0;
    const chunks = (async function* () {
      for await (const chunk of decoded) {
        charactersRead += chunk.length;
        yield chunk;
      }
    })();
    return {
      name,
      compression,
      chunks,
      ...(encoding.detected === undefined ? {} : { detected: [encoding.detected] }),
      // most texts contain no invalid byte, and are not searched for one
      problemIn: (record) => (decoder.hasInvalid ? invalidIn([record].flat().join('\n'), encoding) : undefined),
      charactersRead: () => charactersRead,
      progress,
      close,
    };
  } catch (error) {
    await close();
    throw error;
  }
}

/** @throws MeridianError `source` if it is not text, or its encoding is ambiguous */
function encodingOf(name: string, head: Buffer, { encoding: given }: TextSettings): TextEncoding {
  const other = otherContent(head);
  if (other !== undefined) {
    throw new MeridianError('source', `${name} ${other}`);
  }
  const encoding = given === undefined ? detectEncoding(head) : givenEncoding(given, head);
  if (typeof encoding === 'string') {
    throw new MeridianError('source', `${name} ${encoding}`);
  }
  return encoding;
}

/** A clause about the first byte of a text that its encoding does not define. */
function invalidIn(text: string, { name, certain }: TextEncoding): string | undefined {
  if (text.isWellFormed()) {
    return undefined;
  }
  const byte = invalidByteIn(text);
  if (certain !== undefined) {
    return `the byte ${byte} is another character in other encodings than ${name}; name the encoding with --encoding`;
  }
  if (name === 'utf-8') {
    return `the text is not valid UTF-8 (byte ${byte}; if the file is in another encoding, name it with --encoding)`;
  }
  return name.startsWith('utf-16')
    ? `the text is not valid ${name.toUpperCase()} (it holds half of a surrogate pair)`
    : `the text holds a byte that ${name} does not define`;
}

async function* chunksOf({ next }: ByteInput): AsyncGenerator<Buffer> {
  for (let chunk = await next(); chunk !== undefined; chunk = await next()) {
    yield chunk;
  }
}

interface Peeked {
  /** Shorter at the end, or if reading failed. */
  readonly head: Buffer;
  readonly error: unknown;
  /** All bytes, then the error. */
  readonly all: AsyncGenerator<Buffer>;
}

async function peek(bytes: AsyncGenerator<Buffer>): Promise<Peeked> {
  const chunks: Buffer[] = [];
  let length = 0;
  let error: unknown;
  try {
    while (length < HEAD_BYTES) {
      const { done, value } = await bytes.next();
      if (done) {
        break;
      }
      chunks.push(value);
      length += value.length;
    }
  } catch (thrown) {
    error = thrown;
  }
  const all = (async function* () {
    yield* chunks.splice(0);
    if (error !== undefined) {
      throw error;
    }
    yield* bytes;
  })();
  return { head: Buffer.concat(chunks), error, all };
}

/** @param shortage called at the end, for a clause about missing bytes */
async function* decode(
  bytes: AsyncIterable<Buffer>,
  decoder: Decoder,
  { name }: TextEncoding,
  shortage: () => string | undefined,
): AsyncGenerator<string> {
  let isFirst = true;
  try {
    for await (const piece of inPieces(bytes)) {
      const text = decoder.decode(piece);
      yield isFirst ? withoutMark(text) : text;
      isFirst &&= text === '';
    }
    const missing = shortage();
    if (missing !== undefined) {
      throw new TextFault(missing);
    }
    if (decoder.rest() > 0) {
      const what = name === 'utf-8' ? 'a UTF-8 character' : `a character in ${name}`;
      throw new TextFault(`the text ends in the middle of ${what}; the file is truncated`);
    }
  } catch (error) {
    throw error instanceof TextFault ? error : new TextFault(readFault(error), { cause: error });
  }
}

/** Stops at the line with the first invalid byte. */
async function* validOnly(
  chunks: AsyncIterable<string>,
  decoder: Decoder,
  encoding: TextEncoding,
): AsyncGenerator<string> {
  for await (const chunk of chunks) {
    const problem = decoder.hasInvalid ? invalidIn(chunk, encoding) : undefined;
    if (problem !== undefined) {
      yield chunk.slice(0, lineStart(chunk, firstInvalid(chunk)));
      throw new TextFault(problem);
    }
    yield chunk;
  }
}

/** The position of the first lone surrogate. */
function firstInvalid(text: string): number {
  return text.search(/\p{Surrogate}/u);
}

/** The start of the line that contains a position. */
function lineStart(text: string, at: number): number {
  const before = text.slice(0, at);
  return Math.max(before.lastIndexOf('\n'), before.lastIndexOf('\r')) + 1;
}

async function* inPieces(bytes: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  for await (const chunk of bytes) {
    for (let from = 0; from < chunk.length; from += PIECE_BYTES) {
      yield chunk.subarray(from, from + PIECE_BYTES);
    }
  }
}

/** Removes byte order marks at the beginning: some programs add a second one. */
export function withoutMark(text: string): string {
  return text.startsWith('\ufeff') ? text.replace(/^\ufeff+/, '') : text;
}

/** The errors of zlib, in plain words. */
const ZLIB_WORDS: Readonly<Record<string, string>> = {
  'incorrect header check': 'something else than gzip data follows it',
  'incorrect data check': 'its checksum does not match',
  'incorrect length check': 'its length does not match',
};

function readFault(error: unknown): string {
  if (error instanceof PackFault) {
    return error.message;
  }
  const { code } = error as NodeJS.ErrnoException;
  if (code === 'Z_BUF_ERROR') {
    return 'the gzip data ends too early; the file is truncated';
  }
  if (code?.startsWith('Z_')) {
    const message = messageOf(error);
    return `the gzip data is damaged (${ZLIB_WORDS[message] ?? message})`;
  }
  return `reading failed (${messageOf(error)})`;
}
