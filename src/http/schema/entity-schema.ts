/**
 * JSON Schemas for the records and rows of an entity, made from MikroORM's metadata and class-validator's rules. Only this module reads
 * both. The rules themselves validate every record, so a schema is more lenient where JSON Schema cannot express a rule. Schemas describe
 * texts without surrounding white space, which is removed.
 */
import type { EntityProperty } from '@mikro-orm/core';
import type { Schema } from '../../config/route.ts';
import { storedProps } from '../../database/relations.ts';
import type { Table } from '../../database/table.ts';
import { type EntityShape, loadedProps } from '../../populate/record/shape.ts';
import { isLeftOut } from '../entities/hidden.ts';
import { limitingTexts, notEmpty, orEmpty, typeSchema } from './property-schema.ts';
import { rowSchemaOf } from './row-schema.ts';
import { ruleKeywords, strictest } from './rules.ts';

type Described = Pick<Table, 'metadata'>;

/** The schema of `createRow`: the members, and which of them are required. */
export function recordSchema({ metadata }: Described, shape: EntityShape, isReplacement = false): Schema {
  const root = objectSchema();
  for (const property of loadedProps(metadata)) {
    const one = shape.properties.find(({ name }) => name === property.name);
    if (one !== undefined) {
      const isRequired =
        one.required && !(shape.newKey?.property === one.name) && !(isReplacement && isLeftOut(shape, one));
      const schema = memberSchema({ metadata }, property, !isRequired);
      add(
        root,
        pathOf(metadata, property),
        isLeftOut(shape, one) ? { ...schema, writeOnly: true } : schema,
        isRequired,
      );
    }
  }
  return finished(root);
}

/** The schema of `replaceRow`: the key is in the path, the version is optional, and so are hidden values, which an existing row keeps. */
export function replacementSchema(table: Described, shape: EntityShape): Schema {
  const { properties, required = [], ...rest } = recordSchema(table, shape, true);
  const keys = shape.primaryKey.properties;
  const version = shape.version === undefined ? {} : { [shape.version.name]: { type: 'integer' } };
  return {
    ...rest,
    properties: { ...(properties as object), ...version },
    required: (required as string[]).filter((name) => !keys.includes(name)),
  };
}

/** The schema of `patchRow`: a merge patch (RFC 7396), in which null removes a value. */
export function patchSchema(table: Described, shape: EntityShape): Schema {
  const { properties, ...rest } = withoutRequired(replacementSchema(table, shape));
  const { required = [] } = recordSchema(table, shape);
  // null would remove a value that the row needs
  const fixed = [...(required as readonly string[]), ...shape.primaryKey.properties];
  const members = Object.entries(properties as Record<string, Schema>).map(([name, schema]) => [
    name,
    fixed.includes(name) ? withoutRequired(schema) : patched(schema),
  ]);
  return { ...rest, properties: Object.fromEntries(members) };
}

/** The schema of filter values: any text that the column could hold, regardless of the rules. */
export function filterSchema({ metadata }: Described, property: string): Schema {
  const found = storedProps(metadata).find(({ name }) => name === property);
  const schema = found === undefined ? {} : notEmpty(limitingTexts(typeSchema(metadata, found)));
  const { pattern, maxLength, enum: items } = schema;
  return {
    minLength: 1,
    ...(pattern === undefined ? {} : { pattern }),
    ...(maxLength === undefined ? {} : { maxLength }),
    ...(items === undefined ? {} : { enum: items }),
  };
}

/** The schema of a row in responses. */
export function rowSchema({ metadata }: Described, shape: EntityShape): Schema {
  const root = objectSchema();
  for (const property of storedProps(metadata)) {
    if (shape.stored.some((one) => one.name === property.name && !isLeftOut(shape, one))) {
      add(root, pathOf(metadata, property), rowSchemaOf(metadata, property), true);
    }
  }
  return finished(root, true);
}

/** @param isOptional whether it may be empty */
function memberSchema({ metadata }: Described, property: EntityProperty, isOptional: boolean): Schema {
  const { owner, name } = ownerOf(metadata, property);
  const { keywords, items } = ruleKeywords(owner, name);
  const type = typeSchema(metadata, property);
  const ofItems = Object.keys(items).length === 0 ? {} : { items: strictest((type['items'] as Schema) ?? {}, items) };
  const schema = { ...limitingTexts(strictest(type, keywords)), ...ofItems };
  return isOptional ? orEmpty(schema) : notEmpty(schema);
}

/**
 * The class that has the rules of a property, and its name there: members of embedded objects have their rules in the class of the object.
 */
function ownerOf(metadata: Described['metadata'], { name, embedded }: EntityProperty): { owner: object; name: string } {
  const root = embedded && (metadata.properties[embedded[0] as never] as EntityProperty | undefined);
  return root === undefined
    ? { owner: metadata.class, name }
    : { owner: root.embeddable as object, name: embedded?.[1] ?? name };
}

function pathOf(metadata: Described['metadata'], property: EntityProperty): readonly string[] {
  const { name, embedded } = property;
  const root = embedded && (metadata.properties[embedded[0] as never] as EntityProperty | undefined);
  return root === undefined ? [name] : [...pathOf(metadata, root), embedded?.[1] ?? name];
}

interface ObjectSchema {
  readonly properties: Record<string, Schema | ObjectSchema>;
  readonly required: string[];
}

function objectSchema(): ObjectSchema {
  return { properties: {}, required: [] };
}

function add(
  object: ObjectSchema,
  [first = '', ...rest]: readonly string[],
  schema: Schema,
  isRequired: boolean,
): void {
  if (rest.length === 0) {
    object.properties[first] = schema;
    if (isRequired) {
      object.required.push(first);
    }
    return;
  }
  object.properties[first] ??= objectSchema();
  add(object.properties[first] as ObjectSchema, rest, schema, isRequired);
  if (isRequired && !object.required.includes(first)) {
    object.required.push(first);
  }
}

/** @param isRow whether embedded objects may be null, and further members are allowed */
function finished(object: ObjectSchema, isRow = false): Schema {
  const members = Object.entries(object.properties).map(([name, one]): [string, Schema] => {
    const isObject = Array.isArray((one as ObjectSchema).required) && !('type' in one);
    return [name, isObject ? nested(one as ObjectSchema, isRow) : (one as Schema)];
  });
  return {
    type: 'object',
    properties: Object.fromEntries(members),
    ...(object.required.length === 0 ? {} : { required: object.required }),
    ...(isRow ? {} : { additionalProperties: false }),
  };
}

function nested(object: ObjectSchema, isRow: boolean): Schema {
  const schema = finished(object, isRow);
  const isOptional = isRow || object.required.length === 0;
  return isOptional ? { anyOf: [schema, { type: 'null' }] } : schema;
}

/** Removes `required`, since a patch may contain only some members of an embedded object. */
function withoutRequired({ required: _, ...rest }: Schema): Schema {
  return rest;
}

function patched(schema: Schema): Schema {
  const rest = withoutRequired(schema);
  return rest['type'] === 'object' ? { anyOf: [rest, { type: 'null' }] } : orEmpty(rest);
}
