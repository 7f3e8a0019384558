/** Transactions that meet a fault, or another's work, on their way, on any engine: the next one, then all is well again. */
import type { Database } from '../../src/database/database.ts';
import type { Region } from '../../src/shop/trading/region.ts';

/** What each engine throws when the same transaction may well succeed when it is tried again. */
const PASSING = {
  sqlite: () => Object.assign(new Error('database is locked'), { code: 'SQLITE_BUSY' }),
  postgresql: () => Object.assign(new Error('Connection terminated unexpectedly'), { code: 'ECONNRESET' }),
} as const;

/** The next transaction is committed, and its caller gets the error that the connection was lost. */
export function loseNextAcknowledgement(region: Region, between: () => Promise<unknown> = async () => undefined): void {
  meetOnce(region, async (transaction) => {
    await transaction();
    await between();
  });
}

/** The next transaction is rolled back, because the connection was lost before its commit. */
export function loseNextTransaction(region: Region, between: () => Promise<unknown> = async () => undefined): void {
  meetOnce(region, between);
}

/** @param fault is given the transaction, and runs it or not; then the error is thrown */
function meetOnce({ database }: Region, fault: (transaction: () => Promise<unknown>) => Promise<unknown>): void {
  const { transaction } = database;
  database.transaction = async (work) => {
    database.transaction = transaction;
    await fault(() => transaction.call(database, work));
    throw PASSING[database.location.engine]();
  };
}

/** The next transaction of an EntityManager is committed, and its caller gets the error that the connection was lost. */
export function loseNextAcknowledgementIn(database: Database): void {
  aroundNextTransaction(database, async (transaction) => {
    await transaction();
    throw PASSING[database.location.engine]();
  });
}

/** @param around is given the next transaction of an EntityManager, to run it when it likes */
export function aroundNextTransaction(
  database: Database,
  around: <T>(transaction: () => Promise<T>) => Promise<T>,
): void {
  const { fork } = database;
  database.fork = () => {
    const em = fork.call(database);
    const transactional = em.transactional.bind(em);
    em.transactional = (...given) => {
      database.fork = fork;
      return around(() => transactional(...given));
    };
    return em;
  };
}
