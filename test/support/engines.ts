/** The same cases over every engine: each test gets a place for databases of its own. */
import { cpSync } from 'node:fs';
import process from 'node:process';
import { describe, test } from '@jest/globals';
import SqliteFile from 'better-sqlite3';
import { locate, urlVariable } from '../../src/database/location.ts';
import { fileOf } from './databases.ts';
import { makeFolder } from './folder.ts';
import { isThoroughRun } from './jest/depth-asked.ts';
import type { EngineName, Place } from './place.ts';
import { SERVER_VARIABLE } from './postgresql/available.ts';
import { copyDatabase, freshDatabase, query } from './postgresql/fresh.ts';
import { TEMPLATES, type Template } from './postgresql/templates.ts';
import { schemaOf as schemaOfFile } from './schema.ts';
import { copyMigrated } from './sqlite/migrated.ts';

export type { EngineName, Place };

/** For suites that need the server: skipped, and the run says why, where it could not be started. */
export const describeWithPostgresql: (name: string, define: () => void) => void =
  process.env[SERVER_VARIABLE] === undefined ? describe.skip : describe;

/** Defines the cases once for each engine, with empty databases; those of a server that could not be started are skipped. */
export function forEachEngine(define: (makePlace: () => Promise<Place>, engine: EngineName) => void): void {
  describe('SQLite', () => define(() => Promise.resolve(sqlitePlace(makeFolder())), 'sqlite'));
  describeWithPostgresql('PostgreSQL', () => define(() => makePostgresqlPlace(), 'postgresql'));
}

/** As {@link forEachEngine}, for what lies above the engines: `npm test` runs it on SQLite alone, `npm run test:all` on both. */
export function forEachEngineThoroughly(define: Parameters<typeof forEachEngine>[0]): void {
  forEachEngine((makePlace, engine) => atDepth(engine, () => define(makePlace, engine)));
}

/** As {@link forEachEngineThoroughly}, with databases that are migrated. */
export function forEachEngineMigratedThoroughly(
  template: Template,
  define: Parameters<typeof forEachEngineMigrated>[1],
): void {
  forEachEngineMigrated(template, (makePlace, engine) => atDepth(engine, () => define(makePlace, engine)));
}

function atDepth(engine: EngineName, define: () => void): void {
  // nothing that runs at both depths depends on it
  if (isThoroughRun || engine === 'sqlite') {
    define();
  } else {
    test.skip('npm run test:all runs the same cases', () => undefined);
  }
}

/** As {@link forEachEngine}, with databases that are migrated. */
export function forEachEngineMigrated(
  template: Template,
  define: (makePlace: () => Promise<Place>, engine: EngineName) => void,
): void {
  describe('SQLite', () => define(() => migratedSqlitePlace(template), 'sqlite'));
  describeWithPostgresql('PostgreSQL', () =>
    define(async () => postgresqlPlace(await freshDatabase(template)), 'postgresql'),
  );
}

async function migratedSqlitePlace(template: Template): Promise<Place> {
  const folder = makeFolder();
  for (const declaration of TEMPLATES[template].declarations) {
    await copyMigrated(declaration, fileOf(folder, declaration.name));
  }
  return sqlitePlace(folder);
}

/** Database files in a folder. */
export function sqlitePlace(folder: string): Place {
  return place('sqlite', folder, (database) => `sqlite:${fileOf(folder, database)}`, {
    execute(database, sql) {
      const file = new SqliteFile(fileOf(folder, database));
      try {
        const statement = file.prepare(sql);
        const rows = statement.reader ? statement.all() : [];
        if (!statement.reader) {
          statement.run();
        }
        return Promise.resolve(rows as Record<string, unknown>[]);
      } finally {
        file.close();
      }
    },
    schemaOf: (database) => Promise.resolve(schemaOfFile(fileOf(folder, database))),
  });
}

/** One schema of a fresh database, `public` or another, that all databases of the test share. */
export async function makePostgresqlPlace(schema?: string): Promise<Place> {
  const fresh = await freshDatabase();
  return postgresqlPlace(schema === undefined ? fresh : `${fresh}?schema=${encodeURIComponent(schema)}`);
}

/** A place as this one is, which has not been asked for rows: PostgreSQL does not copy a database that has connections. */
export async function copiedPlace(original: Place): Promise<Place> {
  const url = original.url('users');
  const copy =
    original.engine === 'sqlite'
      ? sqlitePlace(makeFolder())
      : postgresqlPlace(`${await copyDatabase(url)}${new URL(url).search}`);
  cpSync(original.folder, copy.folder, { recursive: true });
  return copy;
}

/** The same place, where each database has a schema of its own: those of several regions have tables of the same names. */
export function apart(place: Place): Place {
  return place.engine === 'sqlite'
    ? place
    : postgresqlPlace((database) => `${place.url(database)}?schema=${database.replaceAll('.', '_')}`);
}

/** @param where the URL of all databases, or of each */
export function postgresqlPlace(where: string | ((database: string) => string)): Place {
  const url = typeof where === 'string' ? () => where : where;
  return place('postgresql', makeFolder(), url, {
    execute: (database, sql) => query(url(database), sql),
    async schemaOf(database) {
      const rows = await query(
        url(database),
        `select format('%s.%s %s %s %s', table_name, column_name, data_type, collation_name, is_nullable) as text
           from information_schema.columns
          where table_schema = current_schema() and table_name not like 'mikro_orm_%'
         union all
         select indexdef from pg_indexes where schemaname = current_schema() and tablename not like 'mikro_orm_%'
          order by text`,
      );
      return rows.map(({ text }) => String(text));
    },
  });
}

function place(
  engine: EngineName,
  folder: string,
  url: (database: string) => string,
  access: Pick<Place, 'execute' | 'schemaOf'>,
): Place {
  return {
    engine,
    folder,
    url,
    environment: (...databases) => Object.fromEntries(databases.map((name) => [urlVariable(name), url(name)])),
    options: (database) => ({ location: locate(database, { [urlVariable(database)]: url(database) }) }),
    rowsOf: (table, database = table) => access.execute(database, `select * from "${table}" order by id`),
    ...access,
  };
}
