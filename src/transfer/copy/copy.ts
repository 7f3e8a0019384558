/** Copies a database to another location, on the same or another engine, and verifies that both have the same rows. */
import { sql } from 'kysely';
import type { Database, EntityManager } from '../../database/database.ts';
import { lockDatabase } from '../../database/lock.ts';
import { refusePending } from '../../database/migrate.ts';
import { MeridianError } from '../../shared/errors.ts';
import { digestOf, type TableDigest } from '../digest.ts';
import { refuseMicroseconds } from '../microseconds.ts';
import { copyDeferred, copyRows } from './copy-rows.ts';
import { copiedTables, emptyTables, type Maker, makeTables, refuseOtherRows, withDeferred } from './prepare-target.ts';
import { CopyProgress } from './progress.ts';

export interface CopyOptions {
  /** What creates the target's tables; see `makerOf`. */
  readonly maker: Maker;
  /** Deletes the rows of an unfinished copy, and starts again. */
  readonly restart?: boolean;
  readonly signal?: AbortSignal;
  /** Called when the copy of an earlier run is continued. */
  readonly onContinued?: () => void;
  readonly onBatch?: (table: string, rows: number) => void;
}

export interface CopiedTable {
  readonly table: string;
  readonly source: TableDigest;
  readonly target: TableDigest;
  readonly isSame: boolean;
}

/**
 * Can be stopped at any time and continued with the same call. Each call reads a snapshot of the source; changes between two calls show in
 * the digests.
 *
 * @param source a connected database, which is only read
 * @param target a connected database in another location
 * @returns the row count and digest of each table, parents before children
 * @throws MeridianError `database` for a target that contains other rows, and for rows that it cannot store
 */
export async function copyDatabase(source: Database, target: Database, options: CopyOptions): Promise<CopiedTable[]> {
  const [mine, its] = [source.engine.exclusivePlace, target.engine.exclusivePlace];
  if (mine !== undefined && mine === its) {
    throw new MeridianError('usage', `${source.name} is in ${source.place} already. Name another place with --to.`);
  }
  await refusePending(source);
  const lock = await lockDatabase(source);
  try {
    const other = await lockDatabase(target);
    try {
      return await readBeside(source, (em) => copyAll(source, em, target, options));
    } finally {
      await other.release();
    }
  } finally {
    await lock.release();
  }
}

/** Like `database.readAtOnce`, but also for work with another database of the same name, for which MikroORM would use this transaction. */
function readBeside<T>(database: Database, work: (em: EntityManager) => Promise<T>): Promise<T> {
  return database.transaction(async (em) => {
    await sql.raw(database.engine.snapshotStatement).execute(em.getKysely<unknown>());
    return work(em);
  });
}

async function copyAll(
  source: Database,
  em: EntityManager,
  target: Database,
  options: CopyOptions,
): Promise<CopiedTable[]> {
  const progress = new CopyProgress(target);
  // 1. prepare a target that is empty, or that an earlier run of the same copy has started to fill
  await beginOrContinue(source, target, progress, options);
  // 2. create its tables, without rows that migrations may have written
  await makeTables(target, options.maker);
  if (options.restart || (await progress.phase()) === 'migrating') {
    await emptyTables(target, progress, source.place);
  }
  // 3. copy the rows, parents before children, and then deferred foreign keys
  const tables = copiedTables(source);
  const targets = new Map(withDeferred(copiedTables(target)).map((table) => [table.name, table]));
  const pairs = tables.flatMap((from) => {
    const into = targets.get(from.name);
    return into === undefined ? [] : [{ from, into }];
  });
  const { signal, onBatch } = options;
  const copy = { source, em, target, progress, signal, onBatch };
  for (const { from } of pairs) {
    await refuseMicroseconds(em, source, from);
  }
  for (const { from, into } of pairs) {
    await copyRows(copy, from, into);
  }
  for (const { from, into } of pairs) {
    await copyDeferred(copy, from, into);
  }
  // 4. verify by the digests of the rows stored in both
  const copied = await readBeside(target, async (its) => {
    const compared: CopiedTable[] = [];
    for (const { from, into } of pairs) {
      signal?.throwIfAborted();
      const before = await digestOf(em, source, from);
      const after = await digestOf(its, target, into);
      const isSame = before.rows === after.rows && before.digest === after.digest;
      compared.push({ table: from.name, source: before, target: after, isSame });
    }
    return compared;
  });
  if (copied.every(({ isSame }) => isSame)) {
    await progress.finish();
  }
  return copied;
}

async function beginOrContinue(
  source: Database,
  target: Database,
  progress: CopyProgress,
  { onContinued, restart }: CopyOptions,
): Promise<void> {
  if (!(await progress.hasBegun())) {
    await refuseOtherRows(target);
    await target.engine.prepareMigrations(target.fork());
    await progress.begin(source.place);
    return;
  }
  const from = await progress.source();
  if (from !== source.place && !restart) {
    throw new MeridianError(
      'database',
      `${target.name}: ${target.place} holds a part of a copy of ${from}, and not of ${source.place}. Run that copy again, or restart with --restart.`,
    );
  }
  if (!restart) {
    onContinued?.();
  }
}
