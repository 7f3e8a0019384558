/** Keeps files for a load: opens them once, copies those that can be read only once, and examines them. */
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

/** An open, examined file. */
export interface KeptFile {
  readonly name: string;
  /** The given path, or the name to use instead, whose extension indicates the format. */
  readonly path: string;
  readonly examined: ExaminedFile;
  /** The path under which the file, or its copy, can be reopened. */
  readonly place: string;
  /** Identifies a file under any of its names; `undefined` for a copied one. */
  readonly identity: string | undefined;
  close(): void;
}

interface KeepOptions {
  /** Name in messages, instead of the path. */
  readonly called?: string | undefined;
  /** Whether to digest its content, in order to verify later reads. */
  readonly isExamined?: boolean | undefined;
}

/**
 * Opens a regular file, so that it stays the same if its name is reused. Inputs that can be read only once, such as standard input and
 * named pipes, and remote files are copied first.
 *
 * @param directory a directory for copies
 * @throws MeridianError `source` if it is missing, cannot be read or copied, or is being written to
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
