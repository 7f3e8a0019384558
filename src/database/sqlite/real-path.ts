/** The canonical name of a database file: SQLite keeps its log, and Meridian its lock, beside the file under that name. */
import { readlinkSync, realpathSync, statSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { MeridianError } from '../../shared/errors.ts';
import { displayPath } from '../location.ts';

/** @returns where the file is, or would be created, after following all symbolic links, including dangling ones */
export function realPath(file: string): string {
  try {
    return realpathSync(file);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT' || dirname(file) === file) {
      // opening the file reports the error
      return file;
    }
  }
  const directory = realPath(dirname(file));
  const here = join(directory, basename(file));
  const target = targetOf(here);
  return target === undefined ? here : realPath(resolve(directory, target));
}

/** @returns the target of a symbolic link; nothing if the path is not a link */
function targetOf(path: string): string | undefined {
  try {
    return readlinkSync(path);
  } catch {
    return undefined;
  }
}

/**
 * Through another hard link, SQLite would not find the log of open transactions and damage the file
 * (https://www.sqlite.org/howtocorrupt.html#multiple_links_to_a_database_file), and another process would not find the lock.
 *
 * @param name the path as the user specified it
 * @throws MeridianError `database` for a file that has other names
 */
export function refuseHardLinks(file: string, name = file): void {
  const status = statSync(file, { throwIfNoEntry: false });
  const links = status?.nlink ?? 1;
  // a directory has one link per subdirectory
  if (links > 1 && status?.isFile()) {
    throw new MeridianError(
      'database',
      `${displayPath(name)} has ${links} names (hard links), and changes by one of them are not seen by the others. ` +
        'Remove the other names, or make a copy and use that; a symbolic link may lead to a database.',
    );
  }
}
