/** The types of `meridian.config.ts`. */
import type { Options } from '@mikro-orm/sql';
import type { NaturalKey, OutboxMapping } from '../database/declaration.ts';
import type { FileRule } from '../populate/file-rules.ts';
import type { Limits, Module } from './module.ts';

/** A class, an `EntitySchema`, or the result of `defineEntity`. `EntityName<object>` would not accept schemas, which are invariant. */
export type DeclaredEntity = (abstract new (...args: never[]) => object) | { readonly '~entity': unknown };

/** An entity to load, with settings beyond its class. */
export interface EntityConfig {
  readonly entity: DeclaredEntity;
  /** Unique combinations of properties besides the primary key: `[['email'], ['country', 'vat']]`. */
  readonly naturalKeys?: readonly (readonly string[] | NaturalKey)[];
  /** Property -> the entity of another database whose primary key it holds: `{ customerId: 'customers.customer' }`. */
  readonly references?: Readonly<Record<string, string>>;
  /** How changes of the rows are recorded in the outbox of the same database; without it, they are not recorded. */
  readonly outboxMapping?: OutboxMapping;
  /** Whether a row is exempt from the reference check. */
  isExempt?(row: Readonly<Record<string, unknown>>): boolean;
  /** The file that `populate` loads when no file is given, relative to the config. */
  readonly sample?: string;
  /**
   * The files that `populate` loads when no file is given: a file, a folder, a pattern such as `exports/orders-*.csv`, an `https://` or
   * `s3://` URL, or a list of these. Paths are relative to the config. Where any entity has `load`, samples are not loaded.
   */
  readonly load?: string | readonly string[];
  /** Property -> its column in the files, where their names differ: `{ userId: 'CustomerID' }`; `--map` overrides it. */
  readonly map?: Readonly<Record<string, string>>;
  /** How files are read: all of them, or those whose paths match a pattern. All matching entries are applied, in their order. */
  readonly files?: FileRule | readonly FileRule[];
}

/** The MikroORM options of a database: an object, a function or promise that returns one, or the file that exports one as default. */
export type OrmConfig = OptionsExport | Promise<OptionsExport> | OptionsFunction | string | OptionsFile;

/** As MikroORM's `defineConfig` returns them. */
type OptionsExport = Options | object;

/** Called with the name of the database. */
type OptionsFunction = (database: string) => OptionsExport | Promise<OptionsExport>;

/** A config file of MikroORM that exports several configs. */
export interface OptionsFile {
  /** From the config. */
  readonly file: string;
  /** The `contextName` of the config to use (default: the name of the database). */
  readonly contextName: string;
}

/** A database, as a config declares it. */
export interface DatabaseConfig {
  /** Default: the database that `<NAME>_DATABASE_URL` names, else an SQLite file below `databases/`. */
  readonly orm?: OrmConfig;
  /** Name -> entity to load; options and references use the name. */
  readonly entities: Readonly<Record<string, DeclaredEntity | EntityConfig>>;
  /** Further entities of the database, into which no file is loaded. */
  readonly others?: readonly DeclaredEntity[];
  /** Whether the database has Meridian's outbox and relay tables, which the `outboxMapping` of its entities needs. */
  readonly outbox?: boolean;
  /** Whether the database has Meridian's inbox, which receives change events. */
  readonly inbox?: boolean;
}

/** The databases of a config, by their names. */
export type DatabasesConfig = Readonly<Record<string, DatabaseConfig>>;

/** What `meridian.config.ts` exports. */
export interface MeridianConfig<Databases extends DatabasesConfig = DatabasesConfig> {
  /** Name -> database, in the order in which a populate locks them. */
  readonly databases: Databases;
  /** Commands, menu entries and databases that are added to the tool: `[shop()]`. */
  readonly modules?: readonly Module[];
  /** The folder for rejected records, relative to the config; `--rejects` overrides it. */
  readonly rejects?: string;
  /**
   * The maximum number of records that a populate may reject over all tables: 50, or a share such as `'1%'`; `--max-rejects` overrides it.
   */
  readonly maxRejects?: number | string;
  /**
   * Whether a populate keeps the rows of all tables only when no record is rejected and no load fails; `--no-all-or-nothing` overrides it.
   */
  readonly allOrNothing?: boolean;
  /** What to do with a record whose id is stored with other content; `--on-conflict` overrides it. */
  readonly onConflict?: 'reject' | 'update';
  /** Whether a populate skips files that a finished run has loaded; `--no-only-new` overrides it. */
  readonly onlyNew?: boolean;
  /** Whether `populate` exits with 1 when a record is rejected; `--no-strict` overrides it. */
  readonly strict?: boolean;
  /** The log file, relative to the config; `--log` overrides it. */
  readonly log?: string;
  readonly limits?: Limits;
  /** The settings of `serve`. */
  readonly serve?: ServeConfig;
}

export interface ServeConfig {
  /** The services of modules to run in the background, such as `['sync']` of the shop; `--run` and `--no-run` override it. */
  readonly run?: readonly string[];
}

/** The names `database.entity` of a config. */
export type EntityNameOf<Databases extends DatabasesConfig> = {
  [Name in keyof Databases & string]: `${Name}.${keyof Databases[Name]['entities'] & string}`;
}[keyof Databases & string];

/** Constraints on a config beyond its shape: its references name entities of the config, and properties exist in its entities. */
export type Checked<Databases extends DatabasesConfig> = {
  readonly [Name in keyof Databases]: {
    readonly entities: {
      readonly [Entity in keyof Databases[Name]['entities']]: CheckedEntity<
        Databases[Name]['entities'][Entity],
        EntityNameOf<Databases>
      >;
    };
  };
};

type CheckedEntity<Entity, Target> = Entity extends { readonly entity: infer Declared }
  ? CheckedReferences<Entity, PropertyOf<Declared>, Target> & CheckedKeys<Entity, PropertyOf<Declared>>
  : unknown;

type CheckedReferences<Entity, Property, Target> = Entity extends { readonly references: infer References }
  ? { readonly references: { readonly [Name in keyof References]: Name extends Property ? Target : never } }
  : unknown;

type CheckedKeys<Entity, Property> = Entity extends { readonly naturalKeys: infer Keys }
  ? {
      readonly naturalKeys: {
        readonly [Index in keyof Keys]: Keys[Index] extends readonly unknown[]
          ? readonly Property[]
          : { readonly properties: readonly Property[]; readonly onlyWithout?: Property };
      };
    }
  : unknown;

/** The names of an entity's properties. */
type PropertyOf<Declared> = Declared extends { readonly '~entity': infer Row }
  ? keyof Row & string
  : Declared extends abstract new (
        ...args: never[]
      ) => infer Row
    ? keyof Row & string
    : string;
