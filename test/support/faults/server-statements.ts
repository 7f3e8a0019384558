/** Sees every statement that this process sends to PostgreSQL, as `statements.ts` does those that it has SQLite run. */
import pg from 'pg';
import { watchedLater } from './statements.ts';

type Query = (...given: unknown[]) => unknown;

/** A query that is already made calls back when it is over. */
interface Submitted {
  readonly text?: unknown;
  submit?: unknown;
  callback?: (error: unknown, result?: unknown) => void;
}

/** Of the process, as the client is: each test file that runs in it has a module of its own. */
const WATCHED = Symbol.for('meridian.watched-client');

interface Client {
  readonly database?: string;
  query: Query;
}

function watchClient(prototype: Client): void {
  const { query } = prototype;
  prototype.query = function (this: Client, ...given: unknown[]) {
    const [asked] = given as [string | Submitted | undefined];
    const { database = '' } = this;
    // one that is kept prepared comes with its name
    const text = typeof asked === 'string' ? asked : asked?.text;
    // with a callback, it is the pool that asks
    if (typeof text !== 'string' || typeof given.at(-1) === 'function') {
      return query.apply(this, given);
    }
    if (typeof asked === 'object' && typeof asked.submit === 'function') {
      return watchedCallback(database, text, asked, () => query.apply(this, given));
    }
    return watchedLater(database, text, () => query.apply(this, given) as Promise<unknown>);
  };
}

if (!Reflect.has(pg.Client, WATCHED)) {
  Reflect.set(pg.Client, WATCHED, true);
  watchClient(pg.Client.prototype as unknown as Client);
}

function watchedCallback(database: string, text: string, asked: Submitted, run: () => unknown): Submitted {
  const callback = asked.callback as NonNullable<Submitted['callback']>;
  const done = () => {
    const { promise, resolve, reject } = Promise.withResolvers();
    asked.callback = (error, result) => (error ? reject(error) : resolve(result));
    run();
    return promise;
  };
  watchedLater(database, text, done).then((result) => callback(undefined, result), callback);
  return asked;
}
