/** SQLite's own command line: `.import` of the three files, one after the other. */
import type { Contestant } from '../contestant.ts';
import { commandVersion } from '../machine.ts';
import { DATABASES } from '../places.ts';
import { countSqlite } from '../sqlite.ts';

/**
 * What the table of orders has beyond the columns of the file, which `.import` would fill with nothing. SQLite adds columns to
 * a table that is full without touching its rows.
 */
const ORDERS_BEYOND_FILE = [
  'unit_price_cents bigint null',
  'placed_at text null',
  'country text null',
  "status text not null default 'confirmed'",
  'checkout_id text null',
  'version integer not null default 1',
];

/** SQL before and after the import. */
const around: Readonly<Record<string, { readonly before: string; readonly after: string }>> = {
  orders: {
    before: [
      'drop index orders_pending_index',
      ...ORDERS_BEYOND_FILE.map((column) => `alter table orders drop column ${column.split(' ')[0]}`),
    ].join(';'),
    after: [
      ...ORDERS_BEYOND_FILE.map((column) => `alter table orders add column ${column}`),
      "create index orders_pending_index on orders (id) where status = 'pending'",
    ].join(';'),
  },
};

const quoted = (path: string | undefined) => `"${path}"`;

export const sqlite3: Contestant = {
  name: 'sqlite3',
  title: 'sqlite3 .import',
  validates: false,
  isOrm: false,
  unavailable: () => (commandVersion('sqlite3') === undefined ? 'there is no sqlite3 on the PATH' : undefined),
  steps: ({ files, schemas }) =>
    DATABASES.map((database) => ({
      command: 'sqlite3',
      args: [
        '-batch',
        `${database}.db`,
        `.read ${quoted(schemas[database])}`,
        ...(around[database] ? [around[database].before] : []),
        `.import --csv --skip 1 ${quoted(files[database])} ${database}`,
        ...(around[database] ? [around[database].after] : []),
      ],
    })),
  count: countSqlite,
};
