/** The tables of a populate: those to load, and those that they refer to. */
import { Database, type EntityManager } from '../database/database.ts';
import { allTables, type DatabaseDeclaration, type TableDeclaration } from '../database/declaration.ts';
import { relationsOf } from '../database/relations.ts';
import { type Table, tableOf } from '../database/table.ts';
import { settleAll } from '../shared/async/settle.ts';
import { MeridianError } from '../shared/errors.ts';
import { type BegunLoad, isBegun, type Load, type LoadEvent, transition } from './load-state.ts';
import type { PopulateOptions } from './options.ts';
import type { FileHead } from './read/source.ts';
import { refuseAmbiguous } from './record/ambiguous-values.ts';
import { Columns, headerAdvice } from './record/columns.ts';
import { type EntityShape, shapeOf } from './record/shape.ts';
import type { TableValueSettings } from './record/value-settings.ts';
import { settingsText } from './resume/run-settings.ts';
import { type OpenedSource, valuesOf } from './sources.ts';

/** A table that is loaded, or referred to by a loaded one. Tables of one database share its connection. */
export interface Participant {
  readonly table: Table;
  readonly shape: EntityShape;
  /** How the text of its source becomes values. */
  readonly values: TableValueSettings;
  readonly em: EntityManager;
  /** The state of its load, replaced by {@link advance}; `undefined` if nothing is loaded into it. */
  load: Load | undefined;
}

/** A table without its load. */
export type Target = Pick<Participant, 'table' | 'shape' | 'em'>;

/** Advances the load of a table to its next state. */
export function advance(one: Participant, event: LoadEvent): void {
  if (one.load === undefined) {
    throw new Error(`${one.table.name}: nothing is loaded, so it cannot be ${event.kind}.`);
  }
  one.load = transition(one.load, event);
}

/** The load of a table whose run has been determined; `undefined` if nothing is loaded into it. */
export function begunLoad({ load }: Participant): BegunLoad | undefined {
  return load !== undefined && isBegun(load) ? load : undefined;
}

/** Whether a table has references or relations, so that rows of its run may have to be reverted. */
export function refersToOthers({ table }: Pick<Participant, 'table'>): boolean {
  const { declaration, metadata } = table;
  return Object.keys(declaration.references ?? {}).length > 0 || relationsOf(metadata).length > 0;
}

/**
 * The tables to load and those that they refer to, in catalog order.
 *
 * @throws MeridianError `usage` for an unknown table name
 */
export function participating({ catalog, sources }: PopulateOptions): TableDeclaration[] {
  const all = allTables(catalog);
  const included = new Set<TableDeclaration>();
  const include = (one: TableDeclaration) => {
    if (included.has(one)) {
      return;
    }
    included.add(one);
    for (const { database, entity } of Object.values(one.entity.references ?? {})) {
      const target = all.find((other) => other.database.name === database && other.entity.name === entity);
      include(target ?? unknown(all, database, `, which ${one.name} refers to`));
    }
  };
  for (const name of Object.keys(sources)) {
    include(all.find((one) => one.name === name) ?? unknown(all, name));
  }
  return all.filter((one) => included.has(one));
}

function unknown(all: readonly TableDeclaration[], name: string, why = ''): never {
  const several = all.filter(({ database }) => database.name === name);
  const names = (several.length > 1 ? several : all).map((one) => one.name).join(', ');
  throw new MeridianError(
    'usage',
    several.length > 1
      ? `${name} has several entities${why}. Name one of ${names}.`
      : `There is no database "${name}"${why}. There are ${names}.`,
  );
}

/** @returns a participant for each table, in the same order */
export async function participantsOf(
  tables: readonly TableDeclaration[],
  opened: ReadonlyMap<string, OpenedSource>,
  options: PopulateOptions,
  onMade: (one: Participant) => void,
): Promise<void> {
  const databases = new Map<DatabaseDeclaration, Pick<Participant, 'em'> & { readonly database: Database }>();
  for (const { database: declaration, entity, name } of tables) {
    let shared = databases.get(declaration);
    if (shared === undefined) {
      const database = await Database.unconnected(declaration, {
        keepsThreadFree: true,
        ...options.databaseOptions?.(declaration.name),
        create: !options.dryRun,
      });
      shared = { database, em: database.fork() };
      databases.set(declaration, shared);
    }
    onMade(participant(tableOf(shared.database, entity.name), shared.em, opened.get(name), options));
  }
}

function participant(
  table: Table,
  em: EntityManager,
  opened: OpenedSource | undefined,
  { columns: maps, values: settingsByTable = {}, onConflict = 'reject', allOrNothing }: PopulateOptions,
): Participant {
  const values = opened === undefined ? {} : valuesOf(opened, settingsByTable[table.name]);
  const shape = shapeOf(table.metadata, table.database.engine.storage, table.uniqueKeys, values);
  const columns = new Columns(shape, maps?.[table.name]);
  for (const { name, columns: header, sample = [], delimiter } of opened === undefined ? [] : headersOf(opened)) {
    if (header !== undefined) {
      columns.checkHeader(name, header, headerAdvice);
      refuseAmbiguous(name, shape, columns, header, { rows: sample, delimiter }, values.byFile?.[name] ?? values);
    }
  }
  const settings = settingsText({
    onConflict,
    columns: maps?.[table.name] ?? {},
    // without any, as earlier versions wrote it
    ...(Object.keys(values).length === 0 ? {} : { values }),
    ...(allOrNothing ? { allOrNothing } : {}),
  });
  const load = opened && { ...opened, state: 'opened' as const, columns, settings };
  return { table, shape, values, em, load };
}

function headersOf({ source, open }: OpenedSource): readonly FileHead[] {
  const { files, columns, sample, delimiter } = open;
  return (
    files ?? [
      {
        name: source.name,
        columns,
        ...(sample === undefined ? {} : { sample }),
        ...(delimiter === undefined ? {} : { delimiter }),
      },
    ]
  );
}

/** The databases of the participants, without duplicates. */
export function databasesOf(participants: readonly Pick<Participant, 'table'>[]): Database[] {
  return [...new Set(participants.map(({ table }) => table.database))];
}

/** Does the work for the tables of each database sequentially, and for all databases concurrently. */
export async function eachTable<T extends Pick<Participant, 'table'>>(
  participants: readonly T[],
  work: (one: T) => Promise<void>,
): Promise<void> {
  const groups = Map.groupBy(participants, ({ table }) => table.database);
  await settleAll(
    [...groups.values()].map(async (group) => {
      for (const one of group) {
        await work(one);
      }
    }),
  );
}

/** Rolls back an open transaction (of a dry run, after a failure) and closes the database. */
export async function release({ em, table }: Target): Promise<void> {
  if (em.isInTransaction()) {
    await em.rollback();
  }
  await table.database.close();
}
