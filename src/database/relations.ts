/** Relations within a database, derived from MikroORM's metadata: the owner's columns hold the target's key. */
import type { EntityMetadata, EntityProperty } from '@mikro-orm/core';
import { type Key, keyOf } from './key.ts';
import { secretIn } from './property-path.ts';
import { isWritten } from './written.ts';

/** A `ManyToOne`, or the owning side of a `OneToOne`. */
export interface Relation {
  /** The property of the entity. */
  readonly name: string;
  readonly target: EntityMetadata;
  /** The properties of a row that hold the target's key. */
  readonly key: Key;
  /** The corresponding properties of the target's rows, in the same order: its primary key, or another unique key. */
  readonly targetKey: Key;
  readonly nullable: boolean;
  /** Whether messages must not show the key. */
  readonly isSecret: boolean;
}

interface Typed {
  readonly meta: EntityMetadata;
  readonly property: EntityProperty;
}

/** A part of a relation -> the target's property with its values. */
const targets = new WeakMap<EntityProperty, Typed>();
const stored = new WeakMap<EntityMetadata, readonly EntityProperty[]>();
const relations = new WeakMap<EntityMetadata, readonly Relation[]>();

/**
 * The properties that make up a row, one per column, in the order of the entity's. A relation becomes a property with the type of the key
 * that it holds: `depot`, or `line.order` and `line.product` for a target with a composite key.
 */
export function storedProps(meta: EntityMetadata): readonly EntityProperty[] {
  return cached(stored, meta, () =>
    meta.props.flatMap((property) =>
      isRelation(property) ? ownParts(property) : isWritten(property) ? [property] : [],
    ),
  );
}

/** The target's property that a part of a relation refers to; `undefined` for other properties. */
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

/** The properties of a row that correspond to a property of the entity. */
export function rowProperties(meta: EntityMetadata, name: string): readonly string[] {
  const property = meta.properties[name as never] as EntityProperty | undefined;
  if (property === undefined || !isRelation(property)) {
    return [name];
  }
  // two relations may share a column
  const all = storedProps(meta);
  return property.fieldNames.map((column) => all.find(({ fieldNames }) => fieldNames[0] === column)?.name ?? name);
}

/** Whether a property is a relation whose key is in its own table. A polymorphic relation is not. */
function isRelation({ kind, owner, persist, formula, polymorphic }: EntityProperty): boolean {
  return (kind === 'm:1' || (kind === '1:1' && owner)) && persist !== false && !formula && !polymorphic;
}

function relationOf(meta: EntityMetadata, property: EntityProperty): Relation {
  const { name, targetMeta, referencedPKs, nullable } = property;
  const target = targetMeta as EntityMetadata;
  const properties = rowProperties(meta, name);
  const isSecret = [name, ...properties].some(secretIn(meta));
  return {
    name,
    target,
    isSecret,
    key: keyOf(properties),
    targetKey: keyOf(referencedPKs.flatMap((one) => rowProperties(target, one))),
    nullable: nullable === true,
  };
}

/** The parts whose columns are not another property's as well. */
function ownParts(property: EntityProperty): EntityProperty[] {
  // properties of pivot tables have no list of their own columns
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
  const { primary, nullable, hidden, default: value, defaultRaw, onCreate, onUpdate } = property;
  return held.map((one, index) => {
    const part = {
      ...one,
      name: held.length === 1 ? property.name : `${property.name}.${one.name}`,
      fieldNames: property.fieldNames.slice(index, index + 1),
      columnTypes: property.columnTypes.slice(index, index + 1),
      ...{ primary, nullable, hidden, default: value, defaultRaw, onCreate, onUpdate },
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
