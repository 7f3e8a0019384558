/** Runs the load of one database, wherever it runs, and says in the end that all of it is in. */
import type { Database, EntityManager } from '../../database/database.ts';
import { RunStore } from '../../loads/run-store.ts';
import type { PopulateListener } from '../options.ts';
import type { Columns } from '../record/columns.ts';
import { bringBackIndexes } from './deferred-indexes.ts';
import { type LoadTask, load } from './load.ts';

export interface LoadRun extends Omit<LoadTask, 'onBatch'> {
  readonly listener: PopulateListener | undefined;
}

/** @throws MeridianError what stopped it before the end of its source */
export async function runLoad({ listener, ...task }: LoadRun): Promise<void> {
  const { database, em, source, progress, signal } = task;
  const { name } = database;
  listener?.started?.(name, source.progress());
  try {
    await load({
      ...task,
      onBatch(entries) {
        const rejected = entries.filter(({ outcome }) => outcome === 'rejected');
        if (rejected.length > 0) {
          listener?.rejected?.(name, rejected);
        }
        listener?.progressed?.(name, source.progress(), progress.ledger.counts.read);
      },
    });
    if (!signal.aborted) {
      await markLoaded(database, em, progress.run);
    }
  } finally {
    listener?.loaded?.(name);
    if (source.columns === undefined) {
      // each record has named its own columns, so only now is it known which there were
      warnOfColumns(name, task.sourceName, task.columns, source.used, listener);
    }
  }
}

async function markLoaded(database: Database, em: EntityManager, run: string): Promise<void> {
  try {
    await database.write(em, async (transaction) => {
      await bringBackIndexes(database, transaction, run);
      await new RunStore(database).change(transaction, run, { state: 'loaded' });
    });
  } catch (error) {
    throw database.explain(error);
  }
}

/** Says what is odd about the columns of a source. */
export function warnOfColumns(
  database: string,
  source: string,
  columns: Pick<Columns, 'ignoredBeside' | 'unmet'>,
  used: readonly string[] | undefined,
  listener: PopulateListener | undefined,
): void {
  for (const column of columns.unmet) {
    listener?.warned?.(database, `${source}: no record has a column "${column}", which --map names.`);
  }
  const ignored = columns.ignoredBeside(used ?? []);
  if (ignored.length > 0) {
    const [noun, they] = ignored.length === 1 ? ['column', 'it is'] : ['columns', 'they are'];
    listener?.warned?.(database, `${source}: no property takes the ${noun} ${ignored.join(', ')}; ${they} ignored.`);
  }
}
