/** What a program of a peer is given on its command line, and how it is run. */
import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import process from 'node:process';

export interface Job {
  /** Path of the database that is to be made. */
  readonly database: string;
  /** Path of the CSV file. */
  readonly file: string;
  /** The SQL that makes the table and its indexes. */
  readonly schema: string;
}

/** Prepares a connection as Meridian does, so that what is committed is as safe. */
export const PRAGMAS = ['journal_mode = wal', 'synchronous = full'];

/**
 * `node <program> <folder of the CSV files> <folder of the schemas>`: the job of each database, to be made in the
 * working directory.
 */
export function jobs(): Readonly<Record<'users' | 'products' | 'orders', Job>> {
  const [files, schemas] = process.argv.slice(2);
  if (files === undefined || schemas === undefined) {
    throw new Error('Give the folder of the CSV files and the folder of the schemas.');
  }
  const job = (name: string): Job => ({
    database: resolve(`${name}.db`),
    file: join(files, `${name}.csv`),
    schema: readFileSync(join(schemas, `${name}.sql`), 'utf8'),
  });
  return { users: job('users'), products: job('products'), orders: job('orders') };
}
