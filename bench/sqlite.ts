/** Looks into the SQLite databases that a run has left. */
import { join } from 'node:path';
import Database from 'better-sqlite3';
import type { Run } from './contestant.ts';
import { DATABASES } from './places.ts';

export async function countSqlite({ folder }: Run): Promise<Record<string, number>> {
  return Object.fromEntries(
    DATABASES.map((database) => {
      const db = new Database(join(folder, `${database}.db`), { fileMustExist: true });
      const rows = db.prepare(`select count(*) from ${database}`).pluck().get() as number;
      db.close();
      return [database, rows];
    }),
  );
}
