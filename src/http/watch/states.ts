/** The states that every server publishes: of its databases, and of the newest loads. */
import type { WatchedState } from '../../config/route.ts';
import { isThere } from '../../database/open-migrated.ts';
import { messageOf } from '../../shared/errors.ts';
import type { OpenDatabases } from '../databases.ts';
import type { Load, Loads } from '../loads/loads.ts';
import { listRunViews, type RunView } from '../loads/run-view.ts';
import type { DatabaseState } from '../page-files/description.ts';

/** Loads that the overview shows. */
const NEWEST_LOADS = 10;

export function serverStates(databases: OpenDatabases, loads: Loads): readonly WatchedState[] {
  return [
    { name: 'databases', read: () => Promise.all(databases.names().map((name) => databaseState(databases, name))) },
    { name: 'loads', read: () => newestLoads(databases, loads) },
  ];
}

export async function databaseState(databases: OpenDatabases, database: string): Promise<DatabaseState> {
  try {
    await (await databases.open(database)).fork().execute('select 1');
    return { database, state: 'ok', reason: null };
  } catch (error) {
    const exists = await isThere(databases.declarationOf(database)).catch(() => true);
    return { database, state: exists ? 'failing' : 'missing', reason: messageOf(error) };
  }
}

/** A load that runs, with the progress of its tables. */
type WatchedRun = RunView & { readonly progress?: readonly unknown[] };

async function newestLoads(databases: OpenDatabases, loads: Loads): Promise<object> {
  const { loads: runs, unreadable } = await listRunViews(databases, NEWEST_LOADS, (run) => loads.find(run));
  return { loads: runs.map((view) => watched(view, loads.find(view.run))), unreadable };
}

function watched({ report: _, ...view }: RunView, load: Load | undefined): WatchedRun {
  return load?.isRunning ? { ...view, progress: load.events.ofType('progress') } : view;
}
