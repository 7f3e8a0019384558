/** The names that a config gives its databases and tables, as types. */
import type { DatabasesConfig, EntityNameOf } from '../config/types.ts';

/** `customers` */
export type DatabaseName<Databases extends DatabasesConfig> = keyof Databases & string;

/** The name of a table in results: `customers` where a database has one entity, else `parcels.depot`. */
export type ReportedTable<Databases extends DatabasesConfig> = {
  [Name in DatabaseName<Databases>]: IsUnion<EntitiesOf<Databases, Name>> extends true
    ? `${Name}.${EntitiesOf<Databases, Name>}`
    : Name;
}[DatabaseName<Databases>];

/** The names that options accept for a table: `customers`, `customers.customer`, `parcels.depot`. */
export type TableName<Databases extends DatabasesConfig> = ReportedTable<Databases> | EntityNameOf<Databases>;

type EntitiesOf<
  Databases extends DatabasesConfig,
  Name extends DatabaseName<Databases>,
> = keyof Databases[Name]['entities'] & string;

/** Builds an object whose keys are names from the config, which the compiler cannot check. */
export function byName<Name extends string, Value>(
  entries: readonly (readonly [string, Value])[],
): { readonly [One in Name]?: Value } {
  return Object.fromEntries(entries) as { [One in Name]?: Value };
}

type IsUnion<Names, All = Names> = Names extends unknown ? ([All] extends [Names] ? false : true) : never;
