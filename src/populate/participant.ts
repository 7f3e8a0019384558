/** The databases that take part in a populate: those that are loaded and those that they refer to. */
import { Database, type EntityManager } from '../database/database.ts';
import { choose, type DatabaseDeclaration } from '../database/declaration.ts';
import type { RunRow } from '../loads/run-tables.ts';
import { MeridianError } from '../shared/errors.ts';
import type { PopulateOptions } from './options.ts';
import type { OpenSource, Source } from './read/source.ts';
import { Columns } from './record/columns.ts';
import { type EntityShape, shapeOf } from './record/shape.ts';
import type { RejectsFile } from './rejects/rejects-file.ts';
import { LoadProgress } from './resume/load-progress.ts';
import type { OpenedSource } from './sources.ts';

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

/** Undoes what is not finished (a dry run, a failure) and closes everything. */
export async function release({ em, database }: Participant): Promise<void> {
  if (em.isInTransaction()) {
    await em.rollback();
  }
  await database.close();
}
