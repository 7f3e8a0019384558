/** Decides whether the loads of a populate run in threads of their own. */
import type { DeclarationModule, PopulateOptions } from '../options.ts';
import { databasesOf, type Participant } from '../participant.ts';
import { recordsIn } from '../read/source.ts';

/** Total number of records from which threads save more time than they take to start. */
const THREAD_RECORDS = 200_000;

/** Each has an ORM and a heap of its own. */
const MAX_THREADS = 5;

/**
 * Threads pay when several databases load much. They need a source and a declaration that a thread can find by itself,
 * and have their own connections, which do not see the open transaction of a dry run.
 */
export async function useThreads(participants: readonly Participant[], options: PopulateOptions): Promise<boolean> {
  const loads = participants.flatMap(({ table, load }) => (load ? [{ table, load }] : []));
  const records = loads.reduce((sum, { load }) => sum + recordsIn(load.open), 0);
  return (
    databasesOf(loads).length > 1 &&
    databasesOf(loads).length <= MAX_THREADS &&
    !options.dryRun &&
    loads.every(({ table, load }) => load.source.spec !== undefined && !table.database.isInMemory) &&
    records >= (options.threadRecords ?? THREAD_RECORDS) &&
    (await areFound(loads, options.databaseModule))
  );
}

/** Whether a thread finds the declarations that are loaded here. */
async function areFound(loads: readonly Pick<Participant, 'table'>[], module: string | undefined): Promise<boolean> {
  if (module === undefined) {
    return false;
  }
  const { declarationOf } = (await import(module)) as DeclarationModule;
  return databasesOf(loads).every(({ name, declaration }) => declarationOf(name) === declaration);
}
