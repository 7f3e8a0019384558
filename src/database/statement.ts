/** Queries of entity tables that are built once and run with other values each time: building one takes longer than running it. */
import { type EntityManager, MikroKyselyPlugin } from '@mikro-orm/sql';
import type { CompiledQuery, Kysely, QueryResult } from 'kysely';
import { ENTITY_NAMES } from './entity-tables.ts';
import { runStatement } from './run-statement.ts';

/** Stands in a query for one of its values. */
class Placeholder {
  readonly index: number;

  constructor(index: number) {
    this.index = index;
  }
}

interface Built<Row> {
  readonly query: CompiledQuery<Row>;
  /** Names and converts the columns of a result. */
  readonly plugin: MikroKyselyPlugin;
}

/**
 * ```ts
 * import type { Kysely } from 'kysely';
 * import { type EntityManager, type EntityTables, statement } from 'meridian/databases';
 * import type { Stock } from 'meridian/shop';
 *
 * const findStock = statement((tables: Kysely<EntityTables<typeof Stock>>, productId: number) =>
 *   tables.selectFrom('Stock').selectAll().where('productId', '=', productId),
 * );
 *
 * export async function stockOf(em: EntityManager, productId: number) {
 *   const { rows } = await findStock(em, productId);
 *   return rows;
 * }
 * ```
 *
 * @param build is given a placeholder for each value: it passes them to Kysely as they are and makes no decision by them. Values are
 *   not converted: those of a custom type have to be given as their column holds them.
 * @returns runs the statement in the transaction of the EntityManager, or outside one if it has none
 */
export function statement<Tables, Values extends unknown[], Row>(
  build: (tables: Kysely<Tables>, ...values: Values) => { compile(): CompiledQuery<Row> },
): (em: EntityManager, ...values: Values) => Promise<QueryResult<Row>> {
  const count = build.length - 1;
  // engines write statements differently, and what they make of entities tells them apart
  const builtFor = new WeakMap<object, Built<Row>>();
  return async (em, ...values) => {
    const metadata = em.getMetadata();
    let built = builtFor.get(metadata);
    if (built === undefined) {
      const plugin = new MikroKyselyPlugin(em, ENTITY_NAMES);
      const naming = new MikroKyselyPlugin(em, { ...ENTITY_NAMES, convertValues: false });
      const placeholders = Array.from({ length: count }, (_, index) => new Placeholder(index)) as unknown as Values;
      built = {
        plugin,
        query: build((em.getKysely<unknown>() as Kysely<Tables>).withPlugin(naming), ...placeholders).compile(),
      };
      builtFor.set(metadata, built);
    }
    const { query, plugin } = built;
    const parameters = query.parameters.map((one) => (one instanceof Placeholder ? values[one.index] : one));
    const result = await runStatement<Row>(em, withParameters(query, parameters));
    return result.rows.length === 0
      ? result
      : ((await plugin.transformResult({
          result: result as QueryResult<never>,
          queryId: query.queryId,
        })) as QueryResult<Row>);
  };
}

/** The same statement with other values. */
export function withParameters<Row>(query: CompiledQuery<Row>, parameters: readonly unknown[]): CompiledQuery<Row> {
  return { ...query, parameters };
}
