/** Creates the tables of a copy's target, and checks that they contain no other rows. */
import { sql } from 'kysely';
import type { Database, EntityManager } from '../../database/database.ts';
import { IDENTITY_PREFIX } from '../../database/identity.ts';
import { migrateUp } from '../../database/migrate.ts';
import { DatabaseMigrator } from '../../database/mikro-orm-migrator.ts';
import { hasMigrationsOf, projectEngine } from '../../database/project-options.ts';
import { MeridianError } from '../../shared/errors.ts';
import { type StoredTable, storedTables } from '../stored-tables.ts';
import type { CopyProgress } from './progress.ts';

/** What creates the tables: the project's migrations for the engine, or, if there are none, MikroORM's schema generator. */
export type Maker = 'migrations' | 'schema generator';

/** The tables whose rows are copied; the identity table is not among them, since migrations fill it. */
export function copiedTables(database: Database): StoredTable[] {
  return storedTables(database).filter(({ name }) => !name.startsWith(IDENTITY_PREFIX));
}

/**
 * A project's own migrations are for the engine that its options name, or else for the source's engine. Those in
 * `migrations/<database>/<engine>/` exist for each engine.
 *
 * @param target the target, with the migrations that apply to it
 */
export async function makerOf(source: Database, target: Database): Promise<Maker> {
  const { engine } = target.location;
  const isOfSource = source.location.engine === engine;
  const isOfAnyEngine = hasMigrationsOf(target.declaration, engine) && projectEngine(target.declaration) === undefined;
  const files = await new DatabaseMigrator(target.orm.em).files();
  return files.length > 0 && (isOfSource || !isOfAnyEngine) ? 'migrations' : 'schema generator';
}

/** @param target without the project's migrations if the schema generator creates its tables */
export async function makeTables(target: Database, maker: Maker): Promise<void> {
  if (maker === 'schema generator' && !(await hasAnyTable(target))) {
    await target.engine.prepareMigrations(target.fork());
    await target.orm.schema.create();
  }
  // Meridian's own tables always have migrations
  await migrateUp(target);
}

async function hasAnyTable(database: Database): Promise<boolean> {
  const em = database.fork();
  const [first] = database.declaration.entities;
  return first !== undefined && (await database.hasTable(em, first.entity));
}

/** @throws MeridianError `database` if a table contains rows that no copy has written */
export async function refuseOtherRows(target: Database): Promise<void> {
  const em = target.fork();
  for (const table of copiedTables(target)) {
    if ((await target.engine.hasTable(em, table.name)) && (await holdsRows(em, target, table))) {
      throw new MeridianError(
        'database',
        `${target.name}: ${target.place} holds rows already (in ${table.name}), and a copy would mix them with others. Name an empty database, or empty this one first.`,
      );
    }
  }
}

async function holdsRows(em: EntityManager, database: Database, { metadata }: StoredTable): Promise<boolean> {
  return (await em.execute(`select 1 from ${database.quotedTable(metadata)} limit 1`)).length > 0;
}

/** Deletes all rows, whether a copy or migrations wrote them, and resets the progress. */
export async function emptyTables(target: Database, progress: CopyProgress, source: string): Promise<void> {
  await target.transaction(async (em) => {
    const tables = copiedTables(target);
    for (const { metadata, deferred } of withDeferred(tables)) {
      for (const property of deferred) {
        const column = metadata.props.find(({ name }) => name === property)?.fieldNames[0] ?? '';
        await run(em, `update ${target.quotedTable(metadata)} set ${em.getPlatform().quoteIdentifier(column)} = null`);
      }
    }
    for (const { metadata } of tables.toReversed()) {
      await run(em, `delete from ${target.quotedTable(metadata)}`);
    }
    await progress.restart(em, source);
  });
}

async function run(em: EntityManager, statement: string): Promise<void> {
  await sql.raw(statement).execute(em.getKysely<unknown>());
}

/** A table with its foreign keys that can only be written after all rows: those to itself, or in a cycle of tables. */
export type DeferringTable = StoredTable & { readonly deferred: readonly string[] };

/** @throws MeridianError `usage` if such a foreign key is not nullable */
export function withDeferred(tables: readonly StoredTable[]): DeferringTable[] {
  const there = new Set<string>();
  return tables.map((table) => {
    const early = table.foreignKeys.filter(({ target }) => !there.has(target));
    there.add(table.name);
    const fixed = early.find(({ isNullable, target }) => !isNullable && tables.some(({ name }) => name === target));
    if (fixed !== undefined) {
      throw new MeridianError(
        'usage',
        `${table.metadata.className}.${fixed.property} refers to ${fixed.target}, which is copied later, and cannot be null until then. Such a circle of tables cannot be copied row by row.`,
      );
    }
    return { ...table, deferred: early.map(({ property }) => property) };
  });
}
