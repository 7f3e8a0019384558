/** The one name of a database file: SQLite keeps its log, and Meridian its lock, beside the file by that name. */
import { readlinkSync, realpathSync, statSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { MeridianError } from '../../shared/errors.ts';
import { displayPath } from '../location.ts';

/** @returns where a file is, or would be made, when all symbolic links on the way are followed, dangling ones as well */
export function realPath(file: string): string {
  try {
    return realpathSync(file);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT' || dirname(file) === file) {
      // whatever opens it says what is wrong with it
      return file;
    }
  }
  const directory = realPath(dirname(file));
  const here = join(directory, basename(file));
  const target = targetOf(here);
  return target === undefined ? here : realPath(resolve(directory, target));
}

/** @returns where a symbolic link leads; nothing for what is none */
function targetOf(path: string): string | undefined {
  try {
    return readlinkSync(path);
  } catch {
    return undefined;
  }
}

/**
 * By another hard link, SQLite would not find the log of the transactions that are under way, and damage the file
 * (https://www.sqlite.org/howtocorrupt.html#multiple_links_to_a_database_file); nor would another process find the lock.
 *
 * @param name what the user calls the file
 * @throws MeridianError `database` for a file that has other names
 */
export function refuseHardLinks(file: string, name = file): void {
  const status = statSync(file, { throwIfNoEntry: false });
  const links = status?.nlink ?? 1;
  // a directory has as many as it has directories in it
  if (links > 1 && status?.isFile()) {
    throw new MeridianError(
      'database',
      `${displayPath(name)} has ${links} names (hard links), and changes by one of them are not seen by the others. ` +
        'Remove the other names, or make a copy and use that; a symbolic link may lead to a database.',
    );
  }
}
