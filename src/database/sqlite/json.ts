/** JSON conditions for SQLite, whose json_each returns a row with key, type and value per element (https://www.sqlite.org/json1.html). */
import { type RawBuilder, sql } from 'kysely';
import type { JsonDialect, JsonTest } from '../json.ts';

export const sqliteJson: JsonDialect = {
  matches(column, path, test) {
    const [first = '', ...others] = path;
    if (others.length === 0) {
      return sql<boolean>`exists (select 1 from json_each(${sql.ref(column)}) as at0 where at0.key = ${first} and ${tested('at0', test)})`;
    }
    // the first name takes no table of its own: the deepest supported path then takes 64 tables, SQLite's limit for a join
    const place = `$.${JSON.stringify(first)}`;
    let [type, value] = [sql`json_type(${sql.ref(column)}, ${place})`, sql`json_extract(${sql.ref(column)}, ${place})`];
    let rows = sql``;
    let where = sql`true`;
    for (const [index, name] of others.entries()) {
      const [within, at] = [`within${index + 1}`, `at${index + 1}`].map((one) => sql.raw(one));
      rows = sql`${rows} ${sql.raw(index === 0 ? '' : 'join')} json_each(case ${type} when 'array' then ${value}
          when 'object' then json_array(json(${value})) else '[]' end) as ${within}
        join json_each(case ${within}.type when 'object' then ${within}.value else '{}' end) as ${at}`;
      where = sql`${where} and ${at}.key = ${name}`;
      [type, value] = [sql`${at}.type`, sql`${at}.value`];
    }
    return sql<boolean>`exists (select 1 from ${rows} where ${where} and ${tested(`at${others.length}`, test)})`;
  },
  text: (column) => sql`${sql.ref(column)}`,
};

function tested(alias: string, test: JsonTest): RawBuilder<boolean> {
  if (test.kind === 'exists') {
    return sql`true`;
  }
  const at = sql.raw(alias);
  return sql`(${compared(alias, test)} or (${at}.type = 'array'
    and exists (select 1 from json_each(case ${at}.type when 'array' then ${at}.value else '[]' end) as element
      where ${compared('element', test)})))`;
}

function compared(alias: string, { comparison, value }: JsonTest & { kind: 'compare' }): RawBuilder<boolean> {
  const at = sql.raw(alias);
  const operator = sql.raw(comparison);
  switch (typeof value) {
    case 'string':
      return sql`(${at}.type = 'text' and ${at}.value ${operator} ${value})`;
    case 'number':
      // parsed like the document, so that equal numbers stay equal
      return sql`(${at}.type in ('integer', 'real') and ${at}.value ${operator} json_extract(${JSON.stringify(value)}, '$'))`;
    default:
      // true, false and null are types of their own
      return sql`(${at}.type = ${String(value)})`;
  }
}
