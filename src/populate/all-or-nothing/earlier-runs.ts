/** Decides on all-or-nothing runs that were stopped, before another run starts in their databases. */

import { Database } from '../../database/database.ts';
import type { DatabaseDeclaration } from '../../database/declaration.ts';
import { allTables } from '../../database/declaration.ts';
import { tableOf, tablesOf } from '../../database/table.ts';
import { type AbandonedRun, isOpen, newestOf } from '../../loads/plan-run.ts';
import { RunStore } from '../../loads/run-store.ts';
import type { RunRow, RunState } from '../../loads/run-tables.ts';
import { MeridianError } from '../../shared/errors.ts';
import { parseJson } from '../../shared/json/parse.ts';
import type { PopulateOptions } from '../options.ts';
import type { Target } from '../participant.ts';
import { shapeOf } from '../record/shape.ts';
import { settingsIn } from '../resume/run-settings.ts';
import { type RevertedRun, revertRun } from './revert-run.ts';

function isAllOrNothing({ settings }: Pick<RunRow, 'settings'>): boolean {
  return settingsIn(settings).allOrNothing === true;
}

/** Whether a run is kept: all its tables are ready, or one has been released already. */
function isDecidedFor(states: readonly (RunState | undefined)[]): boolean {
  return states.some(isReleasedState) || states.every((state) => state === 'ready');
}

/** Whether a run is reverted: one of its tables has been, or is being, reverted. */
function isDecidedAgainst(states: readonly (RunState | undefined)[]): boolean {
  return states.some((state) => state === 'reverting' || state === 'reverted');
}

function isReleasedState(state: RunState | undefined): boolean {
  return state === 'checked' || state === 'finished' || state === 'abandoned';
}

/**
 * The states of a run in all its tables, including those in databases that are not loaded now.
 *
 * @param known targets of open databases
 * @throws MeridianError `database` if one of the databases does not exist
 */
async function statesOf(
  run: RunRow,
  known: readonly Target[],
  catalog: readonly DatabaseDeclaration[],
  databaseOptions: PopulateOptions['databaseOptions'],
): Promise<(RunState | undefined)[]> {
  const states: (RunState | undefined)[] = [];
  for (const name of parseJson(run.databases) as string[]) {
    const open = known.find(({ table }) => table.name === name);
    if (open !== undefined) {
      states.push((await new RunStore(open.table).run(open.em, run.id))?.state);
      continue;
    }
    const declared = allTables(catalog).find((table) => table.name === name);
    if (declared === undefined) {
      throw new MeridianError(
        'database',
        `The run of ${run.startedAt} loads everything or nothing, and ${name}, which it loaded too, is not known here. Run its command again, which ends it.`,
      );
    }
    const database = await Database.unconnected(declared.database, {
      ...databaseOptions?.(declared.database.name),
      create: false,
    });
    try {
      await database.connect();
      const store = new RunStore(tableOf(database, declared.entity.name));
      states.push(database.isMissing ? undefined : (await store.run(database.fork(), run.id))?.state);
    } catch (error) {
      throw database.explain(error);
    } finally {
      await database.close();
    }
  }
  return states;
}

interface Warning {
  readonly table: string;
  readonly text: string;
}

/** Completes reverts that were interrupted. @returns a sentence for each */
export async function completeReverts(targets: readonly Target[]): Promise<Warning[]> {
  const warnings: Warning[] = [];
  const open = new Map<Target, RunRow>();
  for (const one of targets) {
    const newest = await newestOf(one);
    if (newest !== undefined && isOpen(newest) && isAllOrNothing(newest)) {
      open.set(one, newest);
    }
  }
  // read before any of them is changed
  const states = new Map<string, (RunState | undefined)[]>();
  for (const { id } of open.values()) {
    const rows = await Promise.all(targets.map(({ table, em }) => new RunStore(table).run(em, id)));
    states.set(
      id,
      rows.map((row) => row?.state),
    );
  }
  for (const [one, { id, startedAt, source }] of open) {
    if (isDecidedAgainst(states.get(id) ?? [])) {
      await revertEarlier(one, id, 'Nothing is kept (--all-or-nothing).');
      const { name } = one.table;
      warnings.push({
        table: name,
        text: `${name}: the run of ${startedAt} over ${source} was stopped while its rows were reverted (--all-or-nothing). None of them remains.`,
      });
    }
  }
  return warnings;
}

/**
 * Decides on runs that are not continued: those that are kept are marked as checked, the others are reverted.
 *
 * @returns the reverted ones
 */
export async function endAllOrNothing(
  abandoned: readonly AbandonedRun[],
  targets: readonly Target[],
  { catalog, databaseOptions }: Pick<PopulateOptions, 'catalog' | 'databaseOptions'>,
): Promise<AbandonedRun[]> {
  const reverted: AbandonedRun[] = [];
  for (const run of abandoned.filter(({ row }) => isAllOrNothing(row) && row.state !== 'checked')) {
    const { row } = run;
    const one = targets.find(({ table }) => table.name === run.table) as Target;
    const isKept = row.state === 'ready' && isDecidedFor(await statesOf(row, targets, catalog, databaseOptions));
    if (isKept) {
      await one.table.write(one.em, (em) => new RunStore(one.table).change(em, row.id, { state: 'checked' }));
    } else {
      await revertEarlier(one, row.id, 'The run was not continued (--all-or-nothing).');
      reverted.push(run);
    }
  }
  return reverted;
}

/** Reverts a run in all tables of one database that have not been reverted yet. */
async function revertEarlier({ table, em }: Target, run: string, why: string): Promise<RevertedRun> {
  const { database } = table;
  const targets: Target[] = [];
  for (const other of tablesOf(database)) {
    if (isOpen(await new RunStore(other).run(em, run))) {
      targets.push({ table: other, em, shape: shapeOf(other.metadata, database.engine.storage, other.uniqueKeys) });
    }
  }
  try {
    return await revertRun(targets, run, why);
  } catch (error) {
    throw database.explain(error);
  }
}
