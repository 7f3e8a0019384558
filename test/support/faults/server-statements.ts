/** Sees every statement that this process sends to PostgreSQL, as `statements.ts` does those that it has SQLite run. */
import pg from 'pg';
import { watchedLater } from './statements.ts';

type Query = (...given: unknown[]) => unknown;

const prototype = pg.Client.prototype as unknown as { query: Query };
const { query } = prototype;

prototype.query = function (this: unknown, ...given: unknown[]) {
  const [asked] = given;
  // one that is kept prepared comes with its name
  const text = typeof asked === 'string' ? asked : (asked as { text?: unknown } | undefined)?.text;
  // with a callback, it is the pool that asks
  return typeof text === 'string' && typeof given.at(-1) !== 'function'
    ? watchedLater(text, () => query.apply(this, given) as Promise<unknown>)
    : query.apply(this, given);
};
