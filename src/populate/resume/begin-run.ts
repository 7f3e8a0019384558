/** Starts the run of a populate in each of its databases, or continues a stopped one. */

import { Ledger } from '../../loads/ledger.ts';
import { planRun, tablesIn } from '../../loads/plan-run.ts';
import { addLaterFiles } from '../../loads/run-files.ts';
import { changeOf, ledgerOf } from '../../loads/run-row.ts';
import { RunStore } from '../../loads/run-store.ts';
import type { RunRow } from '../../loads/run-tables.ts';
import { timestamp } from '../../shared/environment.ts';
import { completeReverts, endAllOrNothing } from '../all-or-nothing/earlier-runs.ts';
import { abandonRuns } from '../check/abandon-runs.ts';
import type { PreparedLoad } from '../load-state.ts';
import type { PopulateOptions } from '../options.ts';
import { advance, eachTable, type Participant, type Target } from '../participant.ts';
import { recordsIn } from '../read/source.ts';
import { deferIndexes } from '../write/deferred-indexes.ts';
import { LoadProgress } from './load-progress.ts';

/** From so many records on, creating indexes at the end costs less than updating them with each row. */
const LARGE_RECORDS = 100_000;

export async function beginRun(participants: readonly Participant[], options: PopulateOptions): Promise<void> {
  const { restart = false, dryRun = false, listener } = options;
  const warn = ({ table, text }: { readonly table: string; readonly text: string }) => {
    // a dry run cannot revert them permanently
    if (!dryRun) {
      listener?.warned?.(table, text);
    }
  };
  const loads = participants.flatMap(({ table, em, load }) =>
    // added files do not make it another source
    load?.state === 'prepared'
      ? [
          {
            ...load,
            content: load.grownFrom ?? load.content,
            settings: load.grownSettings ?? load.settings,
            table,
            em,
          },
        ]
      : [],
  );
  const targets = participants.filter(({ load }) => load !== undefined);
  for (const sentence of await completeReverts(targets)) {
    warn(sentence);
  }
  const plan = await planRun(loads, restart || dryRun);
  const reverted = await endAllOrNothing(plan.abandoned, targets, options);
  const abandoned = plan.abandoned.filter((run) => !reverted.includes(run));
  const files = await abandonRuns(abandoned, participants, !dryRun);
  for (const { table, row } of reverted) {
    warn({
      table,
      text: `${table}: the run of ${row.startedAt} over ${row.source}, which loads everything or nothing, was stopped after ${row.read} records and is not continued. Its rows have been reverted.`,
    });
  }
  // a dry run does not end them
  for (const { table, row } of dryRun ? [] : abandoned) {
    const file = files.get(table);
    const rejects = file === undefined ? '' : ` Its rejected records are in ${file}.`;
    listener?.warned?.(
      table,
      `${table}: the run of ${row.startedAt} over ${row.source} was stopped after ${row.read} records and is not continued. Its records stay in, except those whose references do not exist.${rejects}`,
    );
  }
  await eachTable(participants, async (one) => {
    const { table, shape, load } = one;
    if (load?.state !== 'prepared') {
      return;
    }
    const run = plan.continued.get(table.name);
    if (run === undefined) {
      await writeRun(one, load, plan.id, tablesIn(loads));
      advance(one, { kind: 'begun', progress: new LoadProgress(table, shape, plan.id) });
    } else {
      if (load.grownFrom !== undefined && run.state === 'loading') {
        await noteLaterFiles(one, load, run.id);
      }
      const progress = new LoadProgress(table, shape, run.id, { ledger: ledgerOf(run) });
      advance(one, { kind: 'continued', progress, run });
      listener?.continued?.(table.name, run);
    }
    listener?.begun?.(table.name, run?.id ?? plan.id);
  });
}

async function noteLaterFiles({ table, em }: Target, load: PreparedLoad, run: string): Promise<void> {
  const { source, content, settings } = load;
  try {
    await table.write(em, async (transaction) => {
      await new RunStore(table).change(transaction, run, { source: source.name, content, settings });
      await addLaterFiles(table, transaction, run, source.files ?? []);
    });
  } catch (error) {
    throw table.database.explain(error);
  }
}

/** Writes the row of a new run. */
async function writeRun({ table, em }: Target, load: PreparedLoad, id: string, databases: string): Promise<void> {
  const now = timestamp();
  const { source, content, settings, open } = load;
  const row: Omit<RunRow, 'entity'> = {
    ...(changeOf(new Ledger()) as Pick<RunRow, 'reasons' | 'details'> & ReturnType<typeof changeOf>),
    id,
    source: source.name,
    content,
    settings,
    databases,
    state: 'loading',
    seconds: 0,
    failure: null,
    indexes: null,
    startedAt: now,
    updatedAt: now,
  };
  try {
    await table.write(em, async (transaction) => {
      const isFilled = recordsIn(open) >= LARGE_RECORDS && !(await table.holdsRows(transaction));
      const indexes = isFilled ? await deferIndexes(table, transaction) : null;
      const store = new RunStore(table);
      await store.begin(transaction, { ...row, indexes });
      await store.addFiles(transaction, id, source.files ?? []);
    });
  } catch (error) {
    throw table.database.explain(error);
  }
}
