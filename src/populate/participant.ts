/** The databases of a populate: those that are loaded and those that they refer to. */
import { Database, type EntityManager } from '../database/database.ts';
import { choose, type DatabaseDeclaration } from '../database/declaration.ts';
import { type BegunLoad, isBegun, type Load, type LoadEvent, transition } from './load-state.ts';
import type { PopulateOptions } from './options.ts';
import { Columns } from './record/columns.ts';
import { type EntityShape, shapeOf } from './record/shape.ts';
import type { OpenedSource } from './sources.ts';

/** One database that is loaded, or that a loaded one refers to. */
export interface Participant {
  readonly database: Database;
  readonly shape: EntityShape;
  readonly em: EntityManager;
  /** The state of its load, replaced by {@link advance}; `undefined` when nothing is loaded into it. */
  load: Load | undefined;
}

/** A database without its load. */
export type Target = Pick<Participant, 'database' | 'shape' | 'em'>;

/** Moves the load of a database on to its next state. */
export function advance(one: Participant, event: LoadEvent): void {
  if (one.load === undefined) {
    throw new Error(`${one.database.name}: nothing is loaded, so it cannot be ${event.kind}.`);
  }
  one.load = transition(one.load, event);
}

/** The load of a database once its run is known; `undefined` when nothing is loaded into it. */
export function begunLoad({ load }: Participant): BegunLoad | undefined {
  return load !== undefined && isBegun(load) ? load : undefined;
}

/** Whether a database has references to others, so that rows of its run may have to be reverted. */
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
  const settings = JSON.stringify({ onConflict, columns: maps?.[declaration.name] ?? {} });
  const load = opened && { ...opened, state: 'opened' as const, columns, settings };
  return { database, shape, em, load };
}

/** Rolls an open transaction back (of a dry run, after a failure) and closes the database. */
export async function release({ em, database }: Target): Promise<void> {
  if (em.isInTransaction()) {
    await em.rollback();
  }
  await database.close();
}
