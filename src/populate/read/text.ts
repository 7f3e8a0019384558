/** Bytes of a file or of standard input, unpacked and decoded: a stream of text, never held whole. */
import { isUtf8 } from 'node:buffer';
import { pipeline, Readable } from 'node:stream';
import { createGunzip } from 'node:zlib';
import { MeridianError, messageOf } from '../../errors.ts';
import { type ByteInput, CHUNK_BYTES, nameOf, openBytes } from './bytes.ts';
import type { Progress } from './source.ts';

export { STANDARD_INPUT } from './bytes.ts';

/**
 * What is decoded at a time. Longer texts, and what is made of them, outlive V8's young generation: with 64 KiB, the
 * garbage collector takes longer than the parser and holds twice the memory.
 */
const PIECE_BYTES = 16 * 1024;

/** What stopped the text; whoever reads it knows the line and makes a MeridianError of it. */
export class TextFault extends Error {}

export interface TextInput {
  readonly name: string;
  /** Without a byte order mark. Throws TextFault; all whole lines before the fault have been given by then. */
  readonly chunks: AsyncIterable<string>;
  progress(): Progress;
  close(): Promise<void>;
}

/**
 * @param from the path of a file, packed with gzip or not, `-` for standard input, or bytes that are open
 * @param name what it is called in sentences for the user
 * @throws MeridianError `source` when it is missing, not a file, not readable or empty
 */
export async function openText(
  from: string | ByteInput,
  name = typeof from === 'string' ? nameOf(from) : from.name,
): Promise<TextInput> {
  const input = typeof from === 'string' ? await openBytes(from, name) : from;
  const { next, progress, close } = input;
  let first: Buffer | undefined;
  try {
    first = await next();
    // two bytes tell whether it is packed; a pipe may give them one by one
    for (let more = first; first?.length === 1 && more !== undefined; ) {
      more = await next();
      first = Buffer.concat([first, more ?? Buffer.alloc(0)]);
    }
  } catch (error) {
    throw new MeridianError('source', `${name} cannot be read: ${messageOf(error)}.`, { cause: error });
  }
  if (first === undefined) {
    await close();
    throw new MeridianError('source', `${name} is empty.`);
  }
  const isGzip = first[0] === 0x1f && first[1] === 0x8b;
  const all = (async function* () {
    for (let chunk: Buffer | undefined = first; chunk !== undefined; chunk = await next()) {
      yield chunk;
    }
  })();
  return { name, chunks: decode(isGzip ? gunzip(all) : all, () => input.shortage(!isGzip)), progress, close };
}

function gunzip(bytes: AsyncIterable<Buffer>): AsyncIterable<Buffer> {
  // the iterator of the last stream reports what goes wrong in any of them
  return pipeline(Readable.from(bytes), createGunzip({ chunkSize: CHUNK_BYTES }), () => undefined);
}

/** @param shortage what was found, when the bytes have ended, to be missing of them */
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
      // unlike TextDecoder, this makes ASCII a string of one byte a character, with which all that follows is faster
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

function withoutMark(text: string): string {
  return text.startsWith('\ufeff') ? text.slice(1) : text;
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

/** Whether there is a character that begins with these bytes and goes on. */
function canBegin(bytes: Buffer): boolean {
  try {
    new TextDecoder('utf-8', { fatal: true }).decode(bytes, { stream: true });
    return true;
  } catch {
    return false;
  }
}

/** Splits bytes that hold invalid UTF-8: the whole lines before it, and what is wrong in the line after them. */
function beforeInvalid(bytes: Buffer): { before: string; fault: TextFault } {
  let start = 0;
  for (;;) {
    const newline = bytes.indexOf(0x0a, start);
    const end = newline === -1 ? bytes.length : newline + 1;
    const line = bytes.subarray(start, end);
    if (newline === -1 || !isUtf8(line)) {
      return { before: bytes.toString('utf8', 0, start), fault: new TextFault(encodingFault(line)) };
    }
    start = end;
  }
}

function encodingFault(line: Buffer): string {
  const utf16 = (line[0] === 0xff && line[1] === 0xfe) || (line[0] === 0xfe && line[1] === 0xff);
  const advice = utf16
    ? 'the file seems to be UTF-16; convert it, for example with iconv -f UTF-16 -t UTF-8'
    : 'convert the file, for example with iconv -f WINDOWS-1252 -t UTF-8';
  return `the text is not valid UTF-8 (${advice})`;
}

function readFault(error: unknown): string {
  const { code } = error as NodeJS.ErrnoException;
  if (code === 'Z_BUF_ERROR') {
    return 'the gzip data ends too early; the file is truncated';
  }
  if (code?.startsWith('Z_')) {
    return `the gzip data is damaged (${messageOf(error)})`;
  }
  return `reading failed (${messageOf(error)})`;
}
