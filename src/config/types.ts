/** What `meridian.config.ts` says, as a project writes it. */
import type { Options } from '@mikro-orm/sql';
import type { NaturalKey, OutboxMapping } from '../database/declaration.ts';
import type { FileRule } from '../populate/file-rules.ts';
import type { Limits, Module } from './module.ts';

/** A class, an `EntitySchema`, or what `defineEntity` returns. `EntityName<object>` would take no schema, which is invariant. */
export type DeclaredEntity = (abstract new (...args: never[]) => object) | { readonly '~entity': unknown };

/** An entity whose records are loaded, where its class alone does not say everything. */
export interface EntityConfig {
  readonly entity: DeclaredEntity;
  /** Properties whose values together belong to one row only, beside the primary key: `[['email'], ['country', 'vat']]`. */
  readonly naturalKeys?: readonly (readonly string[] | NaturalKey)[];
  /** Property -> the entity of another database whose primary key it holds: `{ customerId: 'customers.customer' }`. */
  readonly references?: Readonly<Record<string, string>>;
  /** How changes of the rows are recorded in an outbox of the same database; without it, they are not. */
  readonly outboxMapping?: OutboxMapping;
  /** Whether a row need not refer to an existing row any longer. */
  isExempt?(row: Readonly<Record<string, unknown>>): boolean;
  /** The file that `populate` loads when it is given none, as a path from the config. */
  readonly sample?: string;
  /**
   * What `populate` loads when it is given no file: a file, a folder, a pattern such as `exports/orders-*.csv`, `https://` or `s3://`; or a
   * list of such. Paths are from the config. Where any entity has it, samples are not loaded.
   */
  readonly load?: string | readonly string[];
  /** Property -> the column of its files that holds it, where their names differ: `{ userId: 'CustomerID' }`; `--map` wins. */
  readonly map?: Readonly<Record<string, string>>;
  /** How its files are read: all of them, or those whose paths match a pattern. All entries that match are applied, in their order. */
  readonly files?: FileRule | readonly FileRule[];
}

/** The options of MikroORM for a database: as they are, what makes them, or the file whose default export they are. */
export type OrmConfig = OptionsExport | Promise<OptionsExport> | OptionsFunction | string | OptionsFile;

/** As MikroORM's `defineConfig` returns them. */
type OptionsExport = Options | object;

/** Called with the name of the database. */
type OptionsFunction = (database: string) => OptionsExport | Promise<OptionsExport>;

/** A config file of MikroORM that exports several configs. */
export interface OptionsFile {
  /** From the config. */
  readonly file: string;
  /** Which of them, by its `contextName`; else the one with the name of the database. */
  readonly contextName: string;
}

/** A database, as a config declares it. */
export interface DatabaseConfig {
  /** Without it: the database that `<NAME>_DATABASE_URL` names, else an SQLite file below `databases/`. */
  readonly orm?: OrmConfig;
  /** The entities to load, by the name that options and references call them. */
  readonly entities: Readonly<Record<string, DeclaredEntity | EntityConfig>>;
  /** Further entities of the database, which no file is loaded into. */
  readonly others?: readonly DeclaredEntity[];
  /** Whether the database has Meridian's outbox and the state of its relay, for the `outboxMapping` of its entities. */
  readonly outbox?: boolean;
  /** Whether the database has Meridian's inbox, which takes change events in. */
  readonly inbox?: boolean;
}

/** The databases of a config, by their names. */
export type DatabasesConfig = Readonly<Record<string, DatabaseConfig>>;

/** What `meridian.config.ts` exports. */
export interface MeridianConfig<Databases extends DatabasesConfig = DatabasesConfig> {
  /** By their names, such as `customers`; in the order in which a populate locks them. */
  readonly databases: Databases;
  /** Commands, menu entries and databases that are added to the tool: `[shop()]`. */
  readonly modules?: readonly Module[];
  /** The folder of rejected records, from the config; `--rejects` wins. */
  readonly rejects?: string;
  /** The most records that a populate may reject, over all tables: 50, or a share such as `'1%'`; `--max-rejects` wins. */
  readonly maxRejects?: number | string;
  /** Whether a populate keeps the rows of all tables only when no record is rejected and no load fails; `--no-all-or-nothing` wins. */
  readonly allOrNothing?: boolean;
  /** What becomes of a record whose id is stored with other content; `--on-conflict` wins. */
  readonly onConflict?: 'reject' | 'update';
  /** Whether a populate leaves out files that a finished run has loaded; `--no-only-new` wins. */
  readonly onlyNew?: boolean;
  /** Whether `populate` exits with 1 when a record is rejected; `--no-strict` wins. */
  readonly strict?: boolean;
  /** The log file, from the config; `--log` wins. */
  readonly log?: string;
  readonly limits?: Limits;
  /** What `serve` does. */
  readonly serve?: ServeConfig;
}

export interface ServeConfig {
  /** The services of modules that it runs beside answering requests, such as `['sync']` of the shop; `--run` and `--no-run` win. */
  readonly run?: readonly string[];
}

/** The names `database.entity` of a config. */
export type EntityNameOf<Databases extends DatabasesConfig> = {
  [Name in keyof Databases & string]: `${Name}.${keyof Databases[Name]['entities'] & string}`;
}[keyof Databases & string];

/** What a config has to satisfy beside its shape: references to its own entities, and properties that its entities have. */
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
