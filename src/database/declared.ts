/**
 * The column types and unique indexes that the decorators of an entity declare, recorded before MikroORM and the engine change them:
 * on SQLite `uuid` and `string` both become `text`, and on PostgreSQL a unique index that ignores case becomes an expression.
 */
import { type EntityMetadata, type EntityProperty, type MetadataStorage, types } from '@mikro-orm/core';
import type { EntityDeclaration, NaturalKey } from './declaration.ts';
import { primaryKeyOf, rowProperties, storedProps } from './relations.ts';

interface Declared {
  /** Property -> the column type that the developer wrote. */
  readonly columnTypes: ReadonlyMap<string, string>;
  /** Property that is a list -> the declared type of its elements. */
  readonly elementTypes: ReadonlyMap<string, string>;
  /** Properties that may be null. MikroORM makes all members of a nullable embeddable nullable. */
  readonly optional: ReadonlySet<string>;
  /** The unique indexes that the application can check. */
  readonly uniqueKeys: readonly NaturalKey[];
}

const NOTHING: Declared = { columnTypes: new Map(), elementTypes: new Map(), optional: new Set(), uniqueKeys: [] };

const declared = new WeakMap<object, Declared>();

/** For `discovery.onMetadata`, before the engine changes the metadata. */
export function noteDeclared(meta: EntityMetadata): void {
  const props = Object.values(meta.properties);
  declared.set(meta.class, {
    columnTypes: new Map(props.flatMap(({ name, columnTypes }) => (columnTypes?.[0] ? [[name, columnTypes[0]]] : []))),
    elementTypes: new Map(
      props.flatMap((property) => {
        const element = elementTypeOf(property);
        return element === undefined ? [] : [[property.name, element]];
      }),
    ),
    optional: new Set(props.filter(({ nullable }) => nullable).map(({ name }) => name)),
    uniqueKeys: indexesOf(meta),
  });
}

/** For `discovery.afterDiscovered`: records columns of whole numbers, which have the width that MikroORM chooses. */
export function noteWholeNumbers(metadata: MetadataStorage): void {
  for (const meta of metadata) {
    const noted = declaredOf(meta);
    const widths = meta.props.flatMap(({ name, columnTypes = [] }): [string, string][] => {
      const [type = ''] = columnTypes;
      return /^(int|integer|int4|smallint|int2)$/i.test(type) ? [[name, type]] : [];
    });
    declared.set(meta.class, { ...noted, columnTypes: new Map([...widths, ...noted.columnTypes]) });
  }
}

const lengths = new WeakMap<EntityProperty, number | undefined>();

/**
 * For newly discovered metadata. MikroORM 7.2.1 sets the length of a property when it generates a schema (`addColumnFromProperty` of
 * `DatabaseTable`): on SQLite, instants would be cut to whole seconds from then on.
 */
export function noteLengths(metadata: MetadataStorage): void {
  for (const { props } of metadata) {
    for (const property of props.filter((one) => !lengths.has(one))) {
      lengths.set(property, property.length);
    }
  }
}

/** A property with its length as discovered. */
export function withDeclaredLength(property: EntityProperty): EntityProperty {
  if (!lengths.has(property) || lengths.get(property) === property.length) {
    return property;
  }
  return { ...property, length: lengths.get(property) as number };
}

/** `integer` for `p.integer().array()`. For `{ type: 'integer', array: true }`, MikroORM creates text columns. */
function elementTypeOf({ type, array, enum: isEnum }: EntityProperty): string | undefined {
  const given: unknown = type;
  const names = Object.entries(types).find(([, one]) => one === given || (given as object)?.constructor === one);
  return array && !isEnum ? names?.[0] : undefined;
}

/** Whether a member of an embeddable may be null or has a default. */
export function isOptionalMember({ embeddable, embeddedProps }: EntityProperty, name: string): boolean {
  const { default: value, defaultRaw, onCreate } = embeddedProps[name] as EntityProperty;
  const hasDefault = [value, defaultRaw, onCreate].some((one) => one !== undefined);
  return hasDefault || declaredOf({ class: embeddable as never }).optional.has(name);
}

