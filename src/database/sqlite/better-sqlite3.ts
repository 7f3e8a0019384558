/** Imports MikroORM's own copy of better-sqlite3, wherever the package manager has installed it. */
import { createRequire } from 'node:module';
import type BetterSqlite3 from 'better-sqlite3';

const require = createRequire(import.meta.resolve('@mikro-orm/sqlite'));

export const SqliteFile = require('better-sqlite3') as typeof BetterSqlite3;
export type SqliteFile = BetterSqlite3.Database;
