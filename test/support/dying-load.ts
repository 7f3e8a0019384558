/** A populate of databases in a folder that dies before references are checked, or once a database has dealt with so many records. */
import process from 'node:process';
import { urlVariable } from '../../src/database/location.ts';
import { fileSource } from '../../src/populate/read/file.ts';
import { locationIn, populateIn } from './databases.ts';
import { regionalCatalog } from './regional-catalog.ts';
import { sourceOf } from './sources.ts';

export interface DyingLoad {
  readonly folder: string;
  /** Of each database the records, or the path of a file. */
  readonly sources: Readonly<Record<string, readonly unknown[] | string>>;
  /** A database, and how many of its records are dealt with at the death; by itself all are loaded and none is checked. */
  readonly after?: readonly [database: string, records: number];
}

/** Calls `die` at that moment. Where the environment has the URL of a database, it is there and not in the folder. */
export async function dyingLoad(
  { folder, sources, after: [fatal, fatalRecords] = ['', 0] }: DyingLoad,
  die: () => void,
  signal?: AbortSignal,
): Promise<void> {
  const open = new Set(Object.keys(sources));
  await populateIn(folder, {
    sources: Object.fromEntries(
      Object.entries(sources).map(([name, source]) => [
        name,
        typeof source === 'string' ? fileSource(source) : sourceOf(source),
      ]),
    ),
    catalog: regionalCatalog(...open),
    databaseOptions: (name) => (process.env[urlVariable(name)] === undefined ? locationIn(folder, name) : {}),
    onConflict: 'update',
    batchRecords: 2,
    ...(signal === undefined ? {} : { signal }),
    listener: {
      progressed(database, _, read) {
        if (database === fatal && read >= fatalRecords) {
          die();
        }
      },
      loaded(database) {
        open.delete(database);
        if (open.size === 0) {
          die();
        }
      },
    },
  });
}
