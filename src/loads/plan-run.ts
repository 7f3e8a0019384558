/** Decides whether a populate starts a new run or continues a stopped one. */

import type { EntityManager } from '../database/database.ts';
import type { Table } from '../database/table.ts';
import { settleAll } from '../shared/async/settle.ts';
import { currentTime, randomBytes } from '../shared/environment.ts';
import { MeridianError } from '../shared/errors.ts';
import { RunStore } from './run-store.ts';
import type { RunRow, RunState } from './run-tables.ts';

/** A load to start, with what decides whether its run is continued. */
export interface PlannedLoad {
  readonly table: Table;
  readonly em: EntityManager;
  readonly source: { readonly name: string };
  /** A digest of the source; `null` when it cannot be read again. */
  readonly content: string | null;
  /** The options that affect the outcome, as text. */
  readonly settings: string;
  /** Whether the source is the rejects file that this run will replace. */
  readonly readsOwnRejects: boolean;
}

/** A stopped run that is not continued. */
export interface AbandonedRun {
  /** The name of its table. */
  readonly table: string;
  readonly row: RunRow;
}

export interface RunPlan {
  readonly id: string;
  /** Table -> the run to continue. In other tables a new run starts, or the failed one starts again. */
  readonly continued: ReadonlyMap<string, RunRow>;
  readonly abandoned: readonly AbandonedRun[];
}

const OPEN_STATES: ReadonlySet<RunState> = new Set(['loading', 'loaded', 'ready', 'checked', 'reverting', 'stopping']);

interface Load extends PlannedLoad {
  /** The newest run of the table. */
  readonly newest: RunRow | undefined;
}

/**
 * @param restart start a new run instead of continuing one
 * @throws MeridianError `source` when a source has changed since a run over it was stopped
 */
export async function planRun(planned: readonly PlannedLoad[], restart: boolean): Promise<RunPlan> {
  const loads = await settleAll(
    planned.map(async (load): Promise<Load> => ({ ...load, newest: await newestOf(load) })),
  );
  const open = loads.filter(({ newest }) => isOpen(newest));
  const id = open
    .map(({ newest }) => newest?.id ?? '')
    .sort()
    .at(-1);
  if (id !== undefined && !restart && isSameCommand(loads, id)) {
    const continued = loads.filter((load) => load.newest?.id === id && !restarts(load));
    refuseChanged(continued);
    return {
      id,
      continued: new Map(continued.map(({ table, newest }) => [table.name, newest as RunRow])),
      abandoned: abandonedOf(open.filter(({ newest }) => newest?.id !== id)),
    };
  }
  return { id: newId(loads), continued: new Map(), abandoned: abandonedOf(open) };
}

export async function newestOf({ table, em }: Pick<PlannedLoad, 'table' | 'em'>): Promise<RunRow | undefined> {
  try {
    return await new RunStore(table).newest(em);
  } catch (error) {
    throw table.database.explain(error);
  }
}

/** Whether a run has not ended: it is running, its process was killed or interrupted, or its database failed. */
export function isOpen(run: RunRow | undefined): boolean {
  return run !== undefined && isOpenState(run.state);
}

export function isOpenState(state: RunState): boolean {
  return OPEN_STATES.has(state);
}

/** The names of the tables that a populate loads, as stored in its runs. */
export function tablesIn(loads: readonly Pick<PlannedLoad, 'table'>[]): string {
  return JSON.stringify(loads.map(({ table }) => table.name));
}

/** Whether the same command started the run with this id, even if a source has changed since. */
function isSameCommand(loads: readonly Load[], id: string): boolean {
  const databases = tablesIn(loads);
  return loads.every(({ source, content, settings, newest }) => {
    if (newest === undefined || newest.id < id) {
      return true;
    }
    const isSameSource = content !== null && (newest.content === content || newest.source === source.name);
    const isContinuable = newest.id === id && newest.state !== 'stopping';
    return isContinuable && newest.databases === databases && newest.settings === settings && isSameSource;
  });
}

/** Whether the run failed in this table, or finished with a file that has changed since. */
function restarts({ newest, content, readsOwnRejects }: Load): boolean {
  if (newest === undefined || isOpen(newest)) {
    return false;
  }
  // the last step of a run replaces its rejects file, which may be its own source
  return newest.state !== 'finished' || (newest.content !== content && !readsOwnRejects);
}

function refuseChanged(loads: readonly Load[]): void {
  for (const { table, source, content, readsOwnRejects, newest } of loads) {
    // the last step of a run replaces its rejects file, which may be its own source
    const isReplaced = newest?.state === 'checked' && readsOwnRejects;
    if (newest !== undefined && isOpen(newest) && newest.content !== content && !isReplaced) {
      throw new MeridianError(
        'source',
        `${table.name}: ${source.name} has changed since the run of ${newest.startedAt}, which was stopped after ${newest.read} records of it. ` +
          'Put the file back as it was and run the same command again to continue; or start again with --restart, which finds the loaded records unchanged.',
      );
    }
  }
}

function abandonedOf(loads: readonly Load[]): RunPlan['abandoned'] {
  return loads.map(({ table, newest }) => ({ table: table.name, row: newest as RunRow }));
}

/** Starts with the current time, or a later one than all earlier runs if the clock was set back. */
function newId(loads: readonly Load[]): string {
  const newest = loads.map(({ newest }) => Date.parse(newest?.id.slice(0, 24) ?? '') || 0);
  const time = new Date(Math.max(currentTime().getTime(), ...newest.map((before) => before + 1)));
  return `${time.toISOString()}-${randomBytes(4).toString('hex')}`;
}
