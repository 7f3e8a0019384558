/** The files of a run that is continued after more files were added. */
import type { EntityManager } from '../database/database.ts';
import type { Table } from '../database/table.ts';
import { type RunFileRow, type RunRow, runTables } from './run-tables.ts';

/** Number of rows to write at a time. */
const PAGE_ROWS = 1000;

/** A file of a run. */
export interface RunFile {
  /** Not set for a run of one file. */
  readonly name?: string;
  /** A digest of its content. */
  readonly content: string;
}

/** The files of a run in reading order. */
export async function filesOfRun(
  { database, declaration }: Table,
  em: EntityManager,
  { id, content }: Pick<RunRow, 'id' | 'content'>,
): Promise<readonly RunFile[]> {
  const files = await em.find(
    runTables(database.name).files,
    { run: id, entity: declaration.name },
    { fields: ['name', 'content'], orderBy: { position: 'asc' }, disableIdentityMap: true },
  );
  return files.length > 0 ? files : content === null ? [] : [{ content }];
}

/** Records files that were added after the run started; they follow the known ones. */
export async function addLaterFiles(
  { database, declaration }: Table,
  em: EntityManager,
  run: string,
  files: readonly Pick<RunFileRow, 'name' | 'content'>[],
): Promise<void> {
  const { files: entity } = runTables(database.name);
  const known = await em.count(entity, { run, entity: declaration.name });
  const rows = files
    .map(({ name, content }, position) => ({ run, position, name, content, records: null, entity: declaration.name }))
    .slice(known);
  for (let from = 0; from < rows.length; from += PAGE_ROWS) {
    await em.insertMany(entity, rows.slice(from, from + PAGE_ROWS));
  }
}
