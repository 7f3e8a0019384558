/** The rows that refer to others of the same database: a foreign key keeps the others from being deleted before them. */
import type { EntityMetadata } from '@mikro-orm/core';
import type { EntityManager } from '../../database/database.ts';
import { type Relation, relationsOf } from '../../database/relations.ts';
import { isSameTable } from '../../database/table-id.ts';
import type { Values } from '../../database/values.ts';
import type { Target } from '../participant.ts';
import { type Accepted, publishedByOthers } from './revert-records.ts';

/** The row of a relation's owner, and the row that it refers to. */
interface Referring {
  readonly owner: EntityMetadata;
  readonly relation: Relation;
  readonly row: Values;
  readonly target: Values;
}

/** @returns the rows that refer to those that reverting the records would delete */
async function rowsReferringTo(
  one: Target,
  em: EntityManager,
  records: readonly Accepted[],
): Promise<readonly Referring[]> {
  const { table } = one;
  const inward = relationsTo(one);
  if (inward.length === 0) {
    return [];
  }
  const published = await publishedByOthers(one, em, records);
  const deleted = records.filter(({ before, id }) => before === null && !published.has(id)).map(({ id }) => id);
  const targets = await table.bulk().findByPrimaryKey(em, deleted);
  const found: Referring[] = [];
  for (const { owner, relation } of inward) {
    const byKey = new Map(targets.map((target) => [relation.targetKey.of(target), target]));
    byKey.delete(undefined);
    const rows = await table.database.bulk(owner.class).find(
      em,
      [...byKey.keys()].map((key) => relation.key.rowOf(key)),
      { properties: relation.key.properties },
    );
    for (const row of rows) {
      found.push({ owner, relation, row, target: byKey.get(relation.key.of(row)) as Values });
    }
  }
  return found;
}

/** The relations of all entities of the database to those of a table. */
function relationsTo({ table }: Target): Pick<Referring, 'owner' | 'relation'>[] {
  return [...table.database.orm.getMetadata().getAll().values()].flatMap((owner) =>
    relationsOf(owner as EntityMetadata)
      .filter(({ target }) => isSameTable(target, table.metadata))
      .map((relation) => ({ owner: owner as EntityMetadata, relation })),
  );
}

interface Held<T> {
  /** Those that no other row refers to. */
  readonly free: readonly T[];
  /** What refers to the others. */
  readonly held: readonly Referring[];
}

/** Finds out which records cannot be reverted, because rows beside these refer to their rows. */
export async function heldByOthers<T extends Accepted>(
  one: Target,
  em: EntityManager,
  records: readonly T[],
): Promise<Held<T>> {
  const { shape, table } = one;
  const referring = await rowsReferringTo(one, em, records);
  if (referring.length === 0) {
    return { free: records, held: [] };
  }
  const held: Referring[] = [];
  const going = new Set(records.map(({ id }) => id));
  for (;;) {
    const more = referring.filter(({ owner, row, target }) => {
      const isGoing = isSameTable(owner, table.metadata) && going.has(shape.primaryKey.of(row));
      return !isGoing && going.has(shape.primaryKey.of(target));
    });
    if (more.length === 0) {
      return { free: records.filter(({ id }) => going.has(id)), held };
    }
    held.push(...more);
    for (const { target } of more) {
      going.delete(shape.primaryKey.of(target));
    }
  }
}
