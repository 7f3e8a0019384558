/** DuckDB's `COPY` through its sqlite extension, of the three files one after the other. */
import { dirname, join } from 'node:path';
import type { Contestant } from '../contestant.ts';
import { DATABASES } from '../places.ts';
import { python, pythonUnavailable } from '../python.ts';
import { countSqlite } from '../sqlite.ts';

const COLUMNS: Readonly<Record<string, string>> = {
  users: 'id, name, email',
  products: 'id, sku, name, price_cents',
  orders: 'id, user_id, product_id, quantity',
};

export const duckdb: Contestant = {
  name: 'duckdb',
  title: 'DuckDB COPY',
  validates: false,
  isOrm: false,
  unavailable: pythonUnavailable,
  steps: ({ files, schemas }) => [
    {
      command: python,
      args: [
        join(import.meta.dirname, 'copy_by_duckdb.py'),
        ...DATABASES.flatMap((database) => [
          database,
          // it rounds a decimal for a column of whole numbers
          database === 'products' ? inCents(files[database] as string) : (files[database] as string),
          COLUMNS[database] as string,
          schemas[database] as string,
        ]),
      ],
    },
  ],
  count: countSqlite,
};

function inCents(products: string): string {
  return join(dirname(products), 'cents', 'products.csv');
}
