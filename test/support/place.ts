/** Where the databases of one test are. */
import type { DatabaseOptions } from '../../src/database/database.ts';
import type { DatabaseLocation } from '../../src/database/location.ts';

export type EngineName = DatabaseLocation['engine'];

/** Where the databases of one test are: files in a folder, or tables in one schema that they share. */
export interface Place {
  readonly engine: EngineName;
  /** For files of any kind. */
  readonly folder: string;
  /** What goes into the database's URL variable. */
  url(database: string): string;
  /** The URL variables of some databases, for a child process. */
  environment(...databases: string[]): NodeJS.ProcessEnv;
  /** For `Database.open`. */
  options(database: string): DatabaseOptions & { readonly location: DatabaseLocation };
  /** Runs a statement behind MikroORM's back. */
  execute(database: string, sql: string): Promise<Record<string, unknown>[]>;
  /** All rows of a table, by id, read behind MikroORM's back. */
  rowsOf(table: string, database?: string): Promise<unknown[]>;
  /** What says of every table and index what it is, without what MikroORM and the engine keep for themselves. */
  schemaOf(database: string): Promise<string[]>;
}
