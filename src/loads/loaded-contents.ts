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
 * @param isAlike whether to consider a run with these settings, given as text
 * @returns content digest -> the newest run that loaded it; for a run of one file, the digest of its source
 */
export async function loadedContents(
  { database, declaration }: Table,
  em: EntityManager,
  isAlike: (settings: string) => boolean,
): Promise<Map<string, LoadedBy>> {
  const tables = runTables(database.name);
  const entity = declaration.name;
  const ended = await em.find(
    tables.runs,
    { entity, state: 'finished' },
    { fields: ['id', 'content', 'settings', 'startedAt'], orderBy: { id: 'asc' }, disableIdentityMap: true },
  );
  const runs = ended.filter(({ settings }) => isAlike(settings));
  const contents = new Map<string, LoadedBy>();
  for (let from = 0; from < runs.length; from += PAGE_RUNS) {
    const page = runs.slice(from, from + PAGE_RUNS);
    const files = await em.find(
      tables.files,
      { entity, run: { $in: page.map(({ id }) => id) } },
      { fields: ['run', 'content'], disableIdentityMap: true },
    );
    const byRun = Map.groupBy(files, ({ run }) => run);
    for (const { id, content, startedAt } of page) {
      for (const one of [
        ...(content === null ? [] : [content]),
        ...(byRun.get(id) ?? []).map((file) => file.content),
      ]) {
        contents.set(one, { run: id, startedAt });
      }
    }
  }
  return contents;
}
