/** The schema of a database file, read behind MikroORM's back. */
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import SqliteFile from 'better-sqlite3';
import { migrationSet } from '../../src/database/declaration.ts';
import { projectRoot } from '../../src/shared/project.ts';

/** What a database has beside the entity that is populated: what a region trades and publishes with, what products are made of. */
const OTHERS: Readonly<Record<string, readonly string[]>> = {
  orders: ['checkouts', 'outbox_event', 'relay_state', 'stock'],
  products: ['product_components'],
};

/** Names of all tables of a database, in order: its entities' own, and Meridian's own, without those that record migrations. */
export function tablesOf(database: string): string[] {
  const runs = ['run_batches', 'run_files', 'rejects', 'runs'].map((name) => `meridian_${name}_${database}`);
  return [
    database,
    ...runs,
    `meridian_identity_${database}`,

    ...(OTHERS[database] ?? []),
  ].sort();
}

/** Names of all migrations of a database, or of a region's, the oldest first. */
export function migrationsOf(database: string, engine: 'sqlite' | 'postgresql' = 'sqlite'): string[] {
  const files = readdirSync(join(projectRoot, 'migrations', migrationSet(database), engine));
  return files.flatMap((file) => /^Migration\d+/.exec(file)?.[0] ?? []).sort();
}

/** The migrations of Meridian's own tables in a database of the shop, in the order in which they are applied. */
export function ownMigrationsOf(database: string): string[] {
  const set = migrationSet(database);
  const loads = ['users', 'products', 'orders'].includes(set)
    ? ['meridian.runs.1', 'meridian.runs.2', 'meridian.runs.3']
    : [];
  const events: Readonly<Record<string, readonly string[]>> = {
    orders: ['meridian.outbox.1', 'meridian.outbox.2'],
    central: ['meridian.inbox.1'],
  };
  return ['meridian.identity.1', ...loads, ...(events[set] ?? [])];
}

/** The SQL of every table and index, without what MikroORM and SQLite keep for themselves. */
export function schemaOf(path: string): string[] {
  const file = new SqliteFile(path, { readonly: true });
  try {
    const rows = file
      .prepare("select sql from sqlite_master where tbl_name not like 'mikro_orm_%' and name not like 'sqlite_%'")
      .pluck()
      .all() as string[];
    return rows.sort();
  } finally {
    file.close();
  }
}
