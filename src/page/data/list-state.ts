/** The state of a list in the URL, and the corresponding API requests. */
import { withQuery } from '../frame/api.ts';
import type { Entity, Property, Row } from '../frame/description.ts';
import { shellWord } from '../frame/text.ts';

/** Rows per request. */
const PAGE_ROWS = 500;

/** Rows that the command prints, and the maximum that a search finds per property. */
export const SHOWN_ROWS = 100;

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

/** The sort order after a click on a header: ascending, descending, then that of the key. */
export function nextSort(sort: string | undefined, property: string): string | undefined {
  return sort === property ? `-${property}` : sort === `-${property}` ? undefined : property;
}

/** The API path of the list, which includes the referenced rows. */
export function listPath(entity: Entity, query: Query): string {
  return withQuery(entity.path, {
    ...filterParameters(query),
    sort: query['sort'],
    limit: PAGE_ROWS,
    total: query['total'],
    expand: referencesOf(entity),
  });
}

function filterParameters(query: Query): Query {
  return Object.fromEntries(Object.entries(query).filter(([name]) => name.startsWith('filter.')));
}

/** The references to other databases, as the value of `expand`. */
export function referencesOf({ properties }: Entity): string | undefined {
  const names = properties.filter(({ isReference }) => isReference).map(({ label }) => label);
  return names.length === 0 ? undefined : names.join(',');
}

/** The member with the referenced rows: property -> row. */
const RELATED = '_related';

/** Whether a reference to another database is dangling; `false` if the reference was not expanded. */
export function isDangling({ label, isReference }: Property, value: unknown, row: Row): boolean {
  const related = row[RELATED] as Row | undefined;
  return isReference && value !== null && value !== undefined && related !== undefined && related[label] === null;
}

/** A path that fails if the filters are invalid. */
export function filteredPath({ path }: Entity, query: Query): string {
  return withQuery(path, { ...filterParameters(query), limit: 1 });
}

/**
 * The paths that find rows that match the filters and have an indexed property, such as the key, that equals or starts with the search
 * text.
 */
export function searchPaths({ path, properties }: Entity, query: Query): readonly string[] {
  return properties
    .filter(({ isIndexed }) => isIndexed)
    .flatMap((property) => {
      const searched = searchParameter(property, query);
      return searched === undefined
        ? []
        : [withQuery(path, { ...filterParameters(query), ...searched, sort: query['sort'], limit: SHOWN_ROWS })];
    });
}

/** @returns `undefined` if the filters exclude all matches */
function searchParameter({ label, hasPrefixFilter, ignoresCase }: Property, query: Query): Query | undefined {
  const text = query['search'] ?? '';
  if (!hasPrefixFilter) {
    // a name that filters do not use, so that both conditions apply
    return { [`filter.${label}.eq`]: text };
  }
  const name = `filter.${label}.prefix`;
  const beginning = query[name] ?? '';
  const [long, short] = text.length > beginning.length ? [text, beginning] : [beginning, text];
  const begins = ignoresCase ? long.toLowerCase().startsWith(short.toLowerCase()) : long.startsWith(short);
  return begins ? { [name]: long } : undefined;
}

/** The command line that prints the same list. */
export function listCommand(database: string, entity: Entity, query: Query): string {
  const called = (label: string) => entity.properties.find((one) => one.label === label);
  const condition = ({ property, suffix, value }: Omit<Filter, 'name' | 'words'>) =>
    conditionOf(called(property)?.column ?? property, called(property), suffix, value);
  const conditions = [...(entity.ownRows === null ? [] : [entity.ownRows]), ...filtersIn(query).map(condition)];
  const { sort = '', search = '' } = query;
  if (search !== '') {
    const searched = entity.properties
      .filter((one) => one.isIndexed && mayBe(one, search))
      .map(({ label, hasPrefixFilter }) =>
        condition({ property: label, suffix: hasPrefixFilter ? '.prefix' : '', value: search }),
      );
    conditions.push(searched.length === 0 ? '1 = 0' : `(${searched.join(' or ')})`);
  }
  const direction = sort.startsWith('-') ? ' desc' : '';
  const by = sort.replace(/^-/, '');
  const order = sort === '' ? '' : ` order by ${called(by)?.column ?? by}${direction}`;
  const where = conditions.length === 0 ? '' : ` where ${conditions.join(' and ')}`;
  const schema = /^\w+$/.test(database) ? database : `"${database}"`;
  return `npx meridian query ${shellWord(`select * from ${schema}.${entity.sql}${where}${order} limit ${SHOWN_ROWS}`)}`;
}

function conditionOf(column: string, property: Property | undefined, suffix: string, value: string): string {
  const literal = literalIn(property, value);
  switch (suffix) {
    case '.null':
      return `${column} is ${value === 'true' ? '' : 'not '}null`;
    case '.prefix':
      return `substr(${column}, 1, ${[...value].length}) = ${literal}`;
    default:
      return `${column} ${SQL_SIGNS[suffix] ?? '='} ${literal}`;
  }
}

/** A value as the column stores it. */
function literalIn(property: Property | undefined, value: string): string {
  const { kind, isInMilliseconds = false } = property ?? {};
  const time = isInMilliseconds ? Date.parse(value) : Number.NaN;
  if (!Number.isNaN(time)) {
    return String(time);
  }
  const isBare = (kind === 'whole' && WHOLE.test(value)) || (kind === 'boolean' && BOOLEAN.test(value));
  return isBare ? value : `'${value.replaceAll("'", "''")}'`;
}

const BOOLEAN = /^(?:true|false)$/;

const WHOLE = /^-?\d+$/;

/** Whether a text can be a value of a property, so that a database can compare both. */
function mayBe({ kind }: Property, text: string): boolean {
  switch (kind) {
    case 'whole':
      return WHOLE.test(text);
    case 'number':
      return /^-?\d+(?:\.\d+)?$/.test(text);
    case 'boolean':
      return BOOLEAN.test(text);
    case 'instant':
    case 'date':
      return /^\d{4}-\d\d-\d\d/.test(text);
    default:
      return true;
  }
}

const SQL_SIGNS: Readonly<Record<string, string>> = { '.gte': '>=', '.gt': '>', '.lte': '<=', '.lt': '<' };
