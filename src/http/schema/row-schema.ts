/** The schema of a property in the JSON of a row, in which each value has exactly one form. */
import type { EntityMetadata, EntityProperty } from '@mikro-orm/core';
import type { Schema } from '../../config/route.ts';
import { type ColumnType, columnTypeOf, isOwnType } from '../../database/column-types.ts';

export function rowSchemaOf(meta: EntityMetadata, property: EntityProperty): Schema {
  const schema = valueSchema(meta, property);
  const { type } = schema;
  return property.nullable && type !== undefined ? { ...schema, type: [type, 'null'].flat() } : schema;
}

function valueSchema(meta: EntityMetadata, property: EntityProperty): Schema {
  const { runtimeType } = property;
  if (property.kind === 'embedded') {
    return { type: property.array ? 'array' : 'object' };
  }
  if (!isOwnType(property)) {
    return {};
  }
  return ofColumn(columnTypeOf(meta, property), runtimeType);
}

function ofColumn(type: ColumnType, runtimeType: string): Schema {
  switch (type.kind) {
    case 'whole':
      return runtimeType === 'number' ? { type: 'integer' } : { type: 'string' };
    case 'decimal':
    case 'float':
      return { type: runtimeType === 'number' ? 'number' : 'string' };
    case 'boolean':
      return { type: 'boolean' };
    case 'instant':
      return runtimeType === 'Date' ? { type: 'string', format: 'date-time' } : {};
    case 'date':
      return runtimeType === 'Date' ? { type: 'string', format: 'date-time' } : { type: 'string', format: 'date' };
    case 'array':
      return { type: 'array' };
    case 'bytes':
      return { type: 'string', contentEncoding: 'base64' };
    case 'uuid':
      return { type: 'string', format: 'uuid' };
    case 'text':
    case 'time':
      return runtimeType === 'number' ? { type: 'number' } : { type: 'string' };
    default:
      return {};
  }
}
