/** Runs the migrations of Meridian's own tables in one transaction. */
import type { EntityName } from '@mikro-orm/core';
import type { EntityManager } from '@mikro-orm/sql';
import { timestamp } from '../shared/environment.ts';
import { MeridianError } from '../shared/errors.ts';
import { type DatabaseDeclaration, migrationSet } from './declaration.ts';
import type { Engine } from './engine.ts';
import { identityTables } from './identity.ts';
import type { OwnTables } from './own-tables.ts';

/** A database with own tables to migrate. */
export interface OwnDatabase {
  readonly declaration: DatabaseDeclaration;
  readonly engine: Engine;
}

/** A migration that has not been applied. */
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

/** @throws MeridianError `migration` if a newer version has migrated the database */
export async function pendingOwnMigrations(
  em: EntityManager,
  { declaration, engine }: OwnDatabase,
): Promise<PendingOwnMigration[]> {
  const set = migrationSet(declaration.name);
  const migrations = groupsOf(declaration).flatMap((group) =>
    group.migrations(set).map((migration, index) => ({
      name: nameOf(group, index),
      statements: migration[engine.location.engine],
    })),
  );
  const applied = await appliedIn(em, engine);
  const unknown = [...applied].filter((name) => !migrations.some((one) => one.name === name));
  if (unknown.length > 0) {
    throw new MeridianError(
      'migration',
      `${declaration.name}: a newer version of Meridian has changed its own tables in this database (${unknown.join(', ')}). Use that version.`,
    );
  }
  return migrations.filter(({ name }) => !applied.has(name));
}

/**
 * Statements that move the tables of earlier versions into the current ones, as migrations that are not recorded: they leave nothing to
 * repeat.
 */
export async function adoptionsOf(
  em: EntityManager,
  { declaration, engine }: OwnDatabase,
): Promise<PendingOwnMigration[]> {
  const adoptions: PendingOwnMigration[] = [];
  for (const { name, adoption } of groupsOf(declaration)) {
    const statements = (await adoption?.(em, engine, declaration)) ?? [];
    if (statements.length > 0) {
      adoptions.push({ name: `meridian.${name}.adoption`, statements });
    }
  }
  return adoptions;
}

/**
 * Applies pending migrations, and moves the data that earlier versions left in other tables.
 *
 * @returns the names of the migrations
 */
export async function applyOwnMigrations(em: EntityManager, database: OwnDatabase): Promise<string[]> {
  const { engine } = database;
  if ((await adoptionsOf(em, database)).length === 0 && (await pendingOwnMigrations(em, database)).length === 0) {
    // the usual case, in which other processes need not wait
    return [];
  }
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
      await transaction.execute(`insert into ${engine.ownMigrationTable} (name, executed_at) values (?, ?)`, [
        name,
        timestamp(),
      ]);
    }
    for (const { statements } of await adoptionsOf(transaction, database)) {
      for (const statement of statements) {
        await transaction.execute(statement);
      }
    }
    return pending.map(({ name }) => name);
  });
}

/**
 * Deletes the records of migrations whose own tables no longer exist, so that they are applied again: migrations that earlier versions
 * wrote into the project drop such tables when they are reverted.
 */
export async function forgetOwnMigrations(em: EntityManager, { declaration, engine }: OwnDatabase): Promise<void> {
  const applied = await appliedIn(em, engine);
  const set = migrationSet(declaration.name);
  for (const group of groupsOf(declaration)) {
    const names = group.migrations(set).map((_, index) => nameOf(group, index));
    const isApplied = names.some((name) => applied.has(name));
    if (isApplied && !(await isAnyThere(em, engine, group.tables(set)))) {
      await em.execute(
        `delete from ${engine.ownMigrationTable} where name in (${names.map(() => '?').join(', ')})`,
        names,
      );
    }
  }
}

async function isAnyThere(em: EntityManager, engine: Engine, tables: readonly string[]): Promise<boolean> {
  for (const table of tables) {
    if (await engine.hasTable(em, table)) {
      return true;
    }
  }
  return false;
}

function nameOf({ name }: OwnTables, index: number): string {
  return `meridian.${name}.${index + 1}`;
}

function groupsOf({ own = [] }: DatabaseDeclaration): readonly OwnTables[] {
  return [identityTables, ...own];
}

async function appliedIn(
  em: EntityManager,
  { hasTable, ownMigrationTable }: Pick<Engine, 'hasTable' | 'ownMigrationTable'>,
): Promise<ReadonlySet<string>> {
  if (!(await hasTable(em, ownMigrationTable))) {
    return new Set();
  }
  const rows = await em.execute<{ name: string }[]>(`select name from ${ownMigrationTable}`);
  return new Set(rows.map(({ name }) => name));
}