/** The developer's declaration of a property's column; for an embedded property, that of the embeddable. */
export function declaredColumn(
  meta: EntityMetadata,
  { name, embedded }: EntityProperty,
): { readonly columnType: string | undefined; readonly elementType: string | undefined } {
  const owner = embedded === undefined ? undefined : meta.properties[embedded[0] as never];
  const { embeddable } = (owner ?? {}) as Partial<EntityProperty>;
  const { columnTypes, elementTypes } = declaredOf(embeddable === undefined ? meta : { class: embeddable as never });
  const own = embedded?.[1] ?? name;
  return { columnType: columnTypes.get(own), elementType: elementTypes.get(own) };
}

function declaredOf({ class: entity }: Pick<EntityMetadata, 'class'>): Declared {
  return declared.get(entity) ?? NOTHING;
}

/** The natural keys of an entity, followed by its other unique indexes. */
export function uniqueKeysOf({ naturalKeys = [] }: EntityDeclaration, meta: EntityMetadata): readonly NaturalKey[] {
  const keys = new Map<string, NaturalKey>();
  const names = storedProps(meta).map(({ name }) => name);
  const inRows = (key: NaturalKey): NaturalKey => ({
    ...key,
    properties: key.properties.flatMap((name) => rowProperties(meta, name)),
  });
  const indexes = [...declaredOf(meta).uniqueKeys, ...meta.props.filter(isOneToOne).map(keyOfOne)].map(inRows);
  const known = indexes.filter(({ properties }) => properties.every((name) => names.includes(name)));
  for (const key of [...naturalKeys.map(inRows), ...known]) {
    const text = JSON.stringify([key.properties.toSorted(), key.onlyWithout]);
    if (!keys.has(text)) {
      keys.set(text, key);
    }
  }
  keys.delete(JSON.stringify([primaryKeyOf(meta).properties.toSorted(), undefined]));
  return [...keys.values()];
}

/** MikroORM creates a unique index for it unless `unique` is false. */
function isOneToOne({ kind, owner, unique }: EntityProperty): boolean {
  return kind === '1:1' && owner && Boolean(unique);
}

function keyOfOne({ name }: Pick<EntityProperty, 'name'>): NaturalKey {
  return { properties: [name] };
}

type Unique = EntityMetadata['uniques'][number];

function indexesOf(meta: EntityMetadata): NaturalKey[] {
  const ofProperties = Object.values(meta.properties)
    .filter(({ unique }) => unique)
    .map(({ name }): Unique => ({ properties: [name] }));
  return [...ofProperties, ...meta.uniques].flatMap((unique) => keyOf(meta, unique) ?? []);
}

/** @returns `undefined` for an index that a natural key cannot express; only the database checks it */
function keyOf(
  { properties: all }: EntityMetadata,
  { properties: given, expression, where }: Unique,
): NaturalKey | undefined {
  const properties = [given ?? []].flat().map(String);
  const props = properties.flatMap((name) => all[name as keyof typeof all] ?? []);
  if (expression !== undefined || properties.length === 0 || props.length < properties.length) {
    return undefined;
  }
  const condition = conditionOf(where, properties);
  if (condition === undefined) {
    return undefined;
  }
  const folded = props.filter(({ collation }) => collation?.toLowerCase() === 'nocase');
  const isFolded = folded.length > 0;
  if (isFolded && props.some((one) => !folded.includes(one) && isText(one.type))) {
    return undefined;
  }
  return { properties, ...(isFolded ? { ignoreCase: true } : {}), ...condition };
}

function isText(type: unknown): boolean {
  return type === undefined || type === 'text' || type === 'string' || typeof type !== 'string';
}

/** @returns which rows the index covers; `undefined` for a condition that a natural key cannot express */
function conditionOf(where: unknown, properties: readonly string[]): Pick<NaturalKey, 'onlyWithout'> | undefined {
  if (where === undefined) {
    return {};
  }
  const [condition, ...more] = typeof where === 'object' && where !== null ? Object.entries(where) : [];
  if (condition === undefined || more.length > 0) {
    return undefined;
  }
  const [property, wanted] = condition;
  if (wanted === null) {
    return { onlyWithout: property };
  }
  // keys that contain null are never duplicates
  return properties.includes(property) && JSON.stringify(wanted) === '{"$ne":null}' ? {} : undefined;
}
