/** Opens a file once by its name; afterwards, it is read through its descriptor. */
import { closeSync, constants, createReadStream, fstatSync, openSync } from 'node:fs';
import { Socket } from 'node:net';
import type { Readable } from 'node:stream';
import { isatty, ReadStream } from 'node:tty';
import { MeridianError, messageOf } from '../../shared/errors.ts';

export interface OpenedFile {
  readonly descriptor: number;
  /** The size of a regular file; `undefined` for a pipe. */
  readonly size: number | undefined;
}

/** Windows has no O_NONBLOCK. */
const { O_RDONLY, O_NONBLOCK = 0 } = constants;

/**
 * Does not wait for the writer of a named pipe, which would block a thread and the exit of the process.
 *
 * @param name the file's name in messages
 * @throws MeridianError `source` if it is missing, a directory or not readable
 */
export function openFile(path: string, name: string): OpenedFile {
  let descriptor: number | undefined;
  try {
    descriptor = openSync(path, O_RDONLY | O_NONBLOCK);
    const stats = fstatSync(descriptor);
    if (stats.isDirectory()) {
      throw new MeridianError('source', `${name} is a directory, not a file.`);
    }
    return { descriptor, size: stats.isFile() ? stats.size : undefined };
  } catch (error) {
    if (descriptor !== undefined) {
      closeSync(descriptor);
    }
    if (error instanceof MeridianError) {
      throw error;
    }
    const missing = (error as NodeJS.ErrnoException).code === 'ENOENT';
    throw new MeridianError(
      'source',
      missing ? `${name} does not exist.` : `${name} cannot be read: ${messageOf(error)}.`,
      { cause: error },
    );
  }
}

/** Streams the file, and closes it at the end. @param options for a regular file: the chunk size, and the last byte to read */
export function streamOf(
  { descriptor }: OpenedFile,
  options: { readonly highWaterMark?: number; readonly end?: number } = {},
): Readable {
  if (fstatSync(descriptor).isFIFO()) {
    return new Socket({ fd: descriptor, readable: true, writable: false });
  }
  return isatty(descriptor) ? new ReadStream(descriptor) : createReadStream('', { fd: descriptor, ...options });
}
