/** Finds rows of the same database that refer to other rows, which a foreign key therefore keeps from being deleted first. */
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

/** @returns the rows that refer to rows that reverting the records would delete */
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

/** Relations of all entities of the database to a table. */
function relationsTo({ table }: Target): Pick<Referring, 'owner' | 'relation'>[] {
  return [...table.database.orm.getMetadata().getAll().values()].flatMap((owner) =>
    relationsOf(owner as EntityMetadata)
      .filter(({ target }) => isSameTable(target, table.metadata))
      .map((relation) => ({ owner: owner as EntityMetadata, relation })),
  );
}

interface Held<T> {
  /** Records whose rows no other row refers to. */
  readonly free: readonly T[];
  /** The rows that refer to the other records. */
  readonly held: readonly Referring[];
}

/** Finds records that cannot be reverted, because other rows refer to theirs. */
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
