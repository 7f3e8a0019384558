/** Runs compiled statements, synchronously if their connection supports it: Kysely queues each one, which takes longer than SQLite does. */
import type { Connection } from '@mikro-orm/core';
import type { EntityManager } from '@mikro-orm/sql';
import type { CompiledQuery, ControlledTransaction, QueryResult } from 'kysely';
import { keepStatement } from './patches/kept-statements.ts';

/** A connection of an engine that runs inside this process. */
export interface DirectConnection extends Connection {
  /**
   * @param isInTransaction whether the statement belongs to the open transaction
   * @returns `undefined` if the statement has to wait: another transaction is open, or another process holds a lock
   */
  runAtOnce<Row>(query: CompiledQuery<Row>, isInTransaction: boolean): QueryResult<Row> | undefined;
  /**
   * Runs statements of the open transaction in order.
   *
   * @returns all results; `undefined`, without any effect, if the statements have to wait
   */
  runAllAtOnce<Row>(queries: readonly CompiledQuery<Row>[]): QueryResult<Row>[] | undefined;
  /**
   * Reads one row outside a transaction.
   *
   * @param query the same object for each call
   * @returns `undefined` if the statement has to wait
   */
  readRowAtOnce<Row>(
    query: CompiledQuery<Row>,
    parameters: readonly unknown[],
  ): { readonly row: Row | undefined } | undefined;
}

/**
 * @param query a repeated statement, perhaps with other parameters, unless `isRepeated` is false
 * @throws the driver's error
 */
export async function runStatement<Row>(
  em: EntityManager,
  query: CompiledQuery<Row>,
  isRepeated = true,
): Promise<QueryResult<Row>> {
  const result = runStatementAtOnce(em, query);
  if (result !== undefined) {
    return result;
  }
  if (isRepeated) {
    keepStatement(query.parameters);
  }
  return em.getKysely<unknown>().executeQuery(query);
}

/** @returns `undefined` if the statement has to wait, or the connection is to a server @throws the driver's error */
function runStatementAtOnce<Row>(em: EntityManager, query: CompiledQuery<Row>): QueryResult<Row> | undefined {
  const connection = em.getConnection();
  if (!isDirect(connection)) {
    return undefined;
  }
  const transaction = transactionOf(em);
  return isOver(transaction) ? undefined : connection.runAtOnce(query, transaction !== undefined);
}

/**
 * Runs statements in order. The effects of those before a failed one remain.
 *
 * @returns `undefined` if they have to wait, are not in a transaction, or the connection is to a server @throws the driver's error
 */
export function runAllAtOnce<Row>(
  em: EntityManager,
  queries: readonly CompiledQuery<Row>[],
): QueryResult<Row>[] | undefined {
  const connection = em.getConnection();
  const transaction = transactionOf(em);
  return isDirect(connection) && transaction !== undefined && !isOver(transaction)
    ? connection.runAllAtOnce(queries)
    : undefined;
}

function transactionOf(em: EntityManager): ControlledTransaction<unknown> | undefined {
  return em.getTransactionContext();
}

function isOver(transaction: ControlledTransaction<unknown> | undefined): boolean {
  return transaction !== undefined && (transaction.isCommitted || transaction.isRolledBack);
}

/**
 * @param em an EntityManager without a transaction
 * @param query a query of one row, the same object for each call
 * @returns `undefined` if the statement has to wait, or the connection is to a server @throws the driver's error
 */
export function readRowAtOnce<Row>(
  em: EntityManager,
  query: CompiledQuery<Row>,
  parameters: readonly unknown[],
): { readonly row: Row | undefined } | undefined {
  const connection = em.getConnection();
  return isDirect(connection) ? connection.readRowAtOnce(query, parameters) : undefined;
}

function isDirect(connection: Connection): connection is DirectConnection {
  return 'runAtOnce' in connection;
}
