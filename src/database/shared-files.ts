/** Ensures that each database has its own file, or tables, since migrations and lock assume so. */
import { MeridianError } from '../shared/errors.ts';
import type { Database } from './database.ts';
import { urlVariable } from './location.ts';

/** @throws MeridianError `usage` if two databases have the same file, by whatever names, or the same tables on a server */
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
