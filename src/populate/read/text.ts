/** Bytes of a file or of standard input, unpacked and decoded: a stream of text, never all of it in memory. */
import { isUtf8 } from 'node:buffer';
import { MeridianError, messageOf } from '../../shared/errors.ts';
import { type ByteInput, nameOf, openBytes } from './bytes.ts';
import { otherContent } from './signature.ts';
import type { Progress } from './source.ts';
import { PackFault } from './unpack/pack-fault.ts';
import { type Compression, compressionOf, unpack } from './unpack/unpack.ts';

export { STANDARD_INPUT } from './bytes.ts';

/**
 * Bytes that are decoded at a time. Longer texts, and their records, outlive V8's young generation: with 64 KiB, the garbage collector
 * takes longer than the parser and needs twice the memory.
 */
const PIECE_BYTES = 16 * 1024;

const NOT_UTF8 = 'the text is not valid UTF-8 (convert the file, for example with iconv -f WINDOWS-1252 -t UTF-8)';

/** What stopped the text; the reader knows the line and makes a MeridianError of it. */
export class TextFault extends Error {}

export interface TextInput {
  readonly name: string;
  readonly compression?: Compression | undefined;
  /** Without a byte order mark. Throws TextFault, after it has yielded all whole lines before the fault. */
  readonly chunks: AsyncIterable<string>;
  /** Characters that have been yielded; more than the bytes of a packed file. */
  charactersRead(): number;
  progress(): Progress;
  close(): Promise<void>;
}

/**
 * @param from the path of a file, compressed or not, `-` for standard input, or bytes that are open
 * @param name its name in messages
 * @throws MeridianError `source` when it is missing, not a file, not readable, empty, or no text in UTF-8 from its beginning
 */
export async function openText(
  from: string | ByteInput,
  name = typeof from === 'string' ? nameOf(from) : from.name,
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
    const other = otherContent(content.head);
    if (other !== undefined) {
      throw new MeridianError('source', `${name} ${other}`);
    }
    const decoded = decode(content.all, () => input.shortage(compression === undefined));
    let charactersRead = 0;
    const chunks = (async function* () {
      for await (const chunk of decoded) {
        charactersRead += chunk.length;
        yield chunk;
      }
    })();
    return { name, compression, chunks, charactersRead: () => charactersRead, progress, close };
  } catch (error) {
    await close();
    throw error;
  }
}

async function* chunksOf({ next }: ByteInput): AsyncGenerator<Buffer> {
  for (let chunk = await next(); chunk !== undefined; chunk = await next()) {
    yield chunk;
  }
}

/** Enough bytes to recognise a file that is no text. A pipe may give them one by one. */
const HEAD_BYTES = 1024;

interface Peeked {
  /** Fewer at the end, or where reading failed. */
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
async function* decode(bytes: AsyncIterable<Buffer>, shortage: () => string | undefined): AsyncGenerator<string> {
  let isFirst = true;
  let unfinished: Buffer = Buffer.alloc(0);
  try {
    for await (const piece of inPieces(bytes)) {
      const all = unfinished.length === 0 ? piece : Buffer.concat([unfinished, piece]);
      unfinished = unfinishedCharacter(all);
      const whole = all.subarray(0, all.length - unfinished.length);
      if (!isUtf8(whole)) {
        const { before, fault } = beforeInvalid(all);
        yield isFirst ? withoutMark(before) : before;
        throw fault;
      }
      // unlike TextDecoder, this makes ASCII a string of one byte a character, which is faster to process
      const text = whole.toString('utf8');
      yield isFirst ? withoutMark(text) : text;
      isFirst &&= text === '';
    }
    const missing = shortage();
    if (missing !== undefined) {
      throw new TextFault(missing);
    }
    if (unfinished.length > 0) {
      throw new TextFault('the text ends in the middle of a UTF-8 character; the file is truncated');
    }
  } catch (error) {
    throw error instanceof TextFault ? error : new TextFault(readFault(error), { cause: error });
  }
}

async function* inPieces(bytes: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  for await (const chunk of bytes) {
    for (let from = 0; from < chunk.length; from += PIECE_BYTES) {
      yield chunk.subarray(from, from + PIECE_BYTES);
    }
  }
}

/** Without the byte order marks at its beginning: some programs add a second one. */
export function withoutMark(text: string): string {
  return text.startsWith('\ufeff') ? text.replace(/^\ufeff+/, '') : text;
}

/** The first bytes of a character whose last ones are in the next chunk (at most three). */
function unfinishedCharacter(bytes: Buffer): Buffer {
  for (let length = 1; length <= Math.min(3, bytes.length); length++) {
    const lead = bytes[bytes.length - length] ?? 0;
    if (lead < 0x80 || lead >= 0xc0) {
      const needed = lead >= 0xf0 ? 4 : lead >= 0xe0 ? 3 : lead >= 0xc0 ? 2 : 1;
      const last = bytes.subarray(bytes.length - length);
      return needed > length && canBegin(last) ? last : Buffer.alloc(0);
    }
  }
  return Buffer.alloc(0);
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

/** Splits bytes with invalid UTF-8: the whole lines before it, and what is wrong in the line after them. */
function beforeInvalid(bytes: Buffer): { before: string; fault: TextFault } {
  let start = 0;
  for (let at = 0; at < bytes.length; at++) {
    if (bytes[at] === 0x0a || bytes[at] === 0x0d) {
      if (!isUtf8(bytes.subarray(start, at))) {
        break;
      }
      start = at + 1;
    }
  }
  return { before: bytes.toString('utf8', 0, start), fault: new TextFault(NOT_UTF8) };
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
