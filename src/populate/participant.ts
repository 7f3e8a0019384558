/** The databases that take part in a populate: those that are loaded and those that they refer to. */
import { Database, type EntityManager } from '../database/database.ts';
import { choose, type DatabaseDeclaration } from '../database/declaration.ts';
import { urlVariable } from '../database/location.ts';
import { applyPending, migrateUp } from '../database/migrations.ts';
import type { RunRow } from '../loads/run-tables.ts';
import { settleAll } from '../shared/async/settle.ts';
import { MeridianError } from '../shared/errors.ts';
import type { PopulateOptions } from './options.ts';
import type { OpenSource, Source } from './read/source.ts';
import { Columns } from './record/columns.ts';
import { type EntityShape, shapeOf } from './record/shape.ts';
import { RejectsFile } from './rejects/rejects-file.ts';
import { LoadProgress } from './resume/load-progress.ts';
import { warnOfColumns } from './write/run-load.ts';

/** One database that is loaded, or that a loaded one refers to. */
export interface Participant {
  readonly database: Database;
  readonly shape: EntityShape;
  readonly em: EntityManager;
  readonly loading: Loading | undefined;
}

export interface Loading {
  readonly source: Source;
  readonly open: OpenSource;
  readonly columns: Columns;
  /** What the source holds, as a digest; `null` when it cannot be read again. */
  readonly content: string | null;
  /** What else decides over the outcome: two runs with the same are the same. */
  readonly settings: string;
  /** Where rejected records are written; `undefined` when they are not. */
  rejects: RejectsFile | undefined;
  /** Whether the source is the very file that the rejects will replace. */
  readsOwnRejects: boolean;
  /** Where the rejects of an earlier run are now, which were in their place. */
  earlierRejects: string | undefined;
  /** Known once it is decided which run this is. */
  progress: LoadProgress;
  /** How far a run that is continued had got; `undefined` when it begins here. */
  continued: RunRow | undefined;
  seconds: number;
  failure: Error | undefined;
  /** Whether the run that is continued had come to its end in this database. */
  hasEnded: boolean;
  /** Whether the run stays as it is in this database, for the same command to go on with. */
  isLeftOpen: boolean;
}

/**
 * Notes what stopped a load. A source that is at fault has to be changed, so its load ends here and is loaded from its beginning by the next
 * run; after any other fault the same command goes on where this one was.
 */
export function stopLoad(loading: Loading, failure: Error): void {
  const isFaultOfSource = failure instanceof MeridianError && failure.code === 'source';
  loading.failure ??= failure;
  loading.isLeftOpen ||= !isFaultOfSource;
}

/** Whether a database holds references to others, so that rows of its run may have to be taken out of it again. */
export function refersToOthers({ database }: Pick<Participant, 'database'>): boolean {
  return Object.keys(database.declaration.references ?? {}).length > 0;
}

/** The databases to load and those that they refer to, in the order of the catalog. */
export function participating({ catalog, sources }: PopulateOptions): DatabaseDeclaration[] {
  const names = new Set<string>();
  const include = (wanted: readonly string[], why: string) => {
    for (const { name, references = {} } of wanted.length > 0 ? choose(catalog, wanted, why) : []) {
      if (!names.has(name)) {
        names.add(name);
        include(Object.values(references), `, which ${name} refers to`);
      }
    }
  };
  include(Object.keys(sources), '');
  return catalog.filter(({ name }) => names.has(name));
}

export interface OpenedSource {
  readonly source: Source;
  readonly open: OpenSource;
  readonly content: string | null;
}

export async function openSources(
  declarations: readonly DatabaseDeclaration[],
  { sources }: PopulateOptions,
  scratch: string,
): Promise<Map<string, OpenedSource>> {
  const wanted = declarations.flatMap(({ name }) => (sources[name] ? [{ name, source: sources[name] }] : []));
  const opened = new Map<string, OpenedSource>();
  try {
    await settleAll(
      wanted.map(async ({ name, source: given }) => {
        const source = (await given.keep?.(scratch)) ?? given;
        try {
          const content = (await source.content?.()) ?? null;
          opened.set(name, { source, open: await source.open(), content });
        } catch (error) {
          await source.release?.();
          throw error;
        }
      }),
    );
  } catch (error) {
    await closeSources(opened);
    throw error;
  }
  return opened;
}

