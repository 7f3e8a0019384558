/** `sqlite-utils insert` of the three files, one after the other. */
import type { Contestant } from '../contestant.ts';
import { DATABASES } from '../places.ts';
import { python, pythonUnavailable } from '../python.ts';
import { countSqlite } from '../sqlite.ts';

/** It takes the first line for the names of columns. */
const COLUMNS: Readonly<Record<string, string>> = {
  users: 'id,name,email',
  products: 'id,sku,name,price_cents',
  orders: 'id,user_id,product_id,quantity',
};

export const sqliteUtils: Contestant = {
  name: 'sqlite-utils',
  title: 'sqlite-utils insert',
  validates: false,
  isOrm: false,
  runsOnce: true,
  unavailable: pythonUnavailable,
  steps: ({ files, schemas }) =>
    DATABASES.flatMap((database) => [
      {
        command: python,
        args: [
          '-c',
          'import sqlite3, sys; sqlite3.connect(sys.argv[1]).executescript(open(sys.argv[2]).read()).close()',
          `${database}.db`,
          schemas[database] as string,
        ],
      },
      {
        command: 'sh',
        args: [
          '-c',
          '{ echo "$1"; tail -n +2 "$2"; } | "$0" -m sqlite_utils insert "$3.db" "$3" - --csv --batch-size 1000 --silent',
          python,
          COLUMNS[database] as string,
          files[database] as string,
          database,
        ],
      },
    ]),
  count: countSqlite,
};
