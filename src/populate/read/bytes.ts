/**
 * Bytes of standard input, or of a file with the size that it had when it was opened. Bytes that another program appends meanwhile are left
 * for the next load, which finds the rest `unchanged`. Otherwise the records of a load would depend on its duration, and it might never
 * end. A last line that was incomplete at the opening is an error, and so are bytes that have been removed since.
 */
import process from 'node:process';
import { openFile, streamOf } from './opened-file.ts';
import { shownUrl } from './places/place.ts';
import type { Progress } from './source.ts';

export const CHUNK_BYTES = 256 * 1024;

export const STANDARD_INPUT = '-';

export interface ByteInput {
  readonly name: string;
  /** @returns the next bytes, never an empty buffer; `undefined` at the end. Rejects with the system's error */
  next(): Promise<Buffer | undefined>;
  /** A clause about bytes that are missing at the end. @param isText whether the bytes are not compressed */
  shortage(isText: boolean): string | undefined;
  progress(): Progress;
  close(): Promise<void>;
}

/** The name of a file, or of standard input, in messages. */
export function nameOf(path: string): string {
  return path === STANDARD_INPUT ? 'standard input' : shownUrl(path);
}

/**
 * @param path a file path, or `-` for standard input
 * @throws MeridianError `source` if the path is missing, not a file or not readable
 */
export async function openBytes(path: string, name = nameOf(path)): Promise<ByteInput> {
  const file = path === STANDARD_INPUT ? undefined : openFile(path, name);
  const size = file?.size;
  // one additional byte shows whether the file has grown
  const stream = file ? streamOf(file, { highWaterMark: CHUNK_BYTES, ...(size && { end: size }) }) : process.stdin;
  const chunks = stream.iterator({ destroyOnReturn: true }) as AsyncIterator<Buffer>;
  let bytesRead = 0;
  let hasGrown = false;
  let lastByte: number | undefined;
  return {
    name,
    async next() {
      const { done, value } = await chunks.next();
      if (done) {
        return undefined;
      }
      const bytes = size === undefined ? value : value.subarray(0, size - bytesRead);
      hasGrown ||= bytes.length < value.length;
      bytesRead += bytes.length;
      lastByte = bytes.at(-1) ?? lastByte;
      return bytes.length === 0 ? undefined : bytes;
    },
    shortage(isText) {
      if (size !== undefined && bytesRead < size) {
        return `the file was truncated while it was being read (${bytesRead} of ${size} bytes were there)`;
      }
      return isText && hasGrown ? endsWithinLine(lastByte) : undefined;
    },
    progress: () => ({ bytesRead, bytesTotal: size }),
    close: async () => {
      stream.destroy();
    },
  };
}

/** @param lastByte the last byte of a file that has grown since @returns an error if the last line was incomplete */
export function endsWithinLine(lastByte: number | undefined): string | undefined {
  const isLineEnd = lastByte === 0x0a || lastByte === 0x0d;
  return isLineEnd
    ? undefined
    : 'the file was still being written when it was opened, and this line was not complete; load it again when it is';
}
