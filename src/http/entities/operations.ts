/** OpenAPI operations of each entity: its paths, and the schemas of its records and rows. */
import type { Operation, Parameter, Schema } from '../../config/route.ts';
import { withArticle } from '../../shared/text/words.ts';
import type { OpenDatabases } from '../databases.ts';
import { filterSchema, patchSchema, recordSchema, replacementSchema, rowSchema } from '../schema/entity-schema.ts';
import { wholeProperties } from './json-texts.ts';
import { COMPARISONS, DEFAULT_LIMIT, MAX_LIMIT, PREFIX } from './list-query.ts';
import { type Resource, resourceOf } from './resource.ts';

/** The operations for every database that can be opened now. */
export async function entityOperations(databases: OpenDatabases): Promise<readonly Operation[]> {
  const operations = await Promise.all(
    databases.declarations().map(async ({ name, entities }) => {
      const database = await databases.open(name).catch(() => undefined);
      return database === undefined
        ? []
        : entities.flatMap((entity) => operationsOf(resourceOf(database, entity.name)));
    }),
  );
  return operations.flat();
}

const ETAG = { ETag: 'The version of the row, or a digest of it' } as const;

const CONDITIONS = {
  'if-match': { type: 'string', description: 'The ETag that the row was read with' },
  'if-none-match': { type: 'string', description: '* for a row that must not be there yet' },
} as const;

const MERGE_PATCH = 'application/merge-patch+json';

function operationsOf(resource: Resource): readonly Operation[] {
  const { table, shape, path, database } = resource;
  const name = `${database.name}.${table.declaration.name}`;
  const row = rowSchema(table, shape);
  const tag = name;
  const rowPath = `${path}/${shape.primaryKey.properties.map((part) => `{${parameterOf(part)}}`).join('/')}`;
  const params = Object.fromEntries(
    shape.primaryKey.properties.map((part) => [parameterOf(part), keySchema(row, part)]),
  );
  const expand = expandParameter(resource);
  const one = { description: `The ${shape.noun}`, schema: row, headers: ETAG };
  const conditional = { 412: { description: 'It is another version' }, 428: { description: 'If-Match is missing' } };
  const refused = { 409: { description: 'Another row is in the way' }, 422: { description: 'It breaks rules' } };
  const missing = { 404: { description: `There is no such ${shape.noun}` } };
  return [
    {
      id: `listRows.${name}`,
      method: 'GET',
      path,
      role: 'read',
      tag,
      summary: `Lists ${shape.noun} rows`,
      description: `Filters and sorts by ${resource.indexed.map((name) => labelOf(shape, name)).join(', ')}.`,
      query: { ...listParameters(resource), ...expand },
      answers: {
        200: { description: 'A page of rows', schema: pageSchema(row) },
        404: { description: 'No page ends there' },
      },
    },
    {
      id: `createRow.${name}`,
      method: 'POST',
      path,
      role: 'operate',
      tag,
      summary: `Creates ${withArticle(shape.noun)} row`,
      description: 'A row of the same content is left as it is, and answered with 200.',
      body: { schema: recordSchema(table, shape) },
      answers: { 200: one, 201: { ...one, headers: { ...ETAG, Location: 'Its path' } }, ...refused },
    },
    {
      id: `readRow.${name}`,
      method: 'GET',
      path: rowPath,
      role: 'read',
      tag,
      params,
      query: expand,
      headers: {
        'if-match': CONDITIONS['if-match'],
        'if-none-match': { type: 'string', description: 'The ETag that is known' },
      },
      summary: `Reads ${withArticle(shape.noun)} row`,
      answers: {
        200: one,
        304: { description: 'It is the one that is known', headers: ETAG },
        ...missing,
        412: conditional[412],
      },
    },
    {
      id: `replaceRow.${name}`,
      method: 'PUT',
      path: rowPath,
      role: 'operate',
      tag,
      params,
      headers: CONDITIONS,
      summary: `Replaces ${withArticle(shape.noun)} row, or creates it`,
      description: 'What the record leaves out becomes null, or the default of its column.',
      body: { schema: replacementSchema(table, shape) },
      answers: { 200: one, 201: one, ...missing, ...refused, ...conditional },
    },
    {
      id: `patchRow.${name}`,
      method: 'PATCH',
      path: rowPath,
      role: 'operate',
      tag,
      params,
      query: replaceParameter(resource),
      headers: CONDITIONS,
      summary: `Changes some properties of ${withArticle(shape.noun)} row`,
      description: 'A JSON merge patch (RFC 7396): null removes a value.',
      body: { schema: patchSchema(table, shape), mediaTypes: [MERGE_PATCH, 'application/json'] },
      answers: { 200: one, ...missing, ...refused, ...conditional },
    },
    {
      id: `deleteRow.${name}`,
      method: 'DELETE',
      path: rowPath,
      role: 'operate',
      tag,
      params,
      headers: CONDITIONS,
      summary: `Deletes ${withArticle(shape.noun)} row that no other refers to`,
      answers: {
        204: { description: 'It is deleted' },
        ...missing,
        ...conditional,
        409: { description: 'Other rows refer to it, and are named' },
      },
    },
  ];
}

