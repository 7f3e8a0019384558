/** A file that was opened once, by its name, and is known by its descriptor from then on. */
import { closeSync, constants, createReadStream, fstatSync, openSync } from 'node:fs';
import { Socket } from 'node:net';
import type { Readable } from 'node:stream';
import { isatty, ReadStream } from 'node:tty';
import { MeridianError, messageOf } from '../../shared/errors.ts';

export interface OpenedFile {
  readonly descriptor: number;
  /** Of a regular file; a pipe has none that means anything. */
  readonly size: number | undefined;
}

/** Windows has none. */
const { O_RDONLY, O_NONBLOCK = 0 } = constants;

/**
 * Never waits: a named pipe that nothing writes to would keep a thread, and with it the end of the process, waiting.
 *
 * @param name what the file is called in sentences for the user
 * @throws MeridianError `source` when it is missing, a directory or not readable
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

/** All that it gives; closes it at the end. @param options of a regular file: how much is read at a time, and the last byte that is */
export function streamOf(
  { descriptor }: OpenedFile,
  options: { readonly highWaterMark?: number; readonly end?: number } = {},
): Readable {
  if (fstatSync(descriptor).isFIFO()) {
    return new Socket({ fd: descriptor, readable: true, writable: false });
  }
  return isatty(descriptor) ? new ReadStream(descriptor) : createReadStream('', { fd: descriptor, ...options });
}
