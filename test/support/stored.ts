/** What stands in database files, read behind MikroORM's back, to compare one with another. */
import { existsSync, readFileSync } from 'node:fs';
import SqliteFile from 'better-sqlite3';
import { messageOf } from '../../src/shared/errors.ts';

/** @returns up to ten rows of a table that are in one of two files and not in the other, and say so */
export function differencesOf(table: string, actual: string, expected: string): unknown[] {
  const file = new SqliteFile(actual, { readonly: true });
  try {
    file.prepare('attach ? as expected').run(expected);
    const only = (one: string, other: string, what: string) =>
      file
        .prepare(
          `select '${what}' as difference, * from (select * from ${one}."${table}" except select * from ${other}."${table}") limit 10`,
        )
        .all();
    return [...only('main', 'expected', 'too many'), ...only('expected', 'main', 'missing')];
  } finally {
    file.close();
  }
}

/** What a query of a file gives; nothing while the file or its table is not there yet. */
export function look(path: string, sql: string): Record<string, unknown>[] {
  return lookFor(path, [sql]).flat();
}

/** What each of some queries gives. The file is opened once for all. */
export function lookFor(path: string, queries: readonly string[]): Record<string, unknown>[][] {
  if (!existsSync(path)) {
    return queries.map(() => []);
  }
  const file = new SqliteFile(path, { readonly: true, timeout: 5000 });
  try {
    return queries.map((sql) => rowsOf(file, sql));
  } finally {
    file.close();
  }
}

function rowsOf(file: SqliteFile.Database, sql: string): Record<string, unknown>[] {
  try {
    return file.prepare(sql).all() as Record<string, unknown>[];
  } catch (error) {
    if (messageOf(error).startsWith('no such table')) {
      return [];
    }
    throw error;
  }
}

/** @returns the first line in which two files differ, and say so */
export function firstDifference(actual: string, expected: string): unknown[] {
  const [here, there] = [actual, expected].map((path) => readFileSync(path, 'utf8').split('\n'));
  const length = Math.max(here?.length ?? 0, there?.length ?? 0);
  for (let line = 0; line < length; line++) {
    if (here?.[line] !== there?.[line]) {
      return [{ file: actual, line: line + 1, actual: here?.[line], expected: there?.[line] }];
    }
  }
  return [];
}
