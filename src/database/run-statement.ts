/** Runs compiled statements, at once where their connection can: Kysely queues each one, and takes longer over it than SQLite does. */
import type { Connection } from '@mikro-orm/core';
import type { EntityManager } from '@mikro-orm/sql';
import type { CompiledQuery, ControlledTransaction, QueryResult } from 'kysely';
import { keepStatement } from './patches/kept-statements.ts';

/** A connection in this process. */
export interface DirectConnection extends Connection {
  /**
   * @param isInTransaction whether it is a statement of the transaction that is open
   * @returns `undefined` where the statement has to wait its turn: another transaction is open, or another process has a lock
   */
  runAtOnce<Row>(query: CompiledQuery<Row>, isInTransaction: boolean): QueryResult<Row> | undefined;
  /**
   * Runs statements of the transaction that is open, one after the other.
   *
   * @returns the results of all; `undefined`, and nothing was done, where they have to wait
   */
  runAllAtOnce<Row>(queries: readonly CompiledQuery<Row>[]): QueryResult<Row>[] | undefined;
  /**
   * Reads one row outside a transaction.
   *
   * @param query the same object each time
   * @returns `undefined` where the statement has to wait its turn
   */
  readRowAtOnce<Row>(
    query: CompiledQuery<Row>,
    parameters: readonly unknown[],
  ): { readonly row: Row | undefined } | undefined;
}

/**
 * @param query the same statement as before, perhaps with other parameters, unless `isRepeated` is false
 * @throws the error of the driver
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

/** @returns `undefined` where the statement has to wait, or its connection is to a server @throws the error of the driver */
function runStatementAtOnce<Row>(em: EntityManager, query: CompiledQuery<Row>): QueryResult<Row> | undefined {
  const connection = em.getConnection();
  if (!isDirect(connection)) {
    return undefined;
  }
  const transaction = transactionOf(em);
  return isOver(transaction) ? undefined : connection.runAtOnce(query, transaction !== undefined);
}

/**
 * Runs statements one after the other. One that fails leaves what those before it have done.
 *
 * @returns `undefined` where they have to wait, are in no transaction, or their connection is to a server @throws the error of the driver
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
 * @param em that is in no transaction
 * @param query of one row, the same object each time
 * @returns `undefined` where the statement has to wait, or its connection is to a server @throws the error of the driver
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
