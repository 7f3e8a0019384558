/** Finds files that earlier runs of a table have loaded completely. */
import type { EntityManager } from '../database/database.ts';
import type { Table } from '../database/table.ts';
import { runTables } from './run-tables.ts';

/** Number of runs whose files are read at a time. */
const PAGE_RUNS = 1000;

/** The run that loaded a file. */
export interface LoadedBy {
  readonly run: string;
  /** ISO 8601, UTC. */
  readonly startedAt: string;
}

/**
 * Considers runs that have ended, with or without rejects.
 *
 * @param keysWith a function for the settings of a run, given as text, that identifies a file and how it was read; the name is not set for
 *   a run of one file
 * @returns the key of a file -> the newest run that loaded it
 */
export async function loadedContents(
  { database, declaration }: Table,
  em: EntityManager,
  keysWith: (settings: string) => (name: string | undefined, content: string) => string,
): Promise<Map<string, LoadedBy>> {
  const tables = runTables(database.name);
  const entity = declaration.name;
  const runs = await em.find(
    tables.runs,
    { entity, state: 'finished' },
    { fields: ['id', 'content', 'settings', 'startedAt'], orderBy: { id: 'asc' }, disableIdentityMap: true },
  );
  const contents = new Map<string, LoadedBy>();
  for (let from = 0; from < runs.length; from += PAGE_RUNS) {
    const page = runs.slice(from, from + PAGE_RUNS);
    const files = await em.find(
      tables.files,
      { entity, run: { $in: page.map(({ id }) => id) } },
      { fields: ['run', 'name', 'content'], disableIdentityMap: true },
    );
    const byRun = Map.groupBy(files, ({ run }) => run);
    for (const { id, content, settings, startedAt } of page) {
      const keyOf = keysWith(settings);
      if (content !== null) {
        contents.set(keyOf(undefined, content), { run: id, startedAt });
      }
      for (const file of byRun.get(id) ?? []) {
        contents.set(keyOf(file.name, file.content), { run: id, startedAt });
      }
    }
  }
  return contents;
}
