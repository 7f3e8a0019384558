/** Bytes of a file or of standard input, unpacked and decoded: a stream of text, never held whole. */
import { isUtf8 } from 'node:buffer';
import { createReadStream, type Stats } from 'node:fs';
import { stat } from 'node:fs/promises';
import process from 'node:process';
import { pipeline, Readable } from 'node:stream';
import { createGunzip } from 'node:zlib';
import { MeridianError, messageOf } from '../../errors.ts';
import type { Progress } from './source.ts';

const CHUNK_BYTES = 256 * 1024;

export const STANDARD_INPUT = '-';

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
 * @param path of a file, packed with gzip or not, or `-` for standard input
 * @param name what it is called in sentences for the user
 * @throws MeridianError `source` when it is missing, not a file, not readable or empty
 */
export async function openText(
  path: string,
  name = path === STANDARD_INPUT ? 'standard input' : path,
): Promise<TextInput> {
  const stats = path === STANDARD_INPUT ? undefined : await checkedStat(path);
  // a pipe has no size that means anything
  const bytesTotal = stats?.isFile() ? stats.size : undefined;
  const stream: Readable =
    path === STANDARD_INPUT ? process.stdin : createReadStream(path, { highWaterMark: CHUNK_BYTES });
  let bytesRead = 0;
  const bytes = stream.iterator({ destroyOnReturn: true }) as AsyncIterator<Buffer>;
  const next = async () => {
    const { done, value } = await bytes.next();
    bytesRead += done ? 0 : value.length;
    return done ? undefined : value;
  };
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
    throw new MeridianError('source', `${name} is empty.`);
  }
  const all = (async function* () {
    for (let chunk: Buffer | undefined = first; chunk !== undefined; chunk = await next()) {
      yield chunk;
    }
  })();
  const isGzip = first[0] === 0x1f && first[1] === 0x8b;
  return {
    name,
    chunks: decode(isGzip ? gunzip(all) : all),
    progress: () => ({ bytesRead, bytesTotal }),
    close: async () => {
      stream.destroy();
    },
  };
}

async function checkedStat(path: string): Promise<Stats> {
  let stats: Stats;
  try {
    stats = await stat(path);
  } catch (error) {
    const missing = (error as NodeJS.ErrnoException).code === 'ENOENT';
    throw new MeridianError(
      'source',
      missing ? `${path} does not exist.` : `${path} cannot be read: ${messageOf(error)}.`,
      { cause: error },
    );
  }
  if (stats.isDirectory()) {
    throw new MeridianError('source', `${path} is a directory, not a file.`);
  }
  return stats;
}

function gunzip(bytes: AsyncIterable<Buffer>): AsyncIterable<Buffer> {
  // the iterator of the last stream reports what goes wrong in any of them
  return pipeline(Readable.from(bytes), createGunzip({ chunkSize: CHUNK_BYTES }), () => undefined);
}

async function* decode(bytes: AsyncIterable<Buffer>): AsyncGenerator<string> {
  const decoder = new TextDecoder('utf-8', { fatal: true });
  let isFirst = true;
  let unfinished: Buffer = Buffer.alloc(0);
  try {
    for await (const chunk of bytes) {
      let text: string;
      try {
        text = decoder.decode(chunk, { stream: true });
      } catch {
        const { whole, fault } = beforeInvalid(Buffer.concat([unfinished, chunk]));
        yield isFirst ? whole.replace(/^\ufeff/, '') : whole;
        throw fault;
      }
      yield text;
      isFirst = false;
      unfinished = unfinishedCharacter(chunk.length < 4 ? Buffer.concat([unfinished, chunk]) : chunk);
    }
    decoder.decode();
  } catch (error) {
    throw error instanceof TextFault ? error : new TextFault(readFault(error), { cause: error });
  }
}

/** The first bytes of a character whose last ones are in the next chunk (at most three). */
function unfinishedCharacter(chunk: Buffer): Buffer {
  for (let length = 1; length <= Math.min(3, chunk.length); length++) {
    const lead = chunk[chunk.length - length] ?? 0;
    const needed = lead >= 0xf0 ? 4 : lead >= 0xe0 ? 3 : lead >= 0xc0 ? 2 : 1;
    if (needed > length) {
      return chunk.subarray(chunk.length - length);
    }
  }
  return Buffer.alloc(0);
}

/** Splits bytes that hold invalid UTF-8: the whole lines before it, and what is wrong in the line after them. */
function beforeInvalid(bytes: Buffer): { whole: string; fault: TextFault } {
  let start = 0;
  for (;;) {
    const newline = bytes.indexOf(0x0a, start);
    const end = newline === -1 ? bytes.length : newline + 1;
    const line = bytes.subarray(start, end);
    if (newline === -1 || !isUtf8(line)) {
      return { whole: bytes.toString('utf8', 0, start), fault: new TextFault(encodingFault(line)) };
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
  if (code === 'ERR_ENCODING_INVALID_ENCODED_DATA') {
    return 'the text ends in the middle of a UTF-8 character; the file is truncated';
  }
  return `reading failed (${messageOf(error)})`;
}
