/**
 * Converts untrusted values to the types of an entity's properties. The conversion is strict: a value that does not represent exactly one
 * value of the type is left unchanged, for the entity's rules to reject.
 */
import type { EntityMetadata, EntityProperty } from '@mikro-orm/core';
import { type ColumnType, columnTypeOf, isOwnType } from '../../database/column-types.ts';
import { propertyValues } from '../../database/property-values.ts';
import { MeridianError } from '../../shared/errors.ts';
import { type Coercion, numberAsText } from './coercion.ts';
import { ofOwnConversion } from './custom-type.ts';
import { embeddedJson, type Member } from './embedded-json.ts';
import { BY_KIND, BY_RUNTIME_TYPE, quickText } from './scalars.ts';
import { bytes, json, listOf } from './structured.ts';

/**
 * Chooses the coercion of a property by its type in MikroORM's metadata. A custom type with a `fromText` reads text itself; for others,
 * their own conversions are used.
 *
 * @throws MeridianError `usage` for a type that cannot be read from a file
 */
export function coercionOf(meta: EntityMetadata, property: EntityProperty): Coercion {
  const { customType, runtimeType } = property;
  if (customType && hasFromText(customType)) {
    return {
      ...('reads' in customType && customType.reads === 'instant'
        ? { reads: 'instant' }
        : readsOf(columnTypeOf(meta, property))),
      expected: `a value of ${customType.constructor.name}`,
      quick: (text) => (quickText(text) === undefined ? undefined : customType.fromText(text)),
      misfit: numberAsText,
      from(value) {
        const given = numberAsText(value);
        return typeof given === 'string' ? customType.fromText(given) : undefined;
      },
    };
  }
  if (property.kind === 'embedded') {
    return embeddedJson(property, (member) => memberOf(meta, member));
  }
  const type = columnTypeOf(meta, property);
  if (customType && !isOwnType(property)) {
    return ofOwnConversion(customType, ofKind(type, 'string') ?? ofKind(type, 'number'));
  }
  const coercion = type.kind === 'array' ? listCoercion(property, type.element) : ofKind(type, runtimeType);
  if (coercion === undefined) {
    throw new MeridianError(
      'usage',
      `${meta.className}.${property.name} is of type ${property.type}, which cannot be read from a file. Give it a custom type with convertToDatabaseValue and convertToJSValue.`,
    );
  }
  return coercion;
}

function readsOf({ kind }: ColumnType): Pick<Coercion, 'reads'> {
  switch (kind) {
    case 'whole':
    case 'decimal':
    case 'float':
      return { reads: 'number' };
    case 'date':
    case 'instant':
      return { reads: kind };
    default:
      return {};
  }
}

function memberOf(meta: EntityMetadata, member: EntityProperty): Member {
  const { canonical, problem, toJson } = propertyValues(meta, member);
  const coercion = coercionOf(meta, member);
  return {
    ...coercion,
    from(value) {
      const read = coercion.from(value);
      return read === undefined || canonical === undefined ? read : canonical(read);
    },
    problem: (value) => problem?.(value),
    toJson,
  };
}

function ofKind({ kind }: ColumnType, runtimeType: string): Coercion | undefined {
  switch (kind) {
    case 'json':
      return json;
    case 'bytes':
      return bytes;
    default:
      return BY_KIND[`${kind} ${runtimeType}`] ?? BY_RUNTIME_TYPE[runtimeType];
  }
}

function listCoercion({ items, customType }: EntityProperty, element: ColumnType): Coercion {
  const isOfNumbers = items?.every((item) => typeof item === 'number');
  const [sample] = (customType?.convertToJSValue(['1'], customType.platform as never) as unknown[]) ?? [];
  const runtimeType = element.kind === 'whole' && typeof sample === 'string' ? 'number' : typeof sample;
  return listOf((isOfNumbers ? BY_RUNTIME_TYPE['number'] : undefined) ?? ofKind(element, runtimeType) ?? json);
}

function hasFromText(type: object): type is { fromText(text: string): unknown } {
  return 'fromText' in type && typeof type.fromText === 'function';
}
