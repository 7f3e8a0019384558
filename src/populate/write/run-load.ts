/** Runs the load of one database, in any thread, and marks its run as loaded. */
import type { Entry } from '../../loads/ledger.ts';
import { RunStore } from '../../loads/run-store.ts';
import type { PopulateListener } from '../options.ts';
import { warnOfColumns } from '../record/column-warnings.ts';
import { restoreIndexes } from './deferred-indexes.ts';
import { type LoadTask, load } from './load.ts';

export interface LoadRun extends Omit<LoadTask, 'onBatch' | 'onCommit'> {
  readonly listener: PopulateListener | undefined;
  /**
   * Gets the rejected records of a batch, and returns a function that reports them after the commit; by default, the listener reports them.
   */
  readonly reportRejected?: (entries: readonly Entry[]) => () => void;
}

/** @throws MeridianError if the load stopped before the end of its source */
export async function runLoad({ listener, reportRejected, ...task }: LoadRun): Promise<void> {
  const { table, source, progress, signal } = task;
  const { name } = table;
  const reporting = reportRejected ?? ((entries: readonly Entry[]) => () => listener?.rejected?.(name, entries));
  listener?.started?.(name, source.progress());
  try {
    await load({
      ...task,
      onBatch(entries) {
        const rejected = entries.filter(({ outcome }) => outcome === 'rejected');
        return rejected.length > 0 ? reporting(rejected) : undefined;
      },
      onCommit() {
        const { read, rejected: soFar } = progress.ledger.counts;
        listener?.progressed?.(name, source.progress(), read, soFar);
      },
    });
    if (!signal.aborted) {
      await markLoaded(task);
    }
  } finally {
    listener?.loaded?.(name);
    if (source.columns === undefined) {
      // each record has its own columns, so all of them are known only now
      warnOfColumns(name, task.sourceName, task.columns, source.used, listener);
    }
  }
}

async function markLoaded({ table, em, progress, source }: Omit<LoadTask, 'onBatch' | 'onCommit'>): Promise<void> {
  const { run } = progress;
  try {
    await table.write(em, async (transaction) => {
      await progress.writeFiles(transaction, source.readFiles?.() ?? []);
      await restoreIndexes(table, transaction, run);
      await new RunStore(table).change(transaction, run, { state: 'loaded' });
    });
  } catch (error) {
    throw table.database.explain(error);
  }
}
