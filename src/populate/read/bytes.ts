/**
 * Bytes of standard input, or of a file as it was when it was opened. What another program appends meanwhile is left
 * for the next load, which finds all else `unchanged`; reading on would never end behind a program that writes as fast,
 * and would make the records of a load hang on how long it took. A line that was not finished at the opening, and bytes
 * that are gone by the time they are wanted, are faults.
 */
import process from 'node:process';
import { openFile, streamOf } from './opened-file.ts';
import type { Progress } from './source.ts';

export const CHUNK_BYTES = 256 * 1024;

export const STANDARD_INPUT = '-';

export interface ByteInput {
  readonly name: string;
  /** @returns the next bytes, never none; `undefined` at the end. Rejects with what the system says */
  next(): Promise<Buffer | undefined>;
  /** What shows, at the end, that bytes are missing; `isText` when they are not packed. */
  shortage(isText: boolean): string | undefined;
  progress(): Progress;
  close(): Promise<void>;
}

/** What a file, or standard input, is called in sentences for the user. */
export function nameOf(path: string): string {
  return path === STANDARD_INPUT ? 'standard input' : path;
}

/**
 * @param path of a file, or `-` for standard input
 * @throws MeridianError `source` when it is missing, not a file or not readable
 */
export async function openBytes(path: string, name = nameOf(path)): Promise<ByteInput> {
  const file = path === STANDARD_INPUT ? undefined : openFile(path, name);
  const size = file?.size;
  // one byte more than there was shows whether the file has grown
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

/** @param lastByte of a file that has grown since @returns what is wrong with a last line that was not complete */
export function endsWithinLine(lastByte: number | undefined): string | undefined {
  const isLineEnd = lastByte === 0x0a || lastByte === 0x0d;
  return isLineEnd
    ? undefined
    : 'the file was still being written when it was opened, and this line was not complete; load it again when it is';
}
