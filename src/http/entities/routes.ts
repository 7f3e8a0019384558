/** The routes of every entity of the configuration: list, read, create, replace, change, delete. */
import type { Answer, Call, Operation, Route } from '../../config/route.ts';
import type { Values } from '../../database/values.ts';
import type { OpenDatabases } from '../databases.ts';
import { deleteRow } from './delete.ts';
import { conditionsIn, etagOf } from './etag.ts';
import { loadedRecord, withWholeJson } from './json-texts.ts';
import { keyPathOf, readKeyPath } from './key-path.ts';
import { listRows } from './list.ts';
import { readListQuery, readReplace } from './list-query.ts';
import { entityOperations } from './operations.ts';
import { readOne, shownRows } from './read.ts';
import { readRecord } from './record-body.ts';
import { representationOf } from './representation.ts';
import { openResource, type Resource, resourcePath } from './resource.ts';
import { createRow, patchRow, replaceRow, type Written } from './write.ts';

const ROWS = resourcePath('{database}', '{entity}');
const ROW = `${ROWS}/{key+}`;

const JSON_TYPE = 'application/json';
const MERGE_PATCH = 'application/merge-patch+json';

type Handler = (call: Call, resource: Resource) => Answer | Promise<Answer>;

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
    handle: (call) => {
      const { database = '', entity = '' } = call.params;
      const resource = openResource(databases, database, entity);
      return resource instanceof Promise ? resource.then((found) => handler(call, found)) : handler(call, resource);
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

/** @throws Problem 400 for a body that is not a JSON object */
function recordOf({ body }: Call, resource: Resource): Values {
  const { record, numbers } = readRecord(body);
  return loadedRecord(resource, record, numbers);
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
