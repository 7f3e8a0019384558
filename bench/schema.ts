/** Takes the schema that everybody loads into from what Meridian's own migrations make. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import process from 'node:process';
import Database from 'better-sqlite3';
import { DATABASES, data, databaseUrls, meridian, runs } from './places.ts';
import { run } from './process.ts';

/** @returns database -> path of the SQL of its table and indexes, in a folder of their own */
export async function takeSchema(): Promise<Record<string, string>> {
  const folder = join(data, 'schema');
  mkdirSync(folder, { recursive: true });
  const made = mkdtempSync(join(runs, 'migrated-'));
  const path = (database: string) => join(made, `${database}.db`);
  try {
    const env = databaseUrls((database) => `sqlite:${path(database)}`);
    await run({ command: process.execPath, args: [meridian, 'migrate'], env }, made);
    return Object.fromEntries(
      DATABASES.map((database) => {
        const file = join(folder, `${database}.sql`);
        writeFileSync(file, schemaOf(path(database), database));
        return [database, file];
      }),
    );
  } finally {
    rmSync(made, { recursive: true });
  }
}

/** The table comes first: its indexes need it. */
function schemaOf(path: string, table: string): string {
  const db = new Database(path, { readonly: true });
  const statements = db
    .prepare("select sql from sqlite_master where tbl_name = ? and sql is not null order by type = 'table' desc, rowid")
    .pluck()
    .all(table) as string[];
  db.close();
  return statements.map((sql) => `${sql};\n`).join('');
}
