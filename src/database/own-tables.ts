/**
 * Meridian's own tables in a project's databases. The project's migrations and snapshots do not contain them: each group of tables has its
 * own migrations here, which are recorded in a separate table.
 */
import type { EntityName } from '@mikro-orm/core';
import type { EntityManager } from '@mikro-orm/sql';

type EngineName = 'sqlite' | 'postgresql';

/** Tables that are created and changed together. */
export interface OwnTables {
  /** Name prefix of the migrations, such as `runs`. */
  readonly name: string;
  /** @param set the migration set of the database, which table names may contain */
  entities(set: string): readonly EntityName<object>[];
  /** The table names. */
  tables(set: string): readonly string[];
  /** Oldest first; the first creates the tables unless they exist. Released migrations never change. */
  migrations(set: string): readonly OwnMigration[];
  /** The statements that move data of an earlier version from other tables into these; empty if there is none. */
  adoption?(em: EntityManager, engine: TableLookup, database: AdoptingDatabase): Promise<readonly string[]>;
}

/** The part of an engine that {@link OwnTables.adoption} needs. */
export interface TableLookup {
  hasTable(em: EntityManager, table: string): Promise<boolean>;
  tableFacts(em: EntityManager, table: string): Promise<{ readonly columnTypes: ReadonlyMap<string, string> }>;
}

/** The part of a database's declaration that {@link OwnTables.adoption} needs. */
export interface AdoptingDatabase {
  readonly name: string;
  readonly entities: readonly { readonly name: string }[];
}

/** The statements of a migration for each engine. */
export type OwnMigration = Readonly<Record<EngineName, readonly string[]>>;

/** The type of a column: text, an integer up to 2^53, a floating-point number, or a boolean. */
type OwnColumnType = 'text' | 'whole' | 'real' | 'flag';

const TYPES: Readonly<Record<EngineName, Readonly<Record<OwnColumnType, string>>>> = {
  sqlite: { text: 'text', whole: 'integer', real: 'double', flag: 'integer' },
  postgresql: { text: 'text collate "C"', whole: 'bigint', real: 'double precision', flag: 'boolean' },
};

/** A column; `?` after its type makes it nullable, `=false` gives it a default. */
export type OwnColumn = OwnColumnType | `${OwnColumnType}?` | 'flag=false';

/** The columns of the primary key, or an auto-increment column. */
export type OwnKey = readonly string[] | { readonly counted: string };

const COUNTED: Readonly<Record<EngineName, string>> = {
  sqlite: 'integer not null primary key autoincrement',
  postgresql: 'bigserial primary key',
};

/**
 * ```ts
 * createTable('meridian_notes', { id: 'whole', text: 'text?' }, ['id']);
 * ```
 *
 * @param columns the columns without an auto-increment key
 */
export function createTable(table: string, columns: Readonly<Record<string, OwnColumn>>, key: OwnKey): OwnMigration {
  const statement = (engine: EngineName) => {
    const given = Object.entries(columns).map(([name, column]) => `"${name}" ${definitionOf(column, engine)}`);
    const lines =
      'counted' in key
        ? [`"${key.counted}" ${COUNTED[engine]}`, ...given]
        : [...given, `primary key (${key.map((name) => `"${name}"`).join(', ')})`];
    return `create table if not exists "${table}" (${lines.join(', ')})`;
  };
  return { sqlite: [statement('sqlite')], postgresql: [statement('postgresql')] };
}

function definitionOf(column: OwnColumn, engine: EngineName): string {
  if (column === 'flag=false') {
    return `${TYPES[engine].flag} not null default false`;
  }
  const type = TYPES[engine][column.replace('?', '') as OwnColumnType];
  return `${type} ${column.endsWith('?') ? 'null' : 'not null'}`;
}

/** A statement that is the same on every engine. */
export function onEvery(statement: string): OwnMigration {
  return { sqlite: [statement], postgresql: [statement] };
}

/** Combines several migrations into one. */
export function together(...migrations: readonly OwnMigration[]): OwnMigration {
  return {
    sqlite: migrations.flatMap(({ sqlite }) => sqlite),
    postgresql: migrations.flatMap(({ postgresql }) => postgresql),
  };
}
