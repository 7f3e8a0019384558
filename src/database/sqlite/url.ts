/** Reads the URL of an SQLite database, which contains only a path. */
import { homedir } from 'node:os';
import { join, resolve } from 'node:path';
import { MeridianError } from '../../shared/errors.ts';

/** In place of a file: a database that is discarded when it is closed. */
export const MEMORY = ':memory:';

/**
 * @param variable the environment variable that holds the URL, for messages; the URL itself is never printed
 * @returns the absolute path, or `:memory:`; `undefined` if the text is not such a URL
 * @throws MeridianError `usage` for a path with parts that only a shell or another program would interpret
 */
export function parseSqliteUrl(variable: string, url: string): string | undefined {
  const path = /^sqlite:(?:\/\/)?(?<path>.+)$/i.exec(url)?.groups?.['path'];
  if (path === undefined) {
    return undefined;
  }
  const fail = (what: string): MeridianError => new MeridianError('usage', `${variable} ${what}`);
  if (path.includes('?')) {
    throw fail('has parameters after a question mark, and an SQLite database takes none. Write sqlite:<path> alone.');
  }
  if (/^file:/i.test(path)) {
    throw fail('has a path that begins with file:. Write sqlite:<path> alone.');
  }
  if (/(?:^|\/)\$/.test(path)) {
    throw fail('names a variable in its path, which only a shell would replace. Write the path itself.');
  }
  if (path === MEMORY) {
    return MEMORY;
  }
  const [first, ...rest] = path.split('/');
  if (first === '~' && rest.length > 0) {
    return join(homedir(), ...rest);
  }
  if (first?.startsWith('~')) {
    throw fail("has a path that begins with ~ and a name. Write the path itself; ~/ is this user's home directory.");
  }
  return resolve(path);
}
