/** Lists rows with keyset pagination: a page begins where the previous one ended, even if rows were added meanwhile. */
import type { EntityManager } from '../../database/database.ts';
import { countRows, type Page, readPage } from '../../database/row-page.ts';
import type { Values } from '../../database/values.ts';
import { type Cursor, type Phase, readCursor, writeCursor } from './cursor.ts';
import type { ListQuery } from './list-query.ts';
import type { Resource } from './resource.ts';

export interface ListedRows {
  readonly rows: readonly Values[];
  /** The cursor of the next page, which may be empty; `null` at the end. */
  readonly next: string | null;
  /** The number of rows on all pages, if requested. */
  readonly total?: number;
}

export async function listRows(resource: Resource, query: ListQuery): Promise<ListedRows> {
  const { database, table } = resource;
  const em = database.fork();
  const page = await readRows(resource, em, query);
  return query.hasTotal ? { ...page, total: await countRows(database, em, table.metadata, query) } : page;
}

/** Rows without a value in the sort property come last, in both directions and on every engine. */
async function readRows(resource: Resource, em: EntityManager, query: ListQuery): Promise<ListedRows> {
  const { sort: property, isDescending, limit, after } = query;
  const sort = `${isDescending ? '-' : ''}${property ?? ''}`;
  const phases = phasesOf(resource, query);
  const lengths = { rows: orderOf(resource, query, 'rows').length, nulls: orderOf(resource, query, 'nulls').length };
  const cursor: Cursor | undefined = after === undefined ? undefined : readCursor(after, sort, lengths);
  const rows: Values[] = [];
  for (const phase of phases.slice(Math.max(0, phases.indexOf(cursor?.phase ?? 'rows')))) {
    const position = cursor?.phase === phase ? cursor.position : undefined;
    const page = await readPhase(resource, em, query, phase, position, limit - rows.length);
    rows.push(...(page.rows as readonly Values[]));
    if (rows.length === limit) {
      return { rows, next: writeCursor({ sort, phase, position: page.end ?? position }) };
    }
  }
  return { rows, next: null };
}

function readPhase(
  { database, table, shape }: Resource,
  em: EntityManager,
  query: ListQuery,
  phase: Phase,
  after: Cursor['position'],
  limit: number,
): Promise<Page> {
  const { conditions, nulls = {}, sort, isDescending } = query;
  const isNullable = shape.stored.some(({ name, nullable }) => name === sort && nullable);
  return readPage(database, em, table.metadata, {
    conditions,
    nulls: sort !== undefined && isNullable ? { ...nulls, [sort]: phase === 'nulls' } : nulls,
    order: orderOf({ shape }, query, phase),
    isDescending,
    after,
    limit,
  });
}

/** The phases of a list: rows with a value in the sort property, then rows without one. */
function phasesOf({ shape }: Resource, { sort, nulls = {} }: ListQuery): readonly Phase[] {
  const isNullable = shape.stored.some(({ name, nullable }) => name === sort && nullable);
  if (sort === undefined || !isNullable) {
    return ['rows'];
  }
  const asked = nulls[sort];
  return asked === undefined ? ['rows', 'nulls'] : asked ? ['nulls'] : ['rows'];
}

/** The primary key is the tie-breaker. */
function orderOf({ shape }: Pick<Resource, 'shape'>, { sort }: ListQuery, phase: Phase): readonly string[] {
  const key = shape.primaryKey.properties;
  return sort === undefined || phase === 'nulls' ? key : [...new Set([sort, ...key])];
}
