/** Typed queries with Kysely: tables are named after entities, columns after properties, and values have the types of the entities. */
import type { EntityManager, InferClassEntityDB } from '@mikro-orm/sql';
import type { Kysely } from 'kysely';

export const ENTITY_NAMES = {
  tableNamingStrategy: 'entity',
  columnNamingStrategy: 'property',
  convertValues: true,
} as const;

/** The tables of entity classes, each of which declares its `[EntityName]`. */
export type EntityTables<Classes> = InferClassEntityDB<Classes, typeof ENTITY_NAMES>;

/**
 * ```ts
 * import { type EntityManager, entityTables } from 'meridian/databases';
 * import type { Stock } from 'meridian/shop';
 *
 * export function available(em: EntityManager) {
 *   return entityTables<typeof Stock>(em).selectFrom('Stock').selectAll().where('onHand', '>', 0).execute();
 * }
 * ```
 *
 * @typeParam Others tables of entities without a class: entity name -> row type
 * @returns a Kysely instance that runs queries in the transaction of the EntityManager, if there is one
 */
export function entityTables<Classes, Others = unknown>(em: EntityManager): Kysely<EntityTables<Classes> & Others> {
  return em.getKysely<unknown>(ENTITY_NAMES) as Kysely<EntityTables<Classes> & Others>;
}
