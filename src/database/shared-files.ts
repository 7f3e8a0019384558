/** A database needs a file, or tables, of its own: its migrations and its lock know of no other. */
import { MeridianError } from '../shared/errors.ts';
import type { Database } from './database.ts';
import { urlVariable } from './location.ts';

/** @throws MeridianError `usage` when two databases are in the same file by whatever names, or have the same tables on a server */
export function refuseSharedFiles(databases: readonly Database[]): void {
  const owners = new Map<string, string>();
  for (const { name, place, engine } of databases) {
    const { exclusivePlace } = engine;
    if (exclusivePlace === undefined) {
      continue;
    }
    const owner = owners.get(exclusivePlace);
    if (owner !== undefined) {
      throw new MeridianError(
        'usage',
        `${owner} and ${name} are both in ${place}. Give each a place of its own with ${urlVariable(owner)} and ${urlVariable(name)}.`,
      );
    }
    owners.set(exclusivePlace, name);
  }
}
