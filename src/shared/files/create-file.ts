/** Creates files. No file is created through a symbolic link, which another user may have put in its place. */
import { closeSync, constants, fstatSync, openSync, type Stats } from 'node:fs';
import { type FileHandle, link, open, rename, rm } from 'node:fs/promises';

/** Removes the file or symbolic link of this name, if any, and creates a new file. Rejects with the system's error. */
export async function createFile(path: string): Promise<FileHandle> {
  await rm(path, { force: true });
  // fails if another process has created a file of this name meanwhile
  return open(path, 'wx');
}

/** Windows has neither flag. */
const { O_NOFOLLOW = 0, O_NONBLOCK = 0 } = constants;

/**
 * Opens a regular file, which is created if needed, or a device, for appending. A symbolic link is followed only to a device, such as
 * /dev/stdout.
 *
 * @throws Error of the system, or for a pipe, or a link to anything but a device
 */
export function openForAppending(path: string): number {
  const { O_WRONLY, O_APPEND, O_CREAT } = constants;
  // opening a pipe without a reader would block
  const flags = O_WRONLY | O_APPEND | O_NONBLOCK;
  try {
    return accepted(
      openSync(path, flags | O_CREAT | O_NOFOLLOW),
      (stats) => stats.isFile() || stats.isCharacterDevice(),
    );
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ELOOP') {
      throw error;
    }
    return accepted(openSync(path, flags), (stats) => stats.isCharacterDevice());
  }
}

function accepted(descriptor: number, isAccepted: (stats: Stats) => boolean): number {
  if (isAccepted(fstatSync(descriptor))) {
    return descriptor;
  }
  closeSync(descriptor);
  throw new Error('it is not a regular file, and a symbolic link is followed only to a device');
}

/** Errors of file systems that do not support hard links, such as FAT. */
const WITHOUT_LINKS: ReadonlySet<string | undefined> = new Set(['EPERM', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS', 'EMLINK']);

/** Renames a complete file, atomically and without replacing another. @returns false, without any change, if the name is taken */
export async function nameFile(part: string, path: string): Promise<boolean> {
  try {
    await link(part, path);
    await rm(part);
    return true;
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'EEXIST') {
      return false;
    }
    if (!WITHOUT_LINKS.has(code)) {
      throw error;
    }
  }
  return nameWithoutLinks(part, path);
}

/** Reserves the name with an empty file, so that no other process can take it. */
async function nameWithoutLinks(part: string, path: string): Promise<boolean> {
  try {
    await (await open(path, 'wx')).close();
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') {
      return false;
    }
    throw error;
  }
  await rename(part, path);
  return true;
}
