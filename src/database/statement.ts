/** Queries of entity tables that are built once and run with different values: building a query takes longer than running it. */
import { type EntityManager, MikroKyselyPlugin } from '@mikro-orm/sql';
import type { CompiledQuery, Kysely, QueryResult } from 'kysely';
import { ENTITY_NAMES } from './entity-tables.ts';
import { runStatement } from './run-statement.ts';

/** Represents a value in a query. */
class Placeholder {
  readonly index: number;

  constructor(index: number) {
    this.index = index;
  }
}

interface Built<Row> {
  readonly query: CompiledQuery<Row>;
  /** Renames and converts the columns of a result. */
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
 * @param build gets a placeholder for each value, which it passes to Kysely unchanged and must not branch on. Values are not converted:
 *   those with a custom type have to be given in the form that the column holds.
 * @returns a function that runs the statement in the transaction of the EntityManager, if there is one
 */
export function statement<Tables, Values extends unknown[], Row>(
  build: (tables: Kysely<Tables>, ...values: Values) => { compile(): CompiledQuery<Row> },
): (em: EntityManager, ...values: Values) => Promise<QueryResult<Row>> {
  const count = build.length - 1;
  // keyed by metadata, which differs between engines, as their SQL does
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

/** The same statement with other parameters. */
export function withParameters<Row>(query: CompiledQuery<Row>, parameters: readonly unknown[]): CompiledQuery<Row> {
  return { ...query, parameters };
}
