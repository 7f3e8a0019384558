/** Reads single rows, and expands references of rows. */
import type { Answer, Call } from '../../config/route.ts';
import type { Values } from '../../database/values.ts';
import type { OpenDatabases } from '../databases.ts';
import { JSON_ANSWER } from '../route/send.ts';
import { conditionsIn, etagOf, isKnown, refuseUnmatched } from './etag.ts';
import { expandRows } from './expand.ts';
import { missingRow, readKeyPath } from './key-path.ts';
import { readExpand } from './list-query.ts';
import { representationOf } from './representation.ts';
import type { Resource } from './resource.ts';
import { readRow, readRowAtOnce } from './write.ts';

/** The member of a row that holds the rows it refers to. */
const RELATED = '_related';

/** Most rows are read synchronously: a promise would take longer than SQLite takes for a row. */
export function readOne(databases: OpenDatabases, call: Call, resource: Resource): Answer | Promise<Answer> {
  const expand = readExpand(resource, call.query['expand'] as string | undefined);
  const key = readKeyPath(resource.shape, call.rest);
  const found = expand.length === 0 ? readRowAtOnce(resource, key) : undefined;
  return found === undefined
    ? readLater(databases, call, resource, { key, expand })
    : answerRow(call, resource, key, found.row);
}

interface Wanted {
  readonly key: Values;
  readonly expand: readonly string[];
}

async function readLater(
  databases: OpenDatabases,
  call: Call,
  resource: Resource,
  { key, expand }: Wanted,
): Promise<Answer> {
  const { shape } = resource;
  const row = await readRow(resource, key);
  if (row === undefined || expand.length === 0) {
    return answerRow(call, resource, key, row);
  }
  refuseUnmatched(conditionsIn(call.headers).ifMatch, etagOf(shape, row));
  const [shown] = await shownRows(databases, resource, [row], expand);
  // no tag covers the contents of rows of other databases
  return { body: shown };
}

/** @throws Problem 404 if there is no row */
function answerRow({ headers }: Call, { shape }: Resource, key: Values, row: Values | undefined): Answer {
  if (row === undefined) {
    throw missingRow(shape, key);
  }
  const body = JSON.stringify(representationOf(shape, row));
  const etag = etagOf(shape, row, body);
  return isKnown(etag, conditionsIn(headers))
    ? { status: 304, headers: { etag } }
    : { headers: { etag, 'content-type': JSON_ANSWER }, body };
}

export async function shownRows(
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
