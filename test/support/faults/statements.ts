/** Sees every statement that this process has SQLite run, and may do something about it. */
import SqliteFile from 'better-sqlite3';

/** Called right before and right after each statement, over all databases, one of which is named; `number` counts from 1. */
export interface StatementWatch {
  before?(number: number, sql: string, database: string): void;
  after?(number: number, sql: string, database: string): void;
}

type Run = (...given: unknown[]) => unknown;

interface State {
  watch: StatementWatch | undefined;
  count: number;
}

/** Of the process: each test file that runs in it has a module of its own, but SQLite is watched once. */
const STATE = Symbol.for('meridian.statement-watch');
const known = Reflect.get(globalThis, STATE) as State | undefined;
const state: State = known ?? { watch: undefined, count: 0 };

/** @returns how many statements `work` had run while `watching` */
export async function watchStatements(watching: StatementWatch, work: () => Promise<void>): Promise<number> {
  state.watch = watching;
  state.count = 0;
  try {
    await work();
  } finally {
    state.watch = undefined;
  }
  return state.count;
}

function watched(database: string, sql: string, run: () => unknown): unknown {
  if (state.watch === undefined) {
    return run();
  }
  const number = ++state.count;
  state.watch.before?.(number, sql, database);
  try {
    return run();
  } finally {
    // one that the database refuses is over as well
    state.watch?.after?.(number, sql, database);
  }
}

/** The same for a statement whose end has to be awaited. */
export async function watchedLater<T>(database: string, sql: string, run: () => Promise<T>): Promise<T> {
  const watching = state.watch;
  if (watching === undefined) {
    return run();
  }
  const number = ++state.count;
  watching.before?.(number, sql, database);
  const result = await run();
  watching.after?.(number, sql, database);
  return result;
}

/** From the start, for a statement that is prepared now may run while statements are watched. */
function watchSqlite(): void {
  const { prepare, exec } = SqliteFile.prototype;

  SqliteFile.prototype.exec = function (this: SqliteFile.Database, sql: string) {
    return watched(this.name, sql, () => exec.call(this, sql)) as SqliteFile.Database;
  };

  SqliteFile.prototype.prepare = function (this: SqliteFile.Database, sql: string) {
    const { name: database } = this;
    const statement = prepare.call(this, sql) as unknown as Record<string, Run>;
    for (const name of ['run', 'all', 'get'] as const) {
      const run = statement[name] as Run;
      Object.defineProperty(statement, name, {
        value: (...given: unknown[]) => watched(database, sql, () => run.apply(statement, given)),
      });
    }
    return statement;
  } as unknown as typeof prepare;
}

if (known === undefined) {
  Reflect.set(globalThis, STATE, state);
  watchSqlite();
}
