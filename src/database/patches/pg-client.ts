/**
 * Three changes of the client of pg 8.23.0.
 *
 * - A connection whose login fails in the client, for example without a password, stays open and keeps the process running until the server
 *   closes it after a minute (https://github.com/brianc/node-postgres/issues/1927). It is closed here.
 * - pg prepares a statement once per connection only if it has a name (https://node-postgres.com/features/queries#prepared-statements), and
 *   the PostgreSQL dialect of Kysely 0.29.6 gives none. Statements marked by `keepStatement` get one here.
 * - pg leaves sending the rows of a `copy … from stdin` to a separate package (https://github.com/brianc/node-pg-copy-streams). Rows of
 *   `copyingRows` are sent here.
 */
import type { QueryResult } from 'pg';
import { Client } from '../postgresql/pg.ts';
import { takeCopiedRows } from './copied-rows.ts';
import { CopyQuery } from './copy-query.ts';
import { isKept } from './kept-statements.ts';

/** Text of a statement -> its name on every connection. */
const names = new Map<string, string>();

function nameOf(text: string): string {
  const known = names.get(text);
  if (known !== undefined) {
    return known;
  }
  const name = `meridian_${names.size + 1}`;
  names.set(text, name);
  return name;
}

export class PatchedClient extends Client {
  override connect(): Promise<this>;
  override connect(callback: (error: Error) => void): void;
  override connect(callback?: (error: Error) => void): Promise<this> | undefined {
    if (callback === undefined) {
      return super.connect() as Promise<this>;
    }
    super.connect((error: Error | null) => {
      if (error) {
        void this.end();
      }
      callback(error as Error);
    });
    return undefined;
  }

  override query(...given: unknown[]): never {
    const [text, values] = given;
    const rows = Array.isArray(values) ? takeCopiedRows(values) : undefined;
    if (rows !== undefined) {
      return this.#copy(text as string, rows) as never;
    }
    const isNamed = given.length === 2 && typeof text === 'string' && Array.isArray(values) && isKept(values);
    const query = super.query as (...given: unknown[]) => never;
    return isNamed ? query.call(this, { name: nameOf(text), text, values }) : query.apply(this, given);
  }

  /**
   * @param text the `copy` statements, perhaps among others
   * @returns the result of an insert, since Kysely counts the rows of these only
   */
  #copy(text: string, rows: readonly string[]): Promise<QueryResult> {
    const { promise, resolve, reject } = Promise.withResolvers<QueryResult>();
    const query = new CopyQuery(text, rows, (error, results) => {
      if (error) {
        reject(error);
      } else {
        const copies = [results].flat().filter(({ command }) => command === 'COPY');
        const rowCount = copies.reduce((sum, copy) => sum + (copy.rowCount ?? 0), 0);
        resolve({ ...(copies[0] as QueryResult), rowCount, command: 'INSERT' });
      }
    });
    (super.query as (query: CopyQuery) => unknown).call(this, query);
    return promise;
  }
}
