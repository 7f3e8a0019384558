/** Identifies tables by name, with the schema if the entity names one. */
import type { EntityMetadata } from '@mikro-orm/core';

type Named = Pick<EntityMetadata, 'tableName' | 'schema'>;

/** `parcels`, or `billing.invoices` for an entity with a schema: the table name that engines expect. */
export function tableIdOf({ tableName, schema }: Named): string {
  return schema === undefined || schema === '*' ? tableName : `${schema}.${tableName}`;
}

/** Whether entities share a table, as with inheritance. */
export function isSameTable(one: Named, other: Named): boolean {
  return tableIdOf(one) === tableIdOf(other);
}
