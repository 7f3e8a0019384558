/** Relations within a database, read from MikroORM's metadata: the columns of their owner hold the key of their target. */
import type { EntityMetadata, EntityProperty } from '@mikro-orm/core';
import { type Key, keyOf } from './key.ts';
import { isWritten } from './written.ts';

/** A `ManyToOne`, or a `OneToOne` on the side that has the column. */
export interface Relation {
  /** The property of the entity. */
  readonly name: string;
  readonly target: EntityMetadata;
  /** The properties of a row that hold the key of the target. */
  readonly key: Key;
  /** The properties of the target's rows that hold it, in the same order: its primary key, or another unique one. */
  readonly targetKey: Key;
  readonly nullable: boolean;
}

interface Typed {
  readonly meta: EntityMetadata;
  readonly property: EntityProperty;
}

/** A part of a relation -> the property of the target that has its values. */
const targets = new WeakMap<EntityProperty, Typed>();
const stored = new WeakMap<EntityMetadata, readonly EntityProperty[]>();
const relations = new WeakMap<EntityMetadata, readonly Relation[]>();

/**
 * The properties of which a row consists, a column each, in the order of the entity's. A relation is a property with the type of the key
 * that it holds: `depot`, or `line.order` and `line.product` for a target whose key is composite.
 */
export function storedProps(meta: EntityMetadata): readonly EntityProperty[] {
  return cached(stored, meta, () =>
    meta.props.flatMap((property) =>
      isRelation(property) ? ownParts(property) : isWritten(property) ? [property] : [],
    ),
  );
}

/** The property that has the values of a part of a relation; `undefined` for every other property. */
export function typeOfPart(property: EntityProperty): Typed | undefined {
  return targets.get(property);
}

export function relationsOf(meta: EntityMetadata): readonly Relation[] {
  return cached(relations, meta, () => meta.props.filter(isRelation).map((property) => relationOf(meta, property)));
}

/** The properties of a row that hold the primary key. */
export function primaryKeyOf(meta: EntityMetadata): Key {
  return keyOf(meta.primaryKeys.flatMap((name) => rowProperties(meta, name)));
}

/** The properties of a row that hold a property of the entity. */
export function rowProperties(meta: EntityMetadata, name: string): readonly string[] {
  const property = meta.properties[name as never] as EntityProperty | undefined;
  if (property === undefined || !isRelation(property)) {
    return [name];
  }
  // the columns of two relations may be the same one
  const all = storedProps(meta);
  return property.fieldNames.map((column) => all.find(({ fieldNames }) => fieldNames[0] === column)?.name ?? name);
}

/** Whether a property is a relation whose key is in columns of its own table. One that can have targets of several entities is not. */
function isRelation({ kind, owner, persist, formula, polymorphic }: EntityProperty): boolean {
  return (kind === 'm:1' || (kind === '1:1' && owner)) && persist !== false && !formula && !polymorphic;
}

function relationOf(meta: EntityMetadata, property: EntityProperty): Relation {
  const { name, targetMeta, referencedPKs, nullable } = property;
  const target = targetMeta as EntityMetadata;
  return {
    name,
    target,
    key: keyOf(rowProperties(meta, name)),
    targetKey: keyOf(referencedPKs.flatMap((one) => rowProperties(target, one))),
    nullable: nullable === true,
  };
}

/** Those parts whose columns are the relation's own, and not another property's as well. */
function ownParts(property: EntityProperty): EntityProperty[] {
  // the properties of a pivot table have no list of their own columns
  const { joinColumns, ownColumns = joinColumns } = property;
  const isShared = (index: number) => !ownColumns.includes(joinColumns[index] ?? '');
  return partsOf(property).filter((_, index) => !isShared(index));
}

/** The properties of the target's key, as properties of the owner. */
function partsOf(property: EntityProperty): EntityProperty[] {
  const meta = property.targetMeta as EntityMetadata;
  const held = property.referencedPKs.flatMap((name) => {
    const one = meta.properties[name as never] as EntityProperty;
    return isRelation(one) ? partsOf(one) : [one];
  });
  const { primary, nullable, default: value, defaultRaw, onCreate, onUpdate } = property;
  return held.map((one, index) => {
    const part = {
      ...one,
      name: held.length === 1 ? property.name : `${property.name}.${one.name}`,
      fieldNames: property.fieldNames.slice(index, index + 1),
      columnTypes: property.columnTypes.slice(index, index + 1),
      ...{ primary, nullable, default: value, defaultRaw, onCreate, onUpdate },
      ...{ autoincrement: false, generated: undefined, unique: false, version: false },
    } as unknown as EntityProperty;
    targets.set(part, typeOfPart(one) ?? { meta, property: one });
    return part;
  });
}

function cached<T>(cache: WeakMap<EntityMetadata, T>, meta: EntityMetadata, make: () => T): T {
  let value = cache.get(meta);
  if (value === undefined) {
    value = make();
    cache.set(meta, value);
  }
  return value;
}
