/** Orders the tables of one database for loading: targets of relations before the records that refer to them. */
import type { EntityMetadata } from '@mikro-orm/core';
import { isClassOf } from '../database/discriminator.ts';
import { relationsOf } from '../database/relations.ts';
import { isSameTable } from '../database/table-id.ts';
import type { Participant } from './participant.ts';

type Loaded = Pick<Participant, 'table'>;

/**
 * Keeps the given order unless relations require another. Non-nullable relations take precedence; a relation that would close a cycle is
 * ignored.
 */
export function inLoadSequence<T extends Loaded>(tables: readonly T[]): T[] {
  const before = new Map<T, Set<T>>(tables.map((one) => [one, new Set()]));
  const relations = tables.flatMap((one) =>
    relationsOf(one.table.metadata).flatMap(({ target, nullable }) =>
      // the classes of a hierarchy that refers to itself keep their order
      (mayHold(one, target) ? [] : tables.filter((other) => mayHold(other, target))).map((other) => ({
        one,
        other,
        nullable,
      })),
    ),
  );
  for (const { one, other } of relations.toSorted((a, b) => Number(a.nullable) - Number(b.nullable))) {
    if (!reaches(before, other, one)) {
      before.get(one)?.add(other);
    }
  }
  const ordered: T[] = [];
  while (ordered.length < tables.length) {
    const next = tables.find((one) => !ordered.includes(one) && isReady(before.get(one) ?? new Set(), ordered));
    ordered.push(next as T);
  }
  return ordered;
}

/** Whether rows of an entity may be rows of another: with inheritance, if one is a base class of the other. */
function mayHold({ table: { metadata } }: Loaded, target: EntityMetadata): boolean {
  const isRelated = isClassOf(metadata.class, target.class) || isClassOf(target.class, metadata.class);
  return isRelated && isSameTable(metadata, target);
}

function reaches<T>(before: ReadonlyMap<T, ReadonlySet<T>>, from: T, to: T): boolean {
  return from === to || [...(before.get(from) ?? [])].some((next) => reaches(before, next, to));
}

function isReady<T>(before: ReadonlySet<T>, ordered: readonly T[]): boolean {
  return [...before].every((one) => ordered.includes(one));
}

/**
 * The nullable relations of a table whose targets may be loaded after its records: by the same load or by a later one.
 *
 * @param ordered the loads of its database
 */
export function deferrableRelations({ table }: Loaded, ordered: readonly Loaded[]): ReadonlySet<string> {
  const from = ordered.findIndex((one) => one.table === table);
  const later = ordered.slice(from).map((one) => one.table.metadata);
  const open = relationsOf(table.metadata).filter(
    ({ nullable, target }) => nullable && later.some((metadata) => isSameTable(metadata, target)),
  );
  return new Set(open.map(({ name }) => name));
}

/** The loads among `earlier` that load the targets of a table's relations. */
export function targetsAmong<T extends Loaded>({ table }: Loaded, earlier: readonly T[]): T[] {
  const relations = relationsOf(table.metadata);
  return earlier.filter((one) => relations.some(({ target }) => isSameTable(one.table.metadata, target)));
}