/** One that fails keeps none of the others open. */
export async function closeSources(opened: ReadonlyMap<string, OpenedSource>): Promise<void> {
  await Promise.allSettled([...opened.values()].map(({ open }) => open.close()));
  await Promise.allSettled([...opened.values()].map(({ source }) => source.release?.()));
}

export function participant(
  declaration: DatabaseDeclaration,
  opened: OpenedSource | undefined,
  { columns: maps, onConflict = 'reject', dryRun, databaseOptions }: PopulateOptions,
): Participant {
  const database = new Database(declaration, {
    keepsThreadFree: true,
    ...databaseOptions?.(declaration.name),
    create: !dryRun,
  });
  const shape = shapeOf(database.metadata, database.engine.storage);
  const columns = new Columns(shape, maps?.[declaration.name]);
  if (opened?.open.columns) {
    columns.checkHeader(opened.source.name, opened.open.columns);
  }
  const em = database.fork();
  const loading = opened && {
    ...opened,
    columns,
    settings: JSON.stringify({ onConflict, columns: maps?.[declaration.name] ?? {} }),
    rejects: undefined,
    readsOwnRejects: false,
    earlierRejects: undefined,
    progress: new LoadProgress(database, shape, ''),
    continued: undefined,
    seconds: 0,
    failure: undefined,
    hasEnded: false,
    isLeftOpen: false,
  };
  return { database, shape, em, loading };
}

/**
 * A database that is not where it used to be would make every stored record that refers to it look dangling.
 *
 * @throws MeridianError `database` when one that is not loaded now is missing while this one holds rows
 */
export async function refuseMissingTargets(
  { database, em, loading }: Participant,
  participants: readonly Participant[],
): Promise<void> {
  const targets = Object.values(database.declaration.references ?? {});
  const missing = participants.find(
    (one) => one.database.isMissing && !one.loading && targets.includes(one.database.name),
  );
  if (!loading || database.isMissing || !missing || !(await database.holdsRows(em))) {
    return;
  }
  const { name } = missing.database;
  throw new MeridianError(
    'database',
    `${name}: ${missing.database.engine.absence}, but ${database.name} holds rows that refer to it. Restore it, or say where it is with ${urlVariable(name)}.`,
  );
}

/** Brings a database to its newest schema and makes the rejects file that its load writes. */
export async function prepare(one: Participant, options: PopulateOptions): Promise<void> {
  const { database, em, loading } = one;
  const { dryRun, rejectsDirectory, listener } = options;
  if (dryRun) {
    // the whole run takes place in this transaction, and so do the migrations that it needs
    await database.interruptibly(() => applyPending(database, em));
  } else {
    const migrations = await migrateUp(database);
    if (migrations.length > 0) {
      listener?.migrated?.(database.name, migrations);
    }
  }
  // better now, before anything is loaded, than when references are checked
  if (!(await database.hasTable(em))) {
    throw new MeridianError(
      'database',
      `${database.name}: its migrations are recorded, but the table ${database.metadata.tableName} is gone. Restore the database from a backup, or move ${database.place} away to begin anew.`,
    );
  }
  if (!loading) {
    return;
  }
  if (!dryRun && rejectsDirectory !== undefined) {
    loading.rejects = await RejectsFile.prepare(rejectsDirectory, database.name);
    loading.readsOwnRejects = await loading.rejects.isFile(loading.source.file);
  }
  if (loading.open.columns) {
    warnOfColumns(database.name, loading.source.name, loading.columns, loading.open.used, listener);
  }
}

/** Undoes what is not finished (a dry run, a failure) and closes everything. */
export async function release({ em, database }: Participant): Promise<void> {
  if (em.isInTransaction()) {
    await em.rollback();
  }
  await database.close();
}
