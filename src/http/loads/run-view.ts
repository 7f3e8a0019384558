/** Views of runs: the stored runs of the databases, and what this server knows about those that it runs. */
import type { Database } from '../../database/database.ts';
import { type Table, tablesOf } from '../../database/table.ts';
import { findRun, listRuns, type RunSummary } from '../../loads/list-runs.ts';
import { shown } from '../../shared/text/visible.ts';
import type { OpenDatabases } from '../databases.ts';
import { Problem, problemOf } from '../problem.ts';
import type { Load } from './loads.ts';
import { reportView } from './report-view.ts';

type TableRun = Omit<RunSummary, 'id'>;

export interface RunView {
  readonly run: string;
  /** ISO 8601, UTC. */
  readonly startedAt: string | null;
  /** Whether this server runs it. */
  readonly isRunning: boolean;
  readonly tables: Readonly<Record<string, TableRun>>;
  /** The report of an ended run, as long as the server keeps it. */
  readonly report?: Record<string, unknown>;
  /** The failure of the whole load. */
  readonly error?: string;
}

export interface RunList {
  readonly loads: readonly RunView[];
  /** Databases whose runs cannot be read and are missing in the list. */
  readonly unreadable: readonly { readonly database: string; readonly reason: string }[];
}

/** Lists runs, the newest first. */
export async function listRunViews(
  databases: OpenDatabases,
  limit: number,
  find: (run: string) => Load | undefined,
): Promise<RunList> {
  const found: { readonly table: string; readonly run: RunSummary }[] = [];
  const unreadable: { database: string; reason: string }[] = [];
  for (const database of databases.names()) {
    try {
      for (const table of tablesIn(await databases.openIfThere(database))) {
        found.push(...(await listRuns(table, limit)).map((run) => ({ table: table.name, run })));
      }
    } catch (error) {
      unreadable.push({ database, reason: problemOf(error).message });
    }
  }
  const views = [...Map.groupBy(found, ({ run }) => run.id)].map(([id, of]) =>
    viewOf(id, Object.fromEntries(of.map(({ table, run }) => [table, run])), find(id)),
  );
  return { loads: views.sort((a, b) => (a.run < b.run ? 1 : -1)).slice(0, limit), unreadable };
}

/** @throws Problem 404 for a run that is neither stored in a database nor running in this server */
export async function runView(databases: OpenDatabases, run: string, load: Load | undefined): Promise<RunView> {
  const tables: Record<string, RunSummary> = {};
  for (const table of await everyTable(databases)) {
    const one = await findRun(table, run);
    if (one !== undefined) {
      tables[table.name] = one;
    }
  }
  if (load === undefined && Object.keys(tables).length === 0) {
    throw noRun(run);
  }
  return viewOf(run, tables, load);
}

function noRun(run: string): Problem {
  return new Problem(404, 'unknown', `There is no load "${shown(run)}". GET /api/loads lists the newest ones.`);
}

/** The tables of all existing databases. @throws MeridianError for a database that cannot be opened */
export async function everyTable(databases: OpenDatabases): Promise<readonly Table[]> {
  const opened = await Promise.all(databases.names().map((name) => databases.openIfThere(name)));
  return opened.flatMap(tablesIn);
}

function tablesIn(database: Database | undefined): readonly Table[] {
  return database === undefined ? [] : tablesOf(database);
}

function viewOf(id: string, tables: Readonly<Record<string, RunSummary>>, load: Load | undefined): RunView {
  const starts = Object.values(tables).map(({ startedAt }) => startedAt);
  return {
    run: id,
    startedAt: starts.sort()[0] ?? null,
    isRunning: load?.isRunning ?? false,
    tables: Object.fromEntries(Object.entries(tables).map(([table, { id: _, ...run }]) => [table, run])),
    ...(load?.report === undefined ? {} : { report: reportView(load.report, load) }),
    ...(load?.failure === undefined ? {} : { error: load.failure.message }),
  };
}
