/** `meridian rejects prune` */

import type { Project } from '../../../config/module.ts';
import { type KeptRejects, keptRejects } from '../../../loads/kept-rejects.ts';
import { isOpen, isOpenState } from '../../../loads/plan-run.ts';
import { RunStore } from '../../../loads/run-store.ts';
import type { RunRow } from '../../../loads/run-tables.ts';
import { retryContent } from '../../../populate/rejects/retry-source.ts';
import { currentTime } from '../../../shared/environment.ts';
import { MeridianError } from '../../../shared/errors.ts';
import { formatInstant } from '../../../shared/time/format-instant.ts';
import { formatNumber } from '../../output/format.ts';
import { renderTable } from '../../output/table.ts';
import { Output, type OutputOptions } from '../../output/terminal.ts';
import { inTables } from './kept-run.ts';

interface Options extends OutputOptions {
  readonly keep?: number;
  readonly olderThan?: number;
  readonly dryRun?: boolean;
}

const DAY_MILLISECONDS = 24 * 60 * 60 * 1000;

export async function pruneRejects(project: Project, options: Options): Promise<number> {
  const { keep, olderThan, dryRun = false } = options;
  if (keep === undefined && olderThan === undefined) {
    throw new MeridianError('usage', 'Say what to delete: --keep <number> of runs, or --older-than <days>, or both.');
  }
  const output = new Output(options);
  const before =
    olderThan === undefined
      ? undefined
      : new Date(currentTime().getTime() - olderThan * DAY_MILLISECONDS).toISOString();
  const pruned = await inTables(project, async (table) => {
    const em = table.database.fork();
    const kept = await keptRejects(table, em);
    const newest = kept.length === 0 ? undefined : await new RunStore(table).newest(em);
    const wanted = kept.filter(
      (one, index) => isToPrune(one, index, keep, before) && !(isOpen(newest) && isRetriedBy(newest, one)),
    );
    for (const { run } of dryRun ? [] : wanted) {
      await table.write(em, (transaction) => new RunStore(table).forgetRejects(transaction, run));
    }
    return wanted;
  });
  const all = pruned.flat();
  const count = formatNumber(all.reduce((sum, { rejects }) => sum + rejects, 0));
  if (all.length > 0) {
    output.say(
      renderTable(
        ['run', 'table', 'started', 'rejects'],
        all.map(({ run, table, startedAt, rejects }) => [run, table, formatInstant(startedAt), rejects]),
      ),
    );
  }
  output.say(dryRun ? `Would delete ${count} rejects.` : `Deleted ${count} rejects.`);
  output.json(all.map(({ run, table, startedAt, rejects }) => ({ run, table, startedAt, rejects })));
  return 0;
}

/** Whether a run is a retry of these rejects. */
function isRetriedBy(run: RunRow | undefined, one: KeptRejects): boolean {
  return run?.content === retryContent(one, one.rejects);
}

/** @param index the position among the runs with rejects in the table, the newest first */
function isToPrune({ state, startedAt }: KeptRejects, index: number, keep = 0, before?: string): boolean {
  // an open run can be continued, which needs its rejects
  return !isOpenState(state) && index >= keep && (before === undefined || startedAt < before);
}
