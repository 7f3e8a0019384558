/** Begins the run of a populate in each of its databases, or takes up the one that was killed. */
import { Ledger } from '../../loads/ledger.ts';
import { databasesOf, isOpen, planRun } from '../../loads/plan.ts';
import { changeOf, ledgerOf } from '../../loads/run-row.ts';
import { RunStore } from '../../loads/run-store.ts';
import type { RunRow } from '../../loads/run-tables.ts';
import { settleAll } from '../../shared/async/settle.ts';
import { MeridianError } from '../../shared/errors.ts';
import { abandonRuns } from '../check/abandon-runs.ts';
import type { PopulateOptions } from '../options.ts';
import type { Loading, Participant } from '../participant.ts';
import { recordsIn } from '../read/source.ts';
import { putOffIndexes } from '../write/deferred-indexes.ts';
import { LoadProgress } from './load-progress.ts';

/** Records from which indexes that are made at the end cost less than indexes that grow with the table. */
const LARGE_RECORDS = 100_000;

export async function beginRun(participants: readonly Participant[], options: PopulateOptions): Promise<void> {
  const { restart = false, dryRun = false, listener } = options;
  const loads = participants.flatMap(({ database, em, loading }) => (loading ? [{ ...loading, database, em }] : []));
  const plan = await planRun(loads, restart || dryRun);
  const files = await abandonRuns(plan.abandoned, participants, !dryRun);
  // a dry run leaves it as it is
  for (const { database, row } of dryRun ? [] : plan.abandoned) {
    const file = files.get(database);
    const rejects = file === undefined ? '' : ` What it rejected is in ${file}.`;
    listener?.warned?.(
      database,
      `${database}: the run of ${row.startedAt} over ${row.source} was stopped after ${row.read} records and is not continued; what it brought in stays in, but for records that point at nothing.${rejects}`,
    );
  }
  await settleAll(
    participants.map(async (one) => {
      const { loading } = one;
      if (!loading) {
        return;
      }
      const row = plan.continued.get(one.database.name);
      if (row === undefined) {
        await begin(one, loading, plan.id, databasesOf(loads));
      } else {
        take(one, loading, row);
        listener?.continued?.(one.database.name, row);
      }
    }),
  );
}

async function begin(
  { database, em, shape }: Participant,
  loading: Loading,
  id: string,
  databases: string,
): Promise<void> {
  const now = new Date().toISOString();
  const { source, content, settings } = loading;
  loading.progress = new LoadProgress(database, shape, id);
  const row: RunRow = {
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
    await database.write(em, async (transaction) => {
      const isFilled = recordsIn(loading.open) >= LARGE_RECORDS && !(await database.holdsRows(transaction));
      const indexes = isFilled ? await putOffIndexes(database, transaction) : null;
      await new RunStore(database).begin(transaction, { ...row, indexes });
    });
  } catch (error) {
    throw database.explain(error);
  }
}

function take({ database, shape }: Participant, loading: Loading, row: RunRow): void {
  loading.continued = row;
  loading.progress = new LoadProgress(database, shape, row.id, { ledger: ledgerOf(row) });
  if (!isOpen(row)) {
    loading.hasEnded = true;
    loading.seconds = row.seconds;
    loading.failure = row.failure === null ? undefined : new MeridianError('database', row.failure);
  }
}
