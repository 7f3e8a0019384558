/** Files that this program makes. None is made through a symbolic link, which another user may have put in its place. */
import { closeSync, constants, fstatSync, openSync, type Stats } from 'node:fs';
import { type FileHandle, link, open, rename, rm } from 'node:fs/promises';

/** Removes the file, or the link itself, that has this name, and makes a new one. Rejects with what the system says. */
export async function createFile(path: string): Promise<FileHandle> {
  await rm(path, { force: true });
  // fails when something has taken the name again
  return open(path, 'wx');
}

/** Windows has neither. */
const { O_NOFOLLOW = 0, O_NONBLOCK = 0 } = constants;

/**
 * Opens a regular file, which is made if it is not there, or a device, to write at its end. A symbolic link is followed to a device only,
 * such as /dev/stdout.
 *
 * @throws Error with what the system says, or for a link to anything else, a pipe and the like
 */
export function openForAppending(path: string): number {
  const { O_WRONLY, O_APPEND, O_CREAT } = constants;
  // a pipe that nothing reads would block
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
  throw new Error('it is no regular file, and a symbolic link is followed to a device only');
}

/** File systems that know no hard links, such as FAT. */
const WITHOUT_LINKS: ReadonlySet<string | undefined> = new Set(['EPERM', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS', 'EMLINK']);

/** Gives a whole file its name, in one step. @returns false, and changes nothing, when something else has that name */
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

/** Takes the name first, with an empty file, so that nothing else can have it. */
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
