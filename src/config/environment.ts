/** The variables of a project: those of `.env` in the working directory, then those of `.env` beside its config. */
import { isAbsolute, resolve } from 'node:path';
import { readEnvironmentFile } from '../shared/environment-file.ts';
import { projectRoot } from '../shared/project.ts';

const URL_VARIABLE = /_DATABASE_URL(?:_|$)/;
const SQLITE_FILE = /^(sqlite:(?:\/\/)?)([^:~/][^:]*)$/i;

/** @param root the folder of the config; that of Meridian itself says nothing of the folder that its commands are tried in */
export function readProjectEnvironment(root: string): void {
  readEnvironmentFile();
  if (root !== projectRoot) {
    readEnvironmentFile(root, (name, value) => (URL_VARIABLE.test(name) ? fromFolder(root, value) : value));
  }
}

/** The URL of an SQLite file, with a path that is the same from every working directory. */
function fromFolder(root: string, url: string): string {
  return url
    .trim()
    .replace(SQLITE_FILE, (_, scheme: string, path: string) =>
      isAbsolute(path) ? `${scheme}${path}` : `sqlite:${resolve(root, path)}`,
    );
}
