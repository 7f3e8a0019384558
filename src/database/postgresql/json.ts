/** JSON conditions for PostgreSQL: a subquery with one row per value at the path. */
import { type RawBuilder, sql } from 'kysely';
import type { JsonDialect, JsonTest } from '../json.ts';

/** The elements of a list; any other value as its only element. */
const elements = (value: RawBuilder<unknown>) =>
  sql`jsonb_array_elements(case jsonb_typeof(${value}) when 'array' then ${value} else jsonb_build_array(${value}) end)`;

export const postgresqlJson: JsonDialect = {
  matches(column, path, test) {
    const document = sql`${sql.ref(column)}`;
    const [first = '', ...others] = path;
    let rows = sql`(select ${document} -> ${first}::text as value where jsonb_exists(${document}, ${first}::text)) as at0`;
    for (const [index, name] of others.entries()) {
      const [before, at] = [sql.raw(`at${index}.value`), sql.raw(`at${index + 1}`)];
      rows = sql`${rows} cross join lateral (
        select element -> ${name}::text as value from ${elements(before)} as element
        where jsonb_typeof(element) = 'object' and jsonb_exists(element, ${name}::text)) as ${at}`;
    }
    const last = sql.raw(`at${others.length}.value`);
    return test.kind === 'exists'
      ? sql`exists (select 1 from ${rows})`
      : sql`exists (select 1 from ${rows} cross join lateral ${elements(last)} as tested where ${compared(test)})`;
  },
  text: (column) => sql`${sql.ref(column)}::text`,
};

/** The `case` keeps the server from casting other values to numbers. */
function compared({ comparison, value }: JsonTest & { kind: 'compare' }): RawBuilder<boolean> {
  const operator = sql.raw(comparison);
  switch (typeof value) {
    case 'string':
      return sql`case jsonb_typeof(tested) when 'string' then (tested #>> '{}') collate "C" ${operator} ${value} else false end`;
    case 'number':
      return sql`case jsonb_typeof(tested) when 'number' then tested::numeric ${operator} ${JSON.stringify(value)}::numeric else false end`;
    default:
      return sql`tested = ${JSON.stringify(value)}::jsonb`;
  }
}
