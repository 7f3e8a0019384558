/** Sees every statement that this process has SQLite run, and may do something about it. */
import SqliteFile from 'better-sqlite3';

/** Called right before and right after each statement, over all databases; `number` counts from 1. */
export interface StatementWatch {
  before?(number: number, sql: string): void;
  after?(number: number, sql: string): void;
}

type Run = (...given: unknown[]) => unknown;

let watch: StatementWatch | undefined;
let count = 0;

/** @returns how many statements `work` had run while `watching` */
export async function watchStatements(watching: StatementWatch, work: () => Promise<void>): Promise<number> {
  watch = watching;
  count = 0;
  try {
    await work();
  } finally {
    watch = undefined;
  }
  return count;
}

function watched(sql: string, run: () => unknown): unknown {
  if (watch === undefined) {
    return run();
  }
  const number = ++count;
  watch.before?.(number, sql);
  try {
    return run();
  } finally {
    // one that the database refuses is over as well
    watch?.after?.(number, sql);
  }
}

/** The same for a statement whose end has to be awaited. */
export async function watchedLater<T>(sql: string, run: () => Promise<T>): Promise<T> {
  const watching = watch;
  if (watching === undefined) {
    return run();
  }
  const number = ++count;
  watching.before?.(number, sql);
  const result = await run();
  watching.after?.(number, sql);
  return result;
}

const { prepare, exec } = SqliteFile.prototype;

SqliteFile.prototype.exec = function (this: SqliteFile.Database, sql: string) {
  return watched(sql, () => exec.call(this, sql)) as SqliteFile.Database;
};

SqliteFile.prototype.prepare = function (this: SqliteFile.Database, sql: string) {
  const statement = prepare.call(this, sql) as unknown as Record<string, Run>;
  for (const name of ['run', 'all', 'get'] as const) {
    const run = statement[name] as Run;
    Object.defineProperty(statement, name, {
      value: (...given: unknown[]) => watched(sql, () => run.apply(statement, given)),
    });
  }
  return statement;
} as unknown as typeof prepare;
