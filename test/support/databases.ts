/** The project's databases, or others, in a place of the test's: by themselves a folder of files, or on any engine. */
import { join } from 'node:path';
import SqliteFile from 'better-sqlite3';
import type { DatabaseOptions } from '../../src/database/database.ts';
import type { PopulateOptions } from '../../src/populate/options.ts';
import { populate } from '../../src/populate/populate.ts';
import type { PopulateReport } from '../../src/populate/report.ts';
import { catalog } from '../../src/shop/catalog.ts';
import { databaseModule } from './database-module.ts';
import type { Place } from './place.ts';

export function fileOf(folder: string, database: string): string {
  return join(folder, `${database}.db`);
}

export function locationIn(folder: string, database: string): DatabaseOptions {
  return { location: { engine: 'sqlite', file: fileOf(folder, database) } };
}

/** Populates databases in `where`, a folder of files or a place on any engine, with its rejects below `rejects/` there. */
export function populateIn(where: string | Place, options: Partial<PopulateOptions>): Promise<PopulateReport> {
  return populate({
    catalog,
    sources: {},
    databaseModule,
    rejectsDirectory: join(typeof where === 'string' ? where : where.folder, 'rejects'),
    databaseOptions: (name) => (typeof where === 'string' ? locationIn(where, name) : where.options(name)),
    ...options,
  });
}

/** All rows of a table, by id, read behind MikroORM's back. */
export function rowsOf(folder: string, table: string, database = table): unknown[] {
  const file = new SqliteFile(fileOf(folder, database), { readonly: true });
  try {
    return file.prepare(`select * from "${table}" order by id`).all();
  } finally {
    file.close();
  }
}

/** The counts of a report without anything that varies from run to run. */
export function countsOf(report: PopulateReport): Record<string, Record<string, number>> {
  return Object.fromEntries(
    Object.entries(report.databases).map(([name, { read, inserted, updated, unchanged, rejected }]) => [
      name,
      { read, inserted, updated, unchanged, rejected },
    ]),
  );
}
