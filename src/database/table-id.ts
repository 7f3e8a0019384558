/** What tables are known by: their names, with the schema if the entity names one. */
import type { EntityMetadata } from '@mikro-orm/core';

type Named = Pick<EntityMetadata, 'tableName' | 'schema'>;

/** `parcels`, or `billing.invoices` of an entity with a schema of its own: what engines take for a table. */
export function tableIdOf({ tableName, schema }: Named): string {
  return schema === undefined || schema === '*' ? tableName : `${schema}.${tableName}`;
}

/** Entities of one table, as by inheritance, have the same rows. */
export function isSameTable(one: Named, other: Named): boolean {
  return tableIdOf(one) === tableIdOf(other);
}
