/** SQLite's own command line: `.import` of the three files, one after the other. */
import type { Contestant } from '../contestant.ts';
import { commandVersion } from '../machine.ts';
import { DATABASES } from '../places.ts';
import { countSqlite } from '../sqlite.ts';

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
        `.import --csv --skip 1 ${quoted(files[database])} ${database}`,
      ],
    })),
  count: countSqlite,
};
