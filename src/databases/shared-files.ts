/** Every database needs a file of its own: its migrations and its lock know of no other. */
import { realpathSync } from 'node:fs';
import { MeridianError } from '../errors.ts';
import type { Database } from './database.ts';
import { displayPath, MEMORY, urlVariable } from './location.ts';

/** @throws MeridianError `usage` when two databases are in the same file, by whatever names */
export function refuseSharedFiles(databases: readonly Database[]): void {
  const owners = new Map<string, string>();
  for (const { name, location } of databases) {
    const file = realPath(location.file);
    const owner = owners.get(file);
    if (owner !== undefined && file !== MEMORY) {
      throw new MeridianError(
        'usage',
        `${owner} and ${name} are both in ${displayPath(location.file)}. Give each a file of its own with ${urlVariable(owner)} and ${urlVariable(name)}.`,
      );
    }
    owners.set(file, name);
  }
}

/** Symbolic links followed; a file that does not exist yet has none. */
function realPath(file: string): string {
  try {
    return realpathSync(file);
  } catch {
    return file;
  }
}
