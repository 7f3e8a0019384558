/** Where the loads of a populate run: each in a thread of its own, or all in this one. */
import { catalog } from '../../databases/catalog.ts';
import type { PopulateOptions } from '../options.ts';
import type { Participant } from '../participant.ts';

/** Bytes of source from which the parallel work of threads outweighs the time that they take to start. */
const THREAD_BYTES = 8 * 1024 * 1024;

/**
 * Threads pay when several databases load much. They need a source and a declaration that a thread can find by itself,
 * and connections of their own, which see nothing of the one open transaction of a dry run.
 */
export function useThreads(participants: readonly Participant[], options: PopulateOptions): boolean {
  const loads = participants.flatMap(({ database, loading }) => (loading ? [{ database, loading }] : []));
  const bytes = loads.reduce((sum, { loading }) => sum + (loading.open.progress().bytesTotal ?? 0), 0);
  return (
    loads.length > 1 &&
    !options.dryRun &&
    options.catalog === catalog &&
    loads.every(({ database, loading }) => loading.source.spec !== undefined && !database.isInMemory) &&
    bytes >= (options.threadBytes ?? THREAD_BYTES)
  );
}
