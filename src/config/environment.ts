/** Reads the environment variables of a project: from `.env` in the working directory, then from `.env` beside its config. */
import { isAbsolute, resolve } from 'node:path';
import { readEnvironmentFile } from '../shared/environment-file.ts';
import { projectRoot } from '../shared/project.ts';

const URL_VARIABLE = /_DATABASE_URL(?:_|$)/;
const SQLITE_FILE = /^(sqlite:(?:\/\/)?)([^:~/][^:]*)$/i;

/**
 * @param root the folder of the config; the `.env` in the root of Meridian's own clone is not read, since people run its commands in other
 * folders
 */
export function readProjectEnvironment(root: string): void {
  readEnvironmentFile();
  if (root !== projectRoot) {
    readEnvironmentFile(root, (name, value) => (URL_VARIABLE.test(name) ? fromFolder(root, value) : value));
  }
}

/** The URL of an SQLite file with its path made absolute. */
function fromFolder(root: string, url: string): string {
  return url
    .trim()
    .replace(SQLITE_FILE, (_, scheme: string, path: string) =>
      isAbsolute(path) ? `${scheme}${path}` : `sqlite:${resolve(root, path)}`,
    );
}
