/** Runs the migrations of Meridian's own tables, in one transaction. */
import type { EntityName } from '@mikro-orm/core';
import type { EntityManager } from '@mikro-orm/sql';
import { MeridianError } from '../shared/errors.ts';
import { type DatabaseDeclaration, migrationSet } from './declaration.ts';
import type { Engine } from './engine.ts';
import { identityTables } from './identity.ts';
import type { OwnTables } from './own-tables.ts';

/** A database whose own tables are migrated. */
export interface OwnDatabase {
  readonly declaration: DatabaseDeclaration;
  readonly engine: Engine;
}

/** A migration that has not been applied, or whose tables are gone. */
export interface PendingOwnMigration {
  /** `meridian.runs.1` */
  readonly name: string;
  readonly statements: readonly string[];
}

/** The entities of all own tables of a database. */
export function ownEntities(declaration: DatabaseDeclaration): EntityName<object>[] {
  const set = migrationSet(declaration.name);
  return groupsOf(declaration).flatMap(({ entities }) => entities(set));
}

/** The names of all own tables of a database. */
export function ownTableNames(declaration: DatabaseDeclaration): string[] {
  const set = migrationSet(declaration.name);
  return groupsOf(declaration).flatMap(({ tables }) => tables(set));
}

/** @throws MeridianError `migration` for a database that a newer version has migrated */
export async function pendingOwnMigrations(
  em: EntityManager,
  { declaration, engine }: OwnDatabase,
): Promise<PendingOwnMigration[]> {
  const set = migrationSet(declaration.name);
  const groups = groupsOf(declaration).map((group) => ({
    group,
    tables: group.tables(set),
    migrations: group.migrations(set).map((migration, index) => ({
      name: `meridian.${group.name}.${index + 1}`,
      statements: migration[engine.location.engine],
    })),
  }));
  const there = await engine.presentTables(em, [engine.ownMigrationTable, ...groups.flatMap(({ tables }) => tables)]);
  const applied = there.has(engine.ownMigrationTable) ? await appliedIn(em, engine.ownMigrationTable) : new Set();
  const known = new Set(groups.flatMap(({ migrations }) => migrations.map(({ name }) => name)));
  const unknown = [...applied].filter((name) => !known.has(name as string));
  if (unknown.length > 0) {
    throw new MeridianError(
      'migration',
      `${declaration.name}: a newer version of Meridian has changed its own tables in this database (${unknown.join(', ')}). Use that version.`,
    );
  }
  return groups.flatMap(({ tables, migrations }) =>
    tables.every((table) => there.has(table)) ? migrations.filter(({ name }) => !applied.has(name)) : migrations,
  );
}

/**
 * Applies what is pending, and moves what earlier versions left in other tables.
 *
 * @returns the names of the migrations
 */
export async function applyOwnMigrations(em: EntityManager, database: OwnDatabase): Promise<string[]> {
  const { declaration, engine } = database;
  return em.transactional(async (transaction) => {
    await engine.serializeMigrations(transaction);
    await transaction.execute(
      `create table if not exists ${engine.ownMigrationTable} (name ${engine.location.engine === 'sqlite' ? 'text' : 'text collate "C"'} not null primary key, executed_at text not null)`,
    );
    const pending = await pendingOwnMigrations(transaction, database);
    for (const { name, statements } of pending) {
      for (const statement of statements) {
        await transaction.execute(statement);
      }
      await transaction.execute(
        `insert into ${engine.ownMigrationTable} (name, executed_at) values (?, ?) on conflict (name) do update set executed_at = excluded.executed_at`,
        [name, new Date().toISOString()],
      );
    }
    for (const group of groupsOf(declaration)) {
      await group.adopt?.(transaction, engine, declaration);
    }
    return pending.map(({ name }) => name);
  });
}

function groupsOf({ own = [] }: DatabaseDeclaration): readonly OwnTables[] {
  return [identityTables, ...own];
}

async function appliedIn(em: EntityManager, table: string): Promise<ReadonlySet<string>> {
  const rows = await em.execute<{ name: string }[]>(`select name from ${table}`);
  return new Set(rows.map(({ name }) => name));
}
