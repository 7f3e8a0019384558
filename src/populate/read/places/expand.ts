/** Expands a local path to files: itself, those in a folder, or those that match a pattern. */
import { globSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { MeridianError, messageOf } from '../../../shared/errors.ts';
import { STANDARD_INPUT } from '../bytes.ts';
import { formatNamed } from '../format.ts';
import { byNumbers } from './by-numbers.ts';
import { foreignScheme, isPattern, isRemote } from './place.ts';

/**
 * @param path a file, a folder, a pattern such as `exports/2026-*.csv`, a URL, or `-`
 * @returns files ordered by name, with numbers in names compared by value
 * @throws MeridianError `source` if a pattern matches no file, or a folder contains none
 */
export function expandPath(path: string): string[] {
  if (path === STANDARD_INPUT || isRemote(path)) {
    return [path];
  }
  const there = statSync(path, { throwIfNoEntry: false });
  const scheme = there === undefined ? foreignScheme(path) : undefined;
  if (scheme !== undefined) {
    const what = scheme === 'file://' ? 'Name the file by its path.' : 'Get the file, and name its path.';
    throw new MeridianError(
      'source',
      `${path}: URLs are read with https://, http:// and s3://, not with ${scheme}. ${what}`,
    );
  }
  if (there?.isDirectory()) {
    return filesIn(path);
  }
  // a file may have this name
  return there === undefined && isPattern(path) ? matching(path) : [path];
}

function matching(pattern: string): string[] {
  const files = globSync(pattern)
    .filter((path) => !statSync(path).isDirectory())
    .sort(byNumbers);
  if (files.length === 0) {
    throw new MeridianError('source', `No file matches ${pattern}.`);
  }
  return files;
}

/** Hidden files, folders and special files are not data. */
function filesIn(folder: string): string[] {
  try {
    const files = readdirSync(folder)
      .filter((name) => !name.startsWith('.') && (formatNamed(name) !== undefined || /\.zip$/i.test(name)))
      .map((name) => join(folder, name))
      .filter((path) => !statSync(path).isDirectory())
      .sort(byNumbers);
    if (files.length > 0) {
      return files;
    }
  } catch (error) {
    throw new MeridianError('source', `The folder ${folder} cannot be read: ${messageOf(error)}.`, { cause: error });
  }
  throw new MeridianError('source', `The folder ${folder} holds no data files. Name them with a pattern.`);
}
