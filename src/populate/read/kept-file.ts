/** Files as they are kept for a load: opened once, copied where they can be read only once, and examined. */
import { createHash } from 'node:crypto';
import { closeSync, createWriteStream, fstatSync, openSync } from 'node:fs';
import { join } from 'node:path';
import process from 'node:process';
import type { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { MeridianError, messageOf } from '../../shared/errors.ts';
import { nameOf, STANDARD_INPUT } from './bytes.ts';
import { type ExaminedFile, examine, unexamined } from './examined-file.ts';
import { openFile, streamOf } from './opened-file.ts';
import { isRemote } from './places/place.ts';

/** An examined file that is open. */
export interface KeptFile {
  readonly name: string;
  /** As it was given, or what it is called instead: its end says the format. */
  readonly path: string;
  readonly examined: ExaminedFile;
  /** Where it, or its copy, can be opened again. */
  readonly place: string;
  /** Identifies a file that is not copied under any of its names. */
  readonly identity: string | undefined;
  close(): void;
}

interface KeepOptions {
  /** What messages call it, instead of its path. */
  readonly called?: string | undefined;
  /** Whether its content is digested, so that what is read later can be compared with it. */
  readonly isExamined?: boolean | undefined;
}

/**
 * Opens a regular file, so that it stays the same when its name is reused. What can be read only once, as standard input and a named pipe,
 * and what another computer holds, is copied first.
 *
 * @param directory for copies
 * @throws MeridianError `source` when it is missing, cannot be read or copied, or is being written to
 */
export async function keepFile(
  path: string,
  directory: string,
  { called, isExamined = true }: KeepOptions = {},
): Promise<KeptFile> {
  const name = called ?? nameOf(path);
  const { descriptor, copy } = await openOnce(path, name, directory);
  try {
    const examined = isExamined ? await examine(descriptor, name, '') : unexamined(descriptor, '');
    return {
      name,
      path: called ?? path,
      examined,
      place: copy ?? path,
      identity: path === STANDARD_INPUT || isRemote(path) ? undefined : identityOf(descriptor),
      close: () => closeSync(descriptor),
    };
  } catch (error) {
    closeSync(descriptor);
    throw error;
  }
}

function identityOf(descriptor: number): string {
  const { dev, ino } = fstatSync(descriptor, { bigint: true });
  return `${dev}:${ino}`;
}

interface OpenedOnce {
  readonly descriptor: number;
  /** The path of its copy. */
  readonly copy?: string;
}

async function openOnce(path: string, name: string, directory: string): Promise<OpenedOnce> {
  const copy = join(directory, `${createHash('sha256').update(path).digest('hex')}.input`);
  if (isRemote(path)) {
    const { download } = await import('./places/download.ts');
    return { descriptor: await download(path, name, copy), copy };
  }
  if (path === STANDARD_INPUT) {
    return { descriptor: await copied(name, process.stdin, copy), copy };
  }
  const file = openFile(path, name);
  return file.size === undefined
    ? { descriptor: await copied(name, streamOf(file), copy), copy }
    : { descriptor: file.descriptor };
}

/** @returns the descriptor of the copy */
export async function copied(name: string, stream: Readable, to: string): Promise<number> {
  let copy: number | undefined;
  try {
    copy = openSync(to, 'wx+');
    await pipeline(stream, createWriteStream('', { fd: copy, autoClose: false }));
    return copy;
  } catch (error) {
    if (copy !== undefined) {
      closeSync(copy);
    }
    throw new MeridianError('source', `${name} cannot be copied to ${to}: ${messageOf(error)}.`, { cause: error });
  }
}