function parameterOf(property: string): string {
  return property.replaceAll(/\W/g, '_');
}

/** Keys in paths are written as in JSON. */
function keySchema(row: Schema, property: string): Schema {
  const schema = (row['properties'] as Record<string, Schema | undefined>)[property] ?? {};
  return 'type' in schema ? schema : { type: 'string' };
}

function pageSchema(row: Schema): Schema {
  return {
    type: 'object',
    properties: {
      rows: { type: 'array', items: row },
      next: { type: ['string', 'null'], description: 'For "after" of the next page; null at the end' },
      total: { type: 'integer', description: 'Of all pages, if asked for' },
    },
    required: ['rows', 'next'],
  };
}

function prefixParameter(label: string): Parameter {
  return {
    type: 'string',
    minLength: 1,
    pattern: '^[^\\u0000]*$',
    description: `${label} begins with this text, in the case that the collation of its column distinguishes`,
  };
}

/** The path of a property in the JSON of a row. */
function labelOf({ stored }: Resource['shape'], name: string): string {
  return stored.find((one) => one.name === name)?.label ?? name;
}

function listParameters({ indexed, prefixed, shape, table }: Resource): Record<string, Parameter> {
  const filters = indexed.flatMap((name): [string, Parameter][] => {
    const label = labelOf(shape, name);
    const { expected } = shape.stored.find((one) => one.name === name)?.coerce ?? { expected: 'a value' };
    const schema = filterSchema(table, name);
    const described = (comparison: string): Parameter => ({
      ...schema,
      type: 'string',
      description: `${label} ${comparison} this value: ${expected}`,
    });
    return [
      [`filter.${label}`, described('=')],
      ...Object.entries(COMPARISONS)
        .filter(([suffix]) => suffix !== 'eq')
        .map(([suffix, sign]): [string, Parameter] => [`filter.${label}.${suffix}`, described(sign)]),
      ...(prefixed.includes(name)
        ? [[`filter.${label}.${PREFIX}`, prefixParameter(label)] as [string, Parameter]]
        : []),
      [`filter.${label}.null`, { type: 'boolean', description: `Whether ${label} has to be null` }],
    ];
  });
  const sorts = indexed.map((name) => labelOf(shape, name)).flatMap((label) => [label, `-${label}`]);
  return {
    limit: {
      type: 'integer',
      minimum: 1,
      maximum: MAX_LIMIT,
      description: `Rows of a page (default: ${DEFAULT_LIMIT})`,
    },
    after: { type: 'string', description: '"next" of the page before, with the same sort; 404 for any other text' },
    sort: { type: 'string', enum: sorts, description: 'A property, with - in front for the greatest first' },
    total: { type: 'boolean', description: 'Whether to count the rows of all pages' },
    ...Object.fromEntries(filters),
  };
}

function expandParameter({ expandable }: Resource): Record<string, Parameter> {
  return namesParameter('expand', expandable, 'References to add as _related');
}

function replaceParameter(resource: Resource): Record<string, Parameter> {
  const meaning = 'Properties of JSON whose values are replaced as a whole, not merged';
  return namesParameter('replace', wholeProperties(resource), meaning);
}

/** A parameter that lists some of the names; no parameter if there are none. */
function namesParameter(name: string, names: readonly string[], meaning: string): Record<string, Parameter> {
  const one = `(?:${names.map((text) => text.replaceAll('.', '\\.')).join('|')})`;
  return names.length === 0
    ? {}
    : {
        [name]: {
          type: 'string',
          pattern: `^(?:${one}(?:,${one})*)?$`,
          description: `${meaning}, separated by commas: ${names.join(', ')}`,
        },
      };
}
