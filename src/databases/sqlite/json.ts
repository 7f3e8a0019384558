/** How SQLite looks into JSON: it unfolds an object or a list into rows of key, type and value (https://www.sqlite.org/json1.html). */
import { type RawBuilder, sql } from 'kysely';
import type { JsonDialect, JsonTest } from '../json.ts';

export const sqliteJson: JsonDialect = {
  matches(column, path, test) {
    const [first = '', ...others] = path;
    let rows = sql`json_each(${sql.ref(column)}) as at0`;
    let where = sql`at0.key = ${first}`;
    for (const [index, name] of others.entries()) {
      const [before, within, at] = [`at${index}`, `within${index + 1}`, `at${index + 1}`].map((one) => sql.raw(one));
      rows = sql`${rows}
        join json_each(case ${before}.type when 'array' then ${before}.value
          when 'object' then json_array(json(${before}.value)) else '[]' end) as ${within}
        join json_each(case ${within}.type when 'object' then ${within}.value else '{}' end) as ${at}`;
      where = sql`${where} and ${at}.key = ${name}`;
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
      // read by what reads the document, so that equal numbers stay equal
      return sql`(${at}.type in ('integer', 'real') and ${at}.value ${operator} json_extract(${JSON.stringify(value)}, '$'))`;
    default:
      // true, false and null are types of their own
      return sql`(${at}.type = ${String(value)})`;
  }
}
