/** Decides which loads of a populate run in their own threads. */
import type { DeclarationModule, PopulateOptions } from '../options.ts';
import { databasesOf, type Participant } from '../participant.ts';
import { recordsIn } from '../read/source.ts';

/** Total number of records from which threads save more time than they take to start. */
const THREAD_RECORDS = 200_000;

/** Number of records from which a load of one database keeps more garbage in this thread than another thread needs memory. */
const MEMORY_RECORDS = 500_000;

/** Number of records that this thread loads in the time that a thread takes to start. */
const SMALL_RECORDS = 20_000;

/** Each has its own ORM and heap. */
const MAX_THREADS = 5;

/**
 * Threads save time if several databases load much, and memory in any large load: V8 lets the heap of a thread grow less than that of the
 * process. Small loads run in this thread, beside large ones. A thread has to be able to create the source and the declaration itself, and
 * has its own connections, which do not see the open transaction of a dry run.
 */
export async function loadsInThreads(
  participants: readonly Participant[],
  options: PopulateOptions,
): Promise<ReadonlySet<Participant>> {
  const loads = participants.filter(({ load }) => load !== undefined);
  const areSeveral = databasesOf(loads).length > 1;
  const enough = options.threadRecords ?? (areSeveral ? THREAD_RECORDS : MEMORY_RECORDS);
  const together = recordsOf(loads);
  const chosen = loads.filter((one) =>
    areSeveral ? together >= enough && recordsOf([one]) >= Math.min(enough, SMALL_RECORDS) : recordsOf([one]) >= enough,
  );
  const isPossible =
    databasesOf(loads).length <= MAX_THREADS &&
    !options.dryRun &&
    chosen.every(({ table, load }) => load?.source.spec !== undefined && !table.database.isInMemory) &&
    (await areFound(chosen, options.databaseModule));
  return new Set(isPossible ? chosen : []);
}

function recordsOf(loads: readonly Participant[]): number {
  return loads.reduce((sum, { load }) => sum + (load === undefined ? 0 : recordsIn(load.open)), 0);
}

/** Whether a thread finds the same declarations that are loaded here. */
async function areFound(loads: readonly Pick<Participant, 'table'>[], module: string | undefined): Promise<boolean> {
  if (module === undefined) {
    return false;
  }
  const { declarationOf } = (await import(module)) as DeclarationModule;
  return databasesOf(loads).every(({ name, declaration }) => declarationOf(name) === declaration);
}
