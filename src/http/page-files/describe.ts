/** Describes each entity for the page, which shows, filters and edits its rows. */
import type { EntityProperty } from '@mikro-orm/core';
import type { Schema } from '../../config/route.ts';
import type { Column } from '../../database/columns.ts';
import { ownRowsCondition } from '../../database/discriminator.ts';
import { relationsOf } from '../../database/relations.ts';
import type { OpenDatabases } from '../databases.ts';
import { anyJsonOf, wholeProperties } from '../entities/json-texts.ts';
import { pathTo } from '../entities/representation.ts';
import { type Resource, resourceOf } from '../entities/resource.ts';
import { recordSchema, rowSchema } from '../schema/entity-schema.ts';
import { databaseState } from '../watch/states.ts';
import type { DatabaseDescription, Entity, PropertyKind, Target } from './description.ts';

/** A database that cannot be opened has a reason instead of entities. */
export async function describeDatabases(databases: OpenDatabases): Promise<readonly DatabaseDescription[]> {
  return Promise.all(
    databases.declarations().map(async ({ name, entities }) => {
      const state = await databaseState(databases, name);
      if (state.state !== 'ok') {
        return { ...state, entities: [] };
      }
      const database = await databases.open(name);
      return { ...state, entities: entities.map((one) => describeEntity(resourceOf(database, one.name))) };
    }),
  );
}

function describeEntity(resource: Resource): Entity {
  const { table, shape, path } = resource;
  const row = rowSchema(table, shape);
  const record = recordSchema(table, shape);
  const targets = targetsOf(resource);
  const whole = wholeProperties(resource);
  const columns = new Map(table.bulk().columns.map((column) => [column.property, column]));
  return {
    name: table.declaration.name,
    table: table.name,
    noun: shape.noun,
    path,
    sql: sqlName(table.metadata.tableName),
    ownRows: ownRowsCondition(table.metadata, sqlName) ?? null,
    key: shape.primaryKey.properties,
    properties: shape.stored.map(({ name, label, coerce, isHidden }) => {
      const at = pathTo(name, label);
      const written = schemaAt(record, at);
      const property = table.metadata.properties[name as never] as EntityProperty | undefined;
      return {
        path: at,
        label,
        column: sqlName(columns.get(name)?.name ?? name),
        isInMilliseconds: isInMilliseconds(columns.get(name)),
        kind: whole.includes(label)
          ? 'json'
          : kindOf(schemaAt(row, at) ?? {}, written ?? {}, coerce.reads === 'number'),
        anyJson: (property && anyJsonOf(table.metadata, property)) ?? null,
        words: wordsOf(written),
        maxLength: Number(written?.['maxLength'] ?? 0) || null,
        isHidden: isHidden && !shape.primaryKey.properties.includes(name),
        isKey: shape.primaryKey.properties.includes(name),
        isIndexed: resource.indexed.includes(name),
        hasPrefixFilter: resource.prefixed.includes(name),
        ignoresCase: property?.collation?.toLowerCase() === 'nocase',
        isWritable: written !== undefined,
        isRequired: isRequiredAt(record, at),
        target: targets[name] ?? null,
        isReference: resource.expandable.includes(name),
      };
    }),
  };
}

/** Words that are no names in SQL unless they are quoted, of those that tables and columns are called. */
const RESERVED = new Set(
  `all and any as asc between both by case cast check collate column commit constraint create cross current_date
  current_time current_timestamp default delete desc distinct do drop else end except exists foreign from full group
  having in index inner insert into is join leading left like limit natural not null offset on only or order outer
  primary references returning right row select set table then to trailing transaction union unique update user using
  values when where window with`.split(/\s+/),
);

/** A name as a statement has it. */
function sqlName(name: string): string {
  return /^[a-z_][a-z0-9_]*$/.test(name) && !RESERVED.has(name) ? name : `"${name.replaceAll('"', '""')}"`;
}

const EPOCH = new Date(0);

function isInMilliseconds(column: Column | undefined): boolean {
  return column?.kind === 'instant' && typeof column.toColumn(EPOCH) === 'number';
}

/** Property -> the entity that it refers to, in another database or in the same one. */
function targetsOf({ database, table }: Resource): Readonly<Record<string, Target>> {
  const inside = relationsOf(table.metadata).flatMap(({ key, target }): [string, Target][] => {
    const declared = database.declaration.entities.find(
      ({ name }) => resourceOf(database, name).table.metadata.className === target.className,
    );
    const [property, other] = key.properties;
    return property === undefined || other !== undefined || declared === undefined
      ? []
      : [[property, { database: database.name, entity: declared.name }]];
  });
  return { ...Object.fromEntries(inside), ...table.declaration.references };
}

function schemaAt(schema: Schema, [first = '', ...rest]: readonly string[]): Schema | undefined {
  const found = filledOf((schema['properties'] as Readonly<Record<string, Schema>> | undefined)?.[first]);
  return found === undefined || rest.length === 0 ? found : schemaAt(found, rest);
}

/** The schema of a value that is present, where the value is optional. */
function filledOf(schema: Schema | undefined): Schema | undefined {
  const [filled] = (schema?.['anyOf'] as readonly Schema[] | undefined) ?? [];
  return filled ?? schema;
}

function isRequiredAt(schema: Schema, [first = '', ...rest]: readonly string[]): boolean {
  const isRequired = ((schema['required'] as readonly string[] | undefined) ?? []).includes(first);
  return isRequired && (rest.length === 0 || isRequiredAt(schemaAt(schema, [first]) ?? {}, rest));
}

function wordsOf(schema: Schema | undefined): readonly string[] | null {
  const words = schema?.['enum'];
  return Array.isArray(words) ? words.filter((one) => typeof one === 'string') : null;
}

/** The row schema of a custom type is empty; then the schema of records decides. @param isNumber whether its texts are numbers */
function kindOf({ type, format }: Schema, record: Schema, isNumber: boolean): PropertyKind {
  const [first] = [type ?? record['type']].flat().filter((one) => one !== 'null' && one !== undefined);
  if (type === undefined && first === 'integer') {
    return isNumber ? 'number' : 'text';
  }
  if (first === 'string') {
    return format === 'date-time' ? 'instant' : format === 'date' ? 'date' : isNumber ? 'number' : 'text';
  }
  const kinds: Readonly<Record<string, PropertyKind>> = { integer: 'whole', number: 'number', boolean: 'boolean' };
  return kinds[String(first)] ?? 'text';
}
