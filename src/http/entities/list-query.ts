/** Reads the query of a list: `?filter.userId=5&filter.id.gte=100&sort=-id&limit=50&after=…&total=true&expand=userId`. */
import type { Comparison, Condition, Selection } from '../../database/row-page.ts';
import type { PropertyShape } from '../../populate/record/shape.ts';
import { shown } from '../../shared/text/visible.ts';
import { Problem } from '../problem.ts';
import { wholeProperties } from './json-texts.ts';
import type { Resource } from './resource.ts';

export interface ListQuery extends Selection {
  /** The property to sort by, before the primary key. */
  readonly sort: string | undefined;
  readonly isDescending: boolean;
  readonly limit: number;
  readonly after: string | undefined;
  readonly hasTotal: boolean;
  readonly expand: readonly string[];
}

export const DEFAULT_LIMIT = 50;
export const MAX_LIMIT = 1000;

/** More conditions than any index serves. */
const MAX_CONDITIONS = 20;

/** Comparison suffix of a filter's name -> SQL operator. Without a suffix, it is `eq`. */
export const COMPARISONS: Readonly<Record<string, Comparison>> = { eq: '=', lt: '<', lte: '<=', gt: '>', gte: '>=' };

/** The comparison that only text properties have. */
export const PREFIX = 'prefix';

const FILTER = 'filter.';

type Given = Readonly<Record<string, unknown>>;

/** @throws Problem 400 for an unknown or unindexed property, or an invalid value */
export function readListQuery(resource: Resource, given: Given): ListQuery {
  const conditions: Condition[] = [];
  const nulls: Record<string, boolean> = {};
  const others: Record<string, string> = {};
  for (const [name, value] of Object.entries(given)) {
    if (typeof value !== 'string') {
      throw refused(`The query parameter ${shown(name)} is given more than once. Keep one.`);
    }
    if (name.startsWith(FILTER)) {
      readFilter(resource, name, value, conditions, nulls);
    } else {
      others[name] = value;
    }
  }
  if (conditions.length > MAX_CONDITIONS) {
    throw refused(`A list takes up to ${MAX_CONDITIONS} filters.`);
  }
  return { conditions, nulls, ...readOthers(resource, others) };
}

function readOthers(resource: Resource, others: Readonly<Record<string, string>>): Omit<ListQuery, keyof Selection> {
  const { sort, limit, after, total = 'false', expand, ...unknown } = others;
  const [wrong] = Object.keys(unknown);
  if (wrong !== undefined) {
    throw refused(
      `There is no query parameter "${shown(wrong)}". There are sort, limit, after, total, expand, and filter.<property>.`,
    );
  }
  if (total !== 'true' && total !== 'false') {
    throw refused(`total is "${shown(total)}". Write true or false.`);
  }
  const isDescending = sort?.startsWith('-') ?? false;
  const label = sort?.replace(/^-/, '');
  return {
    sort: label === undefined ? undefined : indexedAt(resource, label, 'sort').name,
    isDescending,
    limit: readLimit(limit),
    after,
    hasTotal: total === 'true',
    expand: readExpand(resource, expand),
  };
}

function readLimit(text: string | undefined): number {
  const limit = text === undefined ? DEFAULT_LIMIT : /^\d{1,6}$/.test(text) ? Number(text) : 0;
  if (limit < 1 || limit > MAX_LIMIT) {
    throw refused(`limit is "${shown(text ?? '')}". Write a whole number from 1 to ${MAX_LIMIT}.`);
  }
  return limit;
}

/** @throws Problem 400 for a property that is not a reference */
export function readExpand({ expandable }: Resource, text: string | undefined): readonly string[] {
  return readNames('expand', text, 'reference to another database', () => expandable);
}

/** @throws Problem 400 for a property whose values are not merged by merge patches */
export function readReplace(resource: Resource, text: string | undefined): readonly string[] {
  return readNames('replace', text, 'property of JSON', () => wholeProperties(resource));
}

/** @param what the noun for such a name, for messages */
function readNames(
  parameter: string,
  text: string | undefined,
  what: string,
  namesOf: () => readonly string[],
): readonly string[] {
  if (text === undefined) {
    return [];
  }
  const known = namesOf();
  const wanted = [...new Set(text.split(',').filter((name) => name !== ''))];
  const wrong = wanted.find((name) => !known.includes(name));
  if (wrong !== undefined) {
    const advice = known.length === 0 ? 'The entity has none.' : `There are ${known.join(', ')}.`;
    throw refused(`${parameter}: "${shown(wrong)}" is no ${what}. ${advice}`);
  }
  return wanted;
}

function readFilter(
  resource: Resource,
  name: string,
  text: string,
  conditions: Condition[],
  nulls: Record<string, boolean>,
): void {
  const { property, comparison } = filterNamed(resource, name.slice(FILTER.length));
  if (comparison === 'null') {
    if (text !== 'true' && text !== 'false') {
      throw refused(`${name} is "${shown(text)}". Write true or false.`);
    }
    nulls[property.name] = text === 'true';
    return;
  }
  if (comparison === PREFIX) {
    if (!isUsable(text)) {
      throw refused(`${name} is "${shown(text)}". Write what ${property.label} begins with.`);
    }
    conditions.push({ property: property.name, comparison: PREFIX, value: text });
    return;
  }
  const trimmed = text.trim();
  const value = isUsable(trimmed) ? property.coerce.from(trimmed) : undefined;
  if (value === undefined || property.problem?.(value) !== undefined) {
    throw refused(`${name} is "${shown(text)}", and ${property.label} is ${property.coerce.expected}.`);
  }
  conditions.push({ property: property.name, comparison: COMPARISONS[comparison] ?? '=', value });
}

function isUsable(text: string): boolean {
  return text !== '' && !text.includes('\0') && text.isWellFormed();
}

/** Parses `userId` or `id.gte`. The path of a property may contain a full stop, and end like a comparison: `phone.prefix`. */
function filterNamed(
  resource: Resource,
  name: string,
): { readonly property: PropertyShape; readonly comparison: string } {
  const [, before = name, last = ''] = /^(.*)\.([a-z]+)$/.exec(name) ?? [];
  const isPath = resource.shape.stored.some(({ label }) => label === name);
  const isComparison = !isPath && (last === 'null' || last === PREFIX || Object.hasOwn(COMPARISONS, last));
  const wanted = isComparison ? before : name;
  const property = indexedAt(resource, wanted, 'filter');
  if (isComparison && last === PREFIX && !resource.prefixed.includes(property.name)) {
    throw refused(`filter: "${shown(wanted)}" is not text, which .${PREFIX} is for.`);
  }
  return { property, comparison: isComparison ? last : 'eq' };
}

/** @param label the path of the property in the JSON of a row: `address.street` */
function indexedAt({ indexed, shape }: Resource, label: string, what: string): PropertyShape {
  const properties = shape.stored.filter(({ name }) => indexed.includes(name));
  const found = properties.find((one) => one.label === label);
  if (found === undefined) {
    const labels = properties.map((one) => one.label);
    throw refused(
      `${what}: "${shown(label)}" is not an indexed property of ${shape.noun}. Those are ${labels.join(', ')}; a filter may end with .${[...Object.keys(COMPARISONS), PREFIX, 'null'].join(', .')}.`,
    );
  }
  return found;
}

function refused(detail: string): Problem {
  return new Problem(400, 'usage', detail);
}
