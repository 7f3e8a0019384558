/** The names that a config gives its databases and tables, as types. */
import type { DatabasesConfig, EntityNameOf } from '../config/types.ts';

/** `customers` */
export type DatabaseName<Databases extends DatabasesConfig> = keyof Databases & string;

/** As results call a table: `customers` where a database has one entity, else `parcels.depot`. */
export type ReportedTable<Databases extends DatabasesConfig> = {
  [Name in DatabaseName<Databases>]: IsUnion<EntitiesOf<Databases, Name>> extends true
    ? `${Name}.${EntitiesOf<Databases, Name>}`
    : Name;
}[DatabaseName<Databases>];

/** As a table may be called: `customers`, `customers.customer`, `parcels.depot`. */
export type TableName<Databases extends DatabasesConfig> = ReportedTable<Databases> | EntityNameOf<Databases>;

type EntitiesOf<
  Databases extends DatabasesConfig,
  Name extends DatabaseName<Databases>,
> = keyof Databases[Name]['entities'] & string;

/** An object by names that only the config knows. */
export function byName<Name extends string, Value>(
  entries: readonly (readonly [string, Value])[],
): { readonly [One in Name]?: Value } {
  return Object.fromEntries(entries) as { [One in Name]?: Value };
}

type IsUnion<Names, All = Names> = Names extends unknown ? ([All] extends [Names] ? false : true) : never;
