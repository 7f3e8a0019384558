/** What a list shows, as its URL says it, and as the API is asked for it. */
import { withQuery } from '../frame/api.ts';
import { type Entity, keyOf, type Property, type Row } from '../frame/description.ts';
import { shellWord } from '../frame/text.ts';

/** Rows of a request. */
const PAGE_ROWS = 500;

/** Rows that the command prints, and that a search finds by each property. */
const SHOWN_ROWS = 100;

export const COMPARISONS = [
  { suffix: '', sign: '=' },
  { suffix: '.gte', sign: '≥' },
  { suffix: '.gt', sign: '>' },
  { suffix: '.lte', sign: '≤' },
  { suffix: '.lt', sign: '<' },
  { suffix: '.prefix', sign: 'begins with' },
  { suffix: '.null', sign: 'is null' },
] as const;

export type Query = Readonly<Record<string, string>>;

export interface Filter {
  /** The name of the query parameter: `filter.userId.gte`. */
  readonly name: string;
  readonly property: string;
  readonly suffix: string;
  readonly value: string;
  readonly words: string;
}

export function filtersIn(query: Query): readonly Filter[] {
  return Object.entries(query)
    .filter(([name]) => name.startsWith('filter.'))
    .map(([name, value]) => {
      const [, property = '', suffix = ''] = /^filter\.(.*?)(\.(?:gte|gt|lte|lt|prefix|null))?$/.exec(name) ?? [];
      const { sign } = COMPARISONS.find((one) => one.suffix === suffix) ?? COMPARISONS[0];
      const words =
        suffix === '.null' ? `${property} is ${value === 'true' ? '' : 'not '}null` : `${property} ${sign} ${value}`;
      return { name, property, suffix, value, words };
    });
}

/** A click on a header: ascending, descending, and back to the order of the key. */
export function nextSort(sort: string | undefined, property: string): string | undefined {
  return sort === property ? `-${property}` : sort === `-${property}` ? undefined : property;
}

/** What the API is asked for, with the rows that references lead to. */
export function listPath(entity: Entity, query: Query): string {
  const filters = Object.fromEntries(Object.entries(query).filter(([name]) => name.startsWith('filter.')));
  return withQuery(entity.path, {
    ...filters,
    sort: query['sort'],
    limit: PAGE_ROWS,
    total: query['total'],
    expand: referencesOf(entity),
  });
}

/** The references to other databases, as `expand` takes them. */
export function referencesOf({ properties }: Entity): string | undefined {
  const names = properties.filter(({ isReference }) => isReference).map(({ label }) => label);
  return names.length === 0 ? undefined : names.join(',');
}

/** Property -> the row that it leads to. */
const RELATED = '_related';

/** Whether a reference to another database leads nowhere. Unknown where the other database was not asked. */
export function isDangling({ label, isReference }: Property, value: unknown, row: Row): boolean {
  const related = row[RELATED] as Row | undefined;
  return isReference && value !== null && value !== undefined && related !== undefined && related[label] === null;
}

/** The paths that find the rows whose key or other indexed property is a text, or begins with it. */
export function searchPaths({ path, properties }: Entity, text: string): readonly string[] {
  return properties
    .filter(({ isIndexed }) => isIndexed)
    .map(({ label, hasPrefixFilter }) =>
      withQuery(path, { [`filter.${label}${hasPrefixFilter ? '.prefix' : ''}`]: text, limit: SHOWN_ROWS }),
    );
}

/** Each row once, however many of its properties were found. */
export function distinctRows(entity: Entity, rows: readonly Row[]): readonly Row[] {
  return [...new Map(rows.map((row) => [keyOf(entity, row).map(encodeURIComponent).join('/'), row])).values()];
}

/** The same list on the command line. */
export function listCommand(database: string, entity: Entity, query: Query): string {
  const called = (label: string) => entity.properties.find((one) => one.label === label);
  const column = (label: string) => called(label)?.column ?? label;
  const literal = (label: string, value: string) =>
    called(label)?.kind === 'whole' && /^-?\d+$/.test(value) ? value : `'${value.replaceAll("'", "''")}'`;
  const conditions = filtersIn(query).map(({ property, suffix, value }) => {
    switch (suffix) {
      case '.null':
        return `${column(property)} is ${value === 'true' ? '' : 'not '}null`;
      case '.prefix':
        return `substr(${column(property)}, 1, ${[...value].length}) = ${literal(property, value)}`;
      default:
        return `${column(property)} ${SQL_SIGNS[suffix] ?? '='} ${literal(property, value)}`;
    }
  });
  const { sort = '' } = query;
  const direction = sort.startsWith('-') ? ' desc' : '';
  const order = sort === '' ? '' : ` order by ${column(sort.replace(/^-/, ''))}${direction}`;
  const where = conditions.length === 0 ? '' : ` where ${conditions.join(' and ')}`;
  const schema = /^\w+$/.test(database) ? database : `"${database}"`;
  return `npx meridian query ${shellWord(`select * from ${schema}.${entity.sql}${where}${order} limit ${SHOWN_ROWS}`)}`;
}

const SQL_SIGNS: Readonly<Record<string, string>> = { '.gte': '>=', '.gt': '>', '.lte': '<=', '.lt': '<' };
