/** The routes of every entity of the configuration: list, read, create, replace, change, delete. */
import type { Answer, Call, Operation, Route } from '../../config/route.ts';
import type { Values } from '../../database/values.ts';
import type { OpenDatabases } from '../databases.ts';
import { deleteRow } from './delete.ts';
import { conditionsIn, etagOf, isKnown, refuseUnmatched } from './etag.ts';
import { expandRows } from './expand.ts';
import { withJsonTexts, withWholeJson } from './json-texts.ts';
import { keyPathOf, missingRow, readKeyPath } from './key-path.ts';
import { listRows } from './list.ts';
import { readExpand, readListQuery, readReplace } from './list-query.ts';
import { entityOperations } from './operations.ts';
import { readRecord } from './record-body.ts';
import { representationOf } from './representation.ts';
import { openResource, type Resource, resourcePath } from './resource.ts';
import { createRow, patchRow, readRow, replaceRow, type Written } from './write.ts';

const ROWS = resourcePath('{database}', '{entity}');
const ROW = `${ROWS}/{key+}`;

const JSON_TYPE = 'application/json';
const MERGE_PATCH = 'application/merge-patch+json';

const JSON_ANSWER = 'application/json; charset=utf-8';

/** A member of a row with what its references lead to. */
const RELATED = '_related';

type Handler = (call: Call, resource: Resource) => Promise<Answer>;

export function entityRoutes(databases: OpenDatabases): readonly Route[] {
  const described = (id: string) => async (): Promise<readonly Operation[]> =>
    (await entityOperations(databases)).filter((one) => one.id.startsWith(`${id}.`));
  const route = (
    id: string,
    one: Pick<Route, 'method' | 'path' | 'role'> & Partial<Route>,
    handler: Handler,
  ): Route => ({
    id,
    summary: id,
    tag: 'Data',
    answers: {},
    operations: described(id),
    ...one,
    handle: async (call) => {
      const { database = '', entity = '' } = call.params;
      return handler(call, await openResource(databases, database, entity));
    },
  });
  const record = (mediaTypes: readonly string[]) => ({ schema: {}, form: 'text', mediaTypes }) as const;
  return [
    route('listRows', { method: 'GET', path: ROWS, role: 'read', hasOpenQuery: true }, async (call, resource) => {
      const query = readListQuery(resource, call.query);
      const { rows, next, total } = await listRows(resource, query);
      const shown = await shownRows(databases, resource, rows, query.expand);
      return { body: { rows: shown, next, ...(total === undefined ? {} : { total }) } };
    }),
    route(
      'createRow',
      { method: 'POST', path: ROWS, role: 'operate', body: record([JSON_TYPE]) },
      async (call, resource) => {
        const written = await createRow(databases, resource, recordOf(call, resource));
        return answerWritten(call, resource, written);
      },
    ),
    route(
      'readRow',
      { method: 'GET', path: ROW, role: 'read', query: { expand: { type: 'string', description: 'References' } } },
      (call, resource) => readOne(databases, call, resource),
    ),
    route(
      'replaceRow',
      { method: 'PUT', path: ROW, role: 'operate', body: record([JSON_TYPE]) },
      async (call, resource) => {
        const key = readKeyPath(resource.shape, call.rest);
        const conditions = conditionsIn(call.headers);
        return answerWritten(
          call,
          resource,
          await replaceRow(databases, resource, key, recordOf(call, resource), conditions),
        );
      },
    ),
    route(
      'patchRow',
      {
        method: 'PATCH',
        path: ROW,
        role: 'operate',
        query: { replace: { type: 'string', description: 'Properties' } },
        body: record([MERGE_PATCH, JSON_TYPE]),
      },
      async (call, resource) => {
        const replaced = readReplace(resource, call.query['replace'] as string | undefined);
        const key = readKeyPath(resource.shape, call.rest);
        const conditions = conditionsIn(call.headers);
        const patch = withWholeJson(resource, recordOf(call, resource), replaced);
        return answerWritten(call, resource, await patchRow(databases, resource, key, patch, conditions));
      },
    ),
    route('deleteRow', { method: 'DELETE', path: ROW, role: 'operate' }, async (call, resource) => {
      const key = readKeyPath(resource.shape, call.rest);
      await deleteRow(databases, resource, key, conditionsIn(call.headers));
      call.note(`deleted ${resource.table.name} ${call.rest.join(', ')}`);
      return { status: 204 };
    }),
  ];
}

/** @throws Problem 400 for a body that is no JSON object */
function recordOf({ body }: Call, resource: Resource): Values {
  const { record, numbers } = readRecord(body);
  return withJsonTexts(resource, record, numbers);
}

async function readOne(databases: OpenDatabases, call: Call, resource: Resource): Promise<Answer> {
  const { shape } = resource;
  const expand = readExpand(resource, call.query['expand'] as string | undefined);
  const key = readKeyPath(shape, call.rest);
  const row = await readRow(resource, key);
  if (row === undefined) {
    throw missingRow(shape, key);
  }
  const conditions = conditionsIn(call.headers);
  if (expand.length > 0) {
    refuseUnmatched(conditions.ifMatch, etagOf(shape, row));
    const [shown] = await shownRows(databases, resource, [row], expand);
    // what rows of other databases hold is in no tag
    return { body: shown };
  }
  const body = JSON.stringify(representationOf(shape, row));
  const etag = etagOf(shape, row, body);
  return isKnown(etag, conditions)
    ? { status: 304, headers: { etag } }
    : { headers: { etag, 'content-type': JSON_ANSWER }, body };
}

async function shownRows(
  databases: OpenDatabases,
  resource: Resource,
  rows: readonly Values[],
  expand: readonly string[],
): Promise<readonly Record<string, unknown>[]> {
  const shown = rows.map((row) => representationOf(resource.shape, row));
  if (expand.length === 0) {
    return shown;
  }
  const expanded = await expandRows(databases, resource, rows, expand);
  return shown.map((row, index) => ({ ...row, [RELATED]: expanded[index] }));
}

function answerWritten({ note }: Call, { shape, table, path }: Resource, { outcome, row }: Written): Answer {
  const key = keyPathOf(shape, row);
  note(`${outcome} ${table.name} ${key}`);
  const isNew = outcome === 'inserted';
  return {
    status: isNew ? 201 : 200,
    headers: { etag: etagOf(shape, row), ...(isNew ? { location: `${path}/${key}` } : {}) },
    body: representationOf(shape, row),
  };
}
