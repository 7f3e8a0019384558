/** Statements of Kysely's that are built once and run with other values each time, for building one takes longer than running it. */
import type { EntityManager } from '@mikro-orm/sql';
import type { CompiledQuery, Kysely, QueryResult } from 'kysely';
import { keepStatement } from './kept-statements.ts';

/** Stands in a statement where a value goes. */
class Place {
  readonly index: number;

  constructor(index: number) {
    this.index = index;
  }
}

/**
 * ```ts
 * const findStock = statement((tables: Kysely<Tables>, productId: number) =>
 *   tables.selectFrom('stock').selectAll().where('product_id', '=', productId));
 * const { rows } = await findStock(em, 7);
 * ```
 *
 * @param build is given a stand-in for each value, so it must hand them to Kysely as they are and decide nothing by them
 * @returns runs the statement in the transaction of the EntityManager, or outside one if it has none
 */
export function statement<Tables, Values extends unknown[], Row>(
  build: (tables: Kysely<Tables>, ...values: Values) => { compile(): CompiledQuery<Row> },
): (em: EntityManager, ...values: Values) => Promise<QueryResult<Row>> {
  const count = build.length - 1;
  // engines write statements differently
  const built = new WeakMap<object, CompiledQuery<Row>>();
  return (em, ...values) => {
    const kysely = em.getKysely<unknown>() as Kysely<Tables>;
    const platform = em.getPlatform();
    let query = built.get(platform);
    if (query === undefined) {
      const places = Array.from({ length: count }, (_, index) => new Place(index));
      query = build(kysely, ...(places as unknown as Values)).compile();
      built.set(platform, query);
    }
    const parameters = query.parameters.map((one) => (one instanceof Place ? values[one.index] : one));
    return kysely.executeQuery<Row>(withParameters(query, keepStatement(parameters)));
  };
}

/** The statement with other values; what it says has been made and is not made again. */
export function withParameters<Row>(query: CompiledQuery<Row>, parameters: readonly unknown[]): CompiledQuery<Row> {
  return { ...query, parameters };
}
