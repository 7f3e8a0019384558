/** Candidate texts for the values of a property, the likeliest first. The rules of the entity decide which are valid. */
import type { EntityMetadata, EntityProperty } from '@mikro-orm/core';
import { getMetadataStorage } from 'class-validator';
import { type ColumnType, columnTypeOf } from '../../database/column-types.ts';
import { matchingText } from './matching-text.ts';

const NAMES = ['Ada', 'Ben', 'Chloe', 'Dan', 'Eve'];
const CITIES = ['Lisbon', 'Oslo', 'Quito', 'Rome', 'Tokyo'];
const COUNTRIES = ['France', 'Norway', 'Peru', 'Italy', 'Japan'];

/** Pattern of property names -> candidate. */
const HINTS: readonly (readonly [RegExp, (number: number) => string])[] = [
  [/e-?mail/i, (number) => `${at(NAMES, number).toLowerCase()}@example.com`],
  [/url|site|link|home-?page/i, (number) => `https://example.com/${number}`],
  [/phone|mobile/i, (number) => `+1415555010${number}`],
  [/country/i, (number) => at(COUNTRIES, number)],
  [/city|town|place/i, (number) => at(CITIES, number)],
  [/currency/i, (number) => at(['EUR', 'NOK', 'PEN'], number)],
  [/name|title|label/i, (number) => at(NAMES, number)],
  [/code|sku/i, (number) => `A${number}`],
];

const TEXTS: readonly ((number: number) => string)[] = [
  (number) => `Sample ${number}`,
  (number) => `sample${number}`,
  (number) => `${at(NAMES, number).toLowerCase()}@example.com`,
  (number) => at(['FR', 'NO', 'PE'], number),
  (number) => at(['FRA', 'NOR', 'PER'], number),
  (number) => at(['en', 'no', 'es'], number),
  (number) => `https://example.com/${number}`,
  (number) => `+1415555010${number}`,
  uuid,
  (number) => String(number),
  (number) => `1000${number}`,
  (number) => `2026-01-0${number}`,
  (number) => `2026-01-0${number}T08:00:00Z`,
  (number) => '#a0b0c0'.slice(0, -1) + number,
  (number) => `192.0.2.${number}`,
  (number) => at(['a', 'b', 'c'], number),
  (number) => at(['A', 'B', 'C'], number),
  (number) => `a-longer-sample-text-with-the-number-${number}`,
];

/** Type name of PostgreSQL -> candidates. For other types, any text is used, which the database may refuse. */
const OTHERS: Readonly<Record<string, (number: number) => readonly string[]>> = {
  inet: (number) => [`192.0.2.${number}`],
  cidr: (number) => [`192.0.${number}.0/24`],
  macaddr: (number) => [`00:00:5e:00:53:0${number}`],
  interval: (number) => [`0${number}:00:00`],
  money: (number) => [`${number}.50`],
  point: (number) => [`(${number},${number})`],
  xml: (number) => [`<sample>${number}</sample>`],
};

/** Properties that are set only on unused rows, and therefore empty in samples. */
const OF_UNUSED = /^(?:deleted|removed|archived|cancel{1,2}ed|disabled|revoked|expired)(?:_?(?:at|on|by))?$/i;

const WHOLES = [
  (number: number) => number,
  (number: number) => number * 10,
  (number: number) => 20 + number,
  (number: number) => 1000 + number,
  () => 0,
  (number: number) => -number,
];

/** @param number the record number, from 1 */
export function candidatesFor(meta: EntityMetadata, property: EntityProperty, number: number): string[] {
  const unset = property.nullable === true && OF_UNUSED.test(property.name) ? [''] : [];
  const listed = [...listedIn(property), ...ofRules(meta, property, number)];
  const distinct = listed.length > 1 ? [...listed.slice((number - 1) % listed.length), ...listed] : listed;
  return [...new Set([...unset, ...distinct, ...ofType(columnTypeOf(meta, property), property, number)])];
}

function ofType(type: ColumnType, property: EntityProperty, number: number): string[] {
  switch (type.kind) {
    case 'whole':
      return WHOLES.map((make) => String(make(number)));
    case 'decimal':
    case 'float':
      return [`${number * 10}.50`, `${number}.5`, String(number), `0.${number}`, '0'];
    case 'boolean':
      return [number % 2 === 1 ? 'true' : 'false', 'true', 'false'];
    case 'uuid':
      return [uuid(number)];
    case 'date':
      return [`2026-01-0${number}`];
    case 'instant':
      return [`2026-01-0${number}T08:00:00Z`, `2036-01-0${number}T08:00:00Z`];
    case 'time':
      return [`08:0${number}:00`];
    case 'json':
      return ['{}', '[]', `{"number":${number}}`];
    case 'bytes':
      return ['AQID', 'AQI='];
    case 'array':
      return ['[]', JSON.stringify([number]), JSON.stringify([`sample${number}`])];
    case 'other':
      return [...(OTHERS[type.name]?.(number) ?? []), ...textsFor(property, number)];
    default:
      return textsFor(property, number);
  }
}

function textsFor({ name }: EntityProperty, number: number): string[] {
  const hints = HINTS.filter(([pattern]) => pattern.test(name)).map(([, make]) => make(number));
  return [...hints, ...TEXTS.map((make) => make(number))];
}

/** The values of an enum. */
function listedIn({ items = [] }: EntityProperty): string[] {
  return items.map(String);
}

/** Candidates from the rules `IsIn` and `Matches`. */
function ofRules({ class: entity }: EntityMetadata, { name }: EntityProperty, number: number): string[] {
  if (typeof entity !== 'function') {
    return [];
  }
  const rules = getMetadataStorage().getTargetValidationMetadatas(entity, '', false, false);
  return rules
    .filter(({ propertyName }) => propertyName === name)
    .flatMap(({ name: rule, constraints: [first] = [] }): string[] => {
      switch (rule) {
        case 'isIn':
          return Array.isArray(first) ? first.map(String) : [];
        case 'isEnum':
          return Object.values(first as object).map(String);
        case 'matches':
          return [first instanceof RegExp ? (matchingText(first, number) ?? []) : []].flat();
        case 'min':
        case 'max':
          return [String(first)];
        default:
          return [];
      }
    });
}

function uuid(number: number): string {
  return `00000000-0000-4000-8000-${String(number).padStart(12, '0')}`;
}

function at(texts: readonly string[], number: number): string {
  return texts[(number - 1) % texts.length] ?? '';
}
